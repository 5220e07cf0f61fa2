/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A timer that wakes the CPU, for the check of safe_halt and halt: the
 * firmware's own tick, let in for the while.
 *
 * Source: UEFI Specification, "EFI_BOOT_SERVICES.SetTimer()": a periodic timer of
 * trigger time 0 is signalled at every tick.
 */
#include "app.h"

static EFI_EVENT event;
static volatile uint32_t ticks;

static VOID EFIAPI count_tick(EFI_EVENT e, VOID *ctx)
{
	(void)e, (void)ctx;
	ticks++;
}

/* Only a timer that has been seen to tick may be waited for with HLT. */
static bool ticks_at_all(void)
{
	uint32_t before = ticks;

	for (int ms = 0; ms < 200 && ticks == before; ms++)
		app.bs->Stall(1000);
	return ticks != before;
}

bool timer_start(void *ctx)
{
	quiet_abort();
	if (EFI_ERROR(app.bs->CreateEvent(EVT_TIMER | EVT_NOTIFY_SIGNAL,
					  TPL_CALLBACK, count_tick, NULL, &event))) {
		quiet_begin(NULL);
		return false;
	}
	app.bs->SetTimer(event, TimerPeriodic, 0);
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
	app.bs->SetTimer(event, TimerCancel, 0);
	app.bs->CloseEvent(event);
	cpu_set_if(true);		/* as when the window was opened */
	quiet_begin(NULL);
}

uint32_t timer_count(void *ctx)
{
	(void)ctx;
	return ticks;
}
