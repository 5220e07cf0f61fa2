/* SPDX-License-Identifier: GPL-2.0-only */
/* The boot CPU sleeps while another times, see sleep.h. */
#include "cpu/apic.h"
#include "cpu/cpu.h"
#include "sleep.h"

/* Numbers of windows: the one that is wanted, the one that the boot CPU sleeps through (0:
 * it is up), and the last that is over.  Each on a line of its own: MONITOR watches one,
 * and stores to the others are no reason to wake. */
static struct {
	volatile uint32_t wanted __attribute__((aligned(128)));
	volatile uint32_t asleep __attribute__((aligned(128)));
	volatile uint32_t over __attribute__((aligned(128)));
} window __attribute__((aligned(128)));

static bool use_mwait;
static uint32_t boot_apic;

void nap_prepare(bool mwait, uint32_t boot)
{
	use_mwait = mwait;
	boot_apic = boot;
	window.wanted = window.asleep = window.over = 0;
}

/* Stores before it are seen before loads behind it are done. */
static void order(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void pause_for(unsigned turns)
{
	while (turns--)
		asm volatile("pause" : : : "memory");
}

void nap_begin(void)
{
	uint32_t number = window.over + 1;

	window.wanted = number;
	while (window.asleep != number)
		asm volatile("pause" : : : "memory");
}

void nap_end(void)
{
	uint32_t number = window.wanted;

	if (window.over == number)
		return;
	window.over = number;
	order();
	while (window.asleep == number) {
		if (!use_mwait)
			apic_send_nmi(boot_apic);
		for (unsigned i = 0; i < 100 && window.asleep == number; i++)
			pause_for(10);
	}
}

/* By the line: a store to it since MONITOR makes MWAIT go on at once. */
static void wait_for_store(uint32_t number)
{
	asm volatile("monitor" : : "a" (&window.over), "c" (0), "d" (0) : "memory");
	if (window.over != number)
		asm volatile("mwait" : : "a" (0), "c" (0) : "memory");
}

static void wait_for_nmi(uint32_t number)
{
	if (window.over != number)
		asm volatile("hlt" : : : "memory");
}

bool nap(void)
{
	uint32_t number = window.wanted;
	bool on;

	if (window.over == number)
		return false;
	on = cpu_irqs_off();
	window.asleep = number;
	order();
	while (window.over != number) {
		if (use_mwait)
			wait_for_store(number);
		else
			wait_for_nmi(number);
	}
	window.asleep = 0;
	cpu_set_if(on);
	pause_for(64);
	return true;
}
