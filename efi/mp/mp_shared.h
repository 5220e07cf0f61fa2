/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the boot CPU and the other CPUs have between them.
 *
 * Each other CPU takes one element of mp.cpu as it comes.  While it runs only it writes
 * there.  The boot CPU asks by mp.ask and by an interrupt, and reads the answers; the rest
 * of an element it reads and clears while that CPU stands still at a point, or is gone.
 */
#ifndef MP_SHARED_H
#define MP_SHARED_H

#include <stdbool.h>
#include <stdint.h>
#include "cpu/apic.h"
#include "cpu/percpu.h"
#include "live/live_ask.h"
#include "live/live_batch.h"
#include "live/live_trap.h"
#include "paravirt/pv_memory.h"

/* Other CPUs that are used, at most; the rest is given back at once. */
#define MP_CPUS		15

/* How long a CPU is waited for. */
#define MP_PATIENCE_MS	2000

/* What each lends: the table of its interrupts, its per-CPU segment, of its local APIC what
 * delivers, and of the flags IF. */
struct mp_loan {
	struct native_dtr idtr;
	struct percpu_state segment;
	struct apic_here apic;
	unsigned long flags;
};

/* What a CPU took while it was ours. */
struct mp_counts {
	uint32_t asked;			/* interrupts that ask */
	uint32_t owed;			/* of these, not answered at once */
	uint32_t strays;		/* interrupts of anybody else */
	uint32_t int3[LIVE_COUNT];	/* INT3s, by what the site was */
	uint32_t again;			/* INT3s that were gone, or over */
};

/* An exception that ended what a CPU ran: where, and the error code that the CPU pushed. */
struct mp_exception {
	bool taken;			/* written last */
	uint8_t vector;
	uintptr_t ip, error;
};

/**
 * struct mp_cpu - one of the other CPUs.
 * @pv:       its own paravirt memory.  It comes first: the segment's base is its address.
 * @live:     what it has answered.
 * @apic:     its number, for interrupts to it.
 * @here:     it runs what it was taken for.
 * @done:     its visit is over: what it lent is put back.
 * @refused:  why it cannot take part, or NULL.
 * @not_put_back: what it did not find again after its loan, or NULL.
 * @found, @own: its loan as it was, and as it is while it is here.
 * @landing:  where an exception goes on: a stack.
 */
struct mp_cpu {
	struct pv_memory pv;
	struct live_cpu live;
	uint32_t apic;
	volatile bool here, done;
	const char *refused, *not_put_back;
	struct mp_loan found, own;
	uintptr_t landing;
	struct mp_exception exception;
	struct mp_counts counts;
} __attribute__((aligned(64)));

/**
 * struct mp_work - what the other CPUs are taken for.
 * @run:  what each runs, once; IF is off when it is called.  It comes back when
 *        mp_leaving() is true.  An exception in it ends it: it is noted, no more.
 * @ended: after that, on the same CPU, also where an exception ended it; IF may be as it
 *        was then; NULL: nothing is to be done.
 * @is_quiet: of an interrupted instruction: see live_batch.h.
 * @batch: for INT3s.
 * @threads: CPUs are threads of an emulator: whoever waits for others halts.
 */
struct mp_work {
	void (*run)(struct mp_cpu *c);
	void (*ended)(struct mp_cpu *c);
	bool (*is_quiet)(uintptr_t ip);
	const struct live_batch *batch;
	bool threads;
};

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

/* NMIs that the other CPUs took, since the start: an NMI ends at its entry. */
extern volatile uint32_t mp_nmis;

/* Has CPU @i of the array said what the boot CPU waits for?  Have all?  One that took an
 * exception says nothing any more, and is not waited for. */
bool mp_has_said(unsigned i);
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

/* Has it taken an exception, or ended? */
static inline bool mp_fell(const struct mp_cpu *c)
{
	return __atomic_load_n(&c->exception.taken, __ATOMIC_ACQUIRE) || c->done;
}

#endif
