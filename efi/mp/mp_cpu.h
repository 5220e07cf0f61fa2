/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two halves of mp.h share: the boot CPU's (mp.c), the others' (mp_cpu.c). */
#ifndef MP_CPU_H
#define MP_CPU_H

#include "mp.h"

#define MP_VECTOR	0xf2

struct mp {
	struct mp_cpu cpu[MP_CPUS];
	volatile uint32_t claimed;	/* of the array, by CPUs as they come */
	volatile bool leaving;
	struct live_ask ask;
	unsigned count;			/* of the array that are in use */
	uint32_t awaited;		/* the number the boot CPU waits for, */
	bool arrived;			/* as arrived, not as answered */
	uint32_t boot;			/* the boot CPU's APIC */
	volatile bool asleep;		/* it waits for an NMI, see mp_sleep_order() */
	volatile uint32_t woken;	/* NMIs sent to it for that */
	struct mp_work work;
};
extern struct mp mp;

/* Fills the table that all of them load. */
void mp_fill_table(void);

/* Have all of them said what the boot CPU waits for?  One that took an exception says
 * nothing any more, and is not waited for. */
bool mp_all_said(void);

/*
 * The boot CPU says that it sleeps, and then looks whether there is anything to wait
 * for; another answers, and then looks whether the boot CPU sleeps.  Between the two
 * on each side, as loads may come before older stores: at least one then sees the other.
 * Source: Intel SDM Vol. 3A, "Memory Ordering in P6 and More Recent Processor Families".
 */
static inline void mp_sleep_order(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline bool mp_fell(const struct mp_cpu *c)
{
	return __atomic_load_n(&c->exception.taken, __ATOMIC_ACQUIRE) || c->done;
}

/* One CPU's whole visit. */
void mp_visit(void);

#endif
