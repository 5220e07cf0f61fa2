/* SPDX-License-Identifier: GPL-2.0-only */
/* The application, from the firmware's call to its return. */
#include "cpu/cpu.h"
#include "firmware/console.h"
#include "firmware/firmware.h"
#include "quiet/quiet.h"
#include "configure.h"
#include "cpu/counters.h"
#include "gather/gather.h"
#include "cpu/guard.h"
#include "mp/mp.h"
#include "firmware/ports.h"
#include "paravirt/pv_memory.h"
#include "report/report.h"
#include "cpu/serialise.h"
#include "session.h"
#include "writer/writer.h"

struct app app;

/* TSC when the firmware called. */
static uint64_t began;

#define DEBUG_EXIT_PORT	0xf4

/* Bochs ends when it has been told "Shutdown" here, byte by byte. */
#define BOCHS_EXIT_PORT	0x8900

/* Leaves, as the configuration says.  Returns only where that is to return to
 * the firmware. */
static void leave(enum exit_word v)
{
	if (app.config.exit == EXIT_DEBUG)
		cpu_out32(DEBUG_EXIT_PORT, v);
	counters_close();
	guard_close();
	for (const char *s = "Shutdown"; app.config.exit == EXIT_BOCHS && *s; s++)
		cpu_out8(BOCHS_EXIT_PORT, (uint8_t)*s);
	if (app.config.exit == EXIT_KEY) {
		sink_printf(console, "Press a key to %s.\n", mp_is_lost()
			    ? "switch the machine off" : "return to the firmware");
		console_key();
	}
	if (app.config.exit == EXIT_SHUTDOWN || mp_is_lost())
		app.st->RuntimeServices->ResetSystem(EfiResetShutdown,
						     EFI_SUCCESS, 0, NULL);
}

EFI_STATUS app_end(enum exit_word v, const char *status)
{
	uint64_t khz = app.env.tsc_hz / 1000;
	uint64_t ms = khz ? (cpu_tsc_begin() - began) / khz : 0;

	const char *why;

	quiet_say(serial);
	why = writer_close();
	if (why)
		sink_printf(console, "parapatch: %s; a report that was saved does not say so\n",
			    why);
	if (why && v == EXIT_WORD_OK) {
		v = EXIT_WORD_CHECK_FAILED;
		status = report_status_names[REPORT_CHECK_FAILED];
	}
	ports_say_lost();
	sink_printf(serial_last, "parapatch end status=%s app_ms=%u\n", status,
		    (unsigned)ms);
	leave(v);
	return v == EXIT_WORD_OK ? EFI_SUCCESS : EFI_ABORTED;
}

/* CR4.CET where the firmware called with it, see entry.S. */
extern const uint32_t cet_found;

/* For a way out that does not return to where it was switched off: Exit() takes
 * SSP back to where it was when the firmware called. */
static inline __attribute__((always_inline)) void put_back_cet(void)
{
	unsigned long cr4;

	if (!cet_found)
		return;
	asm volatile("mov %%cr4, %0" : "=r" (cr4));
	asm volatile("mov %0, %%cr4" : : "r" (cr4 | cet_found) : "memory");
}

static void trapped(enum op op)
{
	quiet_abort();
	sink_printf(console, "parapatch: op %s was called: %s\n", op_info[op].name,
		    op_info[op].class == OP_CLASS_trap
		    ? "it has no meaning in a UEFI application, nothing here may call it"
		    : "what it needs was not prepared, or it could not do its work");
	session_unload();
	app_end(EXIT_WORD_REFUSED, "trapped");
	session_put();
	put_back_cet();
	app.bs->Exit(app.image, EFI_UNSUPPORTED, 0, NULL);
	/* What called the op has nothing left to go on with. */
	for (;;)
		asm volatile("cli; hlt");
}

static void say_environment(const struct environment *env)
{
	char mhz[24];
	uint64_t khz = env->tsc_hz / 1000;

	text_format(mhz, sizeof(mhz), "%u.%03u", (unsigned)(khz / 1000),
		    (unsigned)(khz % 1000));
	sink_printf(console, "parapatch %s %s: %s%s%s\n", env->version, env->arch,
		    env->brand[0] ? env->brand : env->cpu.vendor,
		    env->hypervisor[0] ? ", hypervisor " : "", env->hypervisor);
	if (env->emulator.name && !env->hypervisor[0])
		sink_printf(console, "No CPU runs this, an emulator does: %s (by: %s)\n",
			    env->emulator.name, env->emulator.sign);
	sink_printf(console, "TSC %s MHz by %s%s; %s\n", mhz, env->tsc_source,
		    env->invariant_tsc ? "" : ", not said to be invariant",
		    env->firmware);
	if (env->tsc.doubt[0])
		sink_printf(console, "TSC in doubt: %s\n", env->tsc.doubt);
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	const struct cpuid cpuid = cpuid_open(cpu_cpuid);
	const char *lacks = cpu_lacks();
	struct cycles_source cycles;
	const char *why;

	began = lacks ? 0 : cpu_tsc_begin();
	app.image = image;
	app.st = st;
	app.bs = st->BootServices;
	app.bs->SetWatchdogTimer(0, 0, 0, NULL);
	console_open();
	config_preset(&app.config);
	op_trap_install(trapped);
	pv_memory_open();
	sink_printf(console, "\n");
	switch (configure()) {
	case CONFIGURED:
		break;
	case CONFIGURED_HELP:
		return app_end(EXIT_WORD_OK, "help");
	case CONFIGURED_BADLY:
		return app_end(EXIT_WORD_BAD_CONFIG, "bad-config");
	}
	if (lacks) {
		sink_printf(console, "parapatch: this CPU lacks %s; it cannot be measured here\n", lacks);
		return app_end(EXIT_WORD_REFUSED, "refused");
	}
	serialise_choose();
	environment_gather(&app.env);
	app.env.text_written.cet = cet_found ? "on, switched off for the run" : "off";
	why = writer_open();			/* app_end() closes it */
	environment_lines(&app.env, serial);
	say_environment(&app.env);
	if (why) {
		sink_printf(console, "parapatch: %s; nothing was patched\n", why);
		return app_end(EXIT_WORD_REFUSED, "refused");
	}
	cycles = counters_open(&cpuid);		/* leave() closes them */
	return session(&cycles);
}
