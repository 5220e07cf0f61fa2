/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A timer that wakes the CPU, for the check of safe_halt and halt: the
 * firmware's own tick, let in for the while.
 *
 * Source: UEFI Specification, "EFI_BOOT_SERVICES.SetTimer()": a periodic timer of
 * trigger time 0 is signalled at every tick.
 */
#include "cpu/cpu.h"
#include "cpu/ticks.h"
#include "firmware/firmware.h"
#include "lib/patience.h"
#include "quiet/quiet.h"
#include "wake_timer.h"

static EFI_EVENT timer_event;
static volatile uint32_t timer_ticks;

static VOID EFIAPI count_tick(EFI_EVENT e, VOID *ctx)
{
	(void)e, (void)ctx;
	timer_ticks++;
}

/* Only a timer that has been seen to interrupt may be waited for with HLT.  So
 * the wait is for the TSC: Stall() may poll, and a firmware that does (U-Boot)
 * signals its timers from there and has no interrupt at all.  A second: in Bochs a tick
 * comes every few tenths of one, by the TSC. */
static bool ticks_at_all(void)
{
	struct patience p = patience_begin(cpu_tsc_begin(), ticks_hz());
	uint32_t before = timer_ticks;

	while (timer_ticks == before && !patience_ends(&p, cpu_tsc_begin()))
		asm volatile("pause");
	return timer_ticks != before;
}

bool timer_start(void *ctx)
{
	quiet_abort();
	if (EFI_ERROR(firmware.bs->CreateEvent(EVT_TIMER | EVT_NOTIFY_SIGNAL,
					  TPL_CALLBACK, count_tick, NULL, &timer_event))) {
		quiet_begin(NULL);
		return false;
	}
	firmware.bs->SetTimer(timer_event, TimerPeriodic, 0);
	if (!ticks_at_all()) {
		timer_stop(ctx);
		return false;
	}
	cpu_set_if(false);
	return true;
}

void timer_stop(void *ctx)
{
	(void)ctx;
	firmware.bs->SetTimer(timer_event, TimerCancel, 0);
	firmware.bs->CloseEvent(timer_event);
	cpu_set_if(true);		/* as when the window was opened */
	quiet_begin(NULL);
}

uint32_t timer_count(void *ctx)
{
	(void)ctx;
	return timer_ticks;
}
