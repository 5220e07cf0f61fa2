/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking the other CPUs, see mp_ask.h. */
#include "cpu/cpu.h"
#include "cpu/ticks.h"
#include "lib/patience.h"
#include "mp_ask.h"

static uint32_t ipis_sent, ipis_resent;
static uint64_t patience_ticks, resend_ticks;

void mp_ask_begin(void)
{
	ipis_sent = ipis_resent = 0;
	patience_ticks = ticks_of_ms(MP_PATIENCE_MS);
	resend_ticks = ticks_of_ms(1);
}

/* To all: so a question is so many interrupts, whoever has passed a point just now. */
static void send(void)
{
	for (unsigned i = 0; i < mp.count; i++)
		apic_send(mp.cpu[i].apic, MP_VECTOR);
	ipis_sent += mp.count;
}

/* To those that have not said it yet. */
static void send_again(void)
{
	for (unsigned i = 0; i < mp.count; i++) {
		if (mp_has_said(i))
			continue;
		apic_send(mp.cpu[i].apic, MP_VECTOR);
		ipis_resent++;
	}
}

/*
 * In QEMU's TCG each CPU is a thread.  A locked access that is not aligned makes this
 * one wait until every other is between two translated blocks: what they were
 * translating is then done.  And where there are more CPUs than cores, those that are
 * waited for get to run.  Within a cache line it is an access that a CPU does not mind.
 */
void mp_settle(void)
{
	static struct {
		uint8_t odd;
		volatile uint32_t word;
	} __attribute__((packed, aligned(64))) line;

	asm volatile("lock orl $0, %0" : "+m" (line.word) : : "memory", "cc");
}

/* Has one of them come to an end that it should not have? */
static bool one_fell(void)
{
	for (unsigned i = 0; i < mp.count; i++)
		if (mp_fell(&mp.cpu[i]))
			return true;
	return false;
}

/*
 * Waits a little.  In an emulator a CPU that spins may keep those that it waits for
 * from a core of the host's: there it halts until one of them, which see that it
 * sleeps, sends an NMI; or an interrupt comes, where IF is on, as it is not in a
 * window.  The guard counts the NMI and ends it.
 */
static void cpu_relax(bool sleep)
{
	for (unsigned i = 0; i < 100; i++)
		asm volatile("pause" : : : "memory");
	if (!sleep)
		return;
	mp.asleep = true;
	mp_sleep_order();
	if (!mp_all_said())
		asm volatile("hlt" : : : "memory");
	mp.asleep = false;
}

static void expect(uint32_t number, bool arrived)
{
	mp.arrived = arrived;
	mp.awaited = number;
}

/* One that was interrupted where it may not answer is asked again.  Where one fell the
 * others are waited for all the same: what they still see is then whole. */
static bool await_answers(void)
{
	struct patience all = patience_begin(cpu_tsc_begin(), patience_ticks);
	struct patience once = patience_begin(all.last, resend_ticks);

	while (!mp_all_said()) {
		cpu_relax(mp.work.threads);
		if (patience_ends(&all, cpu_tsc_begin()))
			return false;
		if (patience_ends(&once, all.last)) {
			send_again();
			once = patience_begin(all.last, resend_ticks);
		}
	}
	return !one_fell();
}

bool mp_ask(void *ctx, bool quiet)
{
	(void)ctx;
	expect(live_ask(&mp.ask, quiet, false), false);
	send();
	return await_answers();
}

bool mp_stop(void)
{
	expect(live_ask(&mp.ask, true, true), true);
	send();
	if (await_answers())
		return true;
	live_release(&mp.ask);
	return false;
}

bool mp_release(void)
{
	expect(mp.ask.number, false);
	live_release(&mp.ask);
	return await_answers();
}

uint32_t mp_sent(void)
{
	return ipis_sent;
}

uint32_t mp_resent(void)
{
	return ipis_resent;
}
