/* SPDX-License-Identifier: GPL-2.0-only */
/* The application's end, see exit.h. */
#include "cpu/counters.h"
#include "cpu/cpu.h"
#include "cpu/guard.h"
#include "cpu/ticks.h"
#include "exit.h"
#include "firmware/console.h"
#include "firmware/firmware.h"
#include "firmware/ports.h"
#include "mp/mp.h"
#include "quiet/disturbances.h"
#include "report/report.h"
#include "writer/writer_open.h"

/* TSC when the firmware called. */
static uint64_t tsc_at_begin;

/* What the time that the end marker has is called. */
static const char *time_key = "app_ms";

void app_begin(void)
{
	tsc_at_begin = cpu_lacks() ? 0 : cpu_tsc_begin();
}

void app_time_is_guests(void)
{
	time_key = "app_guest_ms";
}

#define DEBUG_EXIT_PORT	0xf4

/* Bochs ends when it has been told "Shutdown" here, byte by byte. */
#define BOCHS_EXIT_PORT	0x8900

/* Leaves, as the configuration says.  Returns only where that is to return to
 * the firmware. */
static void leave(enum exit_id way, enum exit_word v)
{
	if (way == EXIT_DEBUG)
		cpu_out32(DEBUG_EXIT_PORT, v);
	guard_close();
	for (const char *s = "Shutdown"; way == EXIT_BOCHS && *s; s++)
		cpu_out8(BOCHS_EXIT_PORT, (uint8_t)*s);
	if (way == EXIT_KEY) {
		sink_printf(console, "Press a key to %s.\n", mp_is_lost()
			    ? "switch the machine off" : "return to the firmware");
		console_key();
	}
	if (way == EXIT_SHUTDOWN || mp_is_lost())
		firmware.st->RuntimeServices->ResetSystem(EfiResetShutdown,
						     EFI_SUCCESS, 0, NULL);
}

/* What changed is put back, and what did not come back is told.  False: something did
 * not. */
static bool give_back(void)
{
	const char *pages = writer_close(), *counter = counters_close();

	if (pages)
		sink_printf(console, "parapatch: %s; a report that was saved does not say so\n",
			    pages);
	if (counter)
		sink_printf(console, "parapatch: the counter of core cycles: %s is not as it "
			    "was found\n", counter);
	return !pages && !counter;
}

EFI_STATUS app_end(enum exit_id way, enum exit_word v, const char *status)
{
	uint64_t khz = ticks_hz() / 1000;
	uint64_t ms = khz ? (cpu_tsc_begin() - tsc_at_begin) / khz : 0;

	disturbances_say(serial);
	if (!give_back() && v == EXIT_WORD_OK) {
		v = EXIT_WORD_CHECK_FAILED;
		status = report_status_names[REPORT_CHECK_FAILED];
	}
	ports_say_lost(console);
	sink_printf(serial_last, "parapatch end status=%s %s=%u\n", status,
		    time_key, (unsigned)ms);
	leave(way, v);
	return v == EXIT_WORD_OK ? EFI_SUCCESS : EFI_ABORTED;
}
