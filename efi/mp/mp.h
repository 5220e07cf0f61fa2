/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other CPUs: lent by the firmware, with an interrupt table, a per-CPU segment and
 * interrupts of our own, for as long as mp_start() to mp_finish().
 */
#ifndef MP_H
#define MP_H

#include <stdbool.h>
#include <stdint.h>
#include "cpu/apic.h"
#include "live/live_batch.h"
#include "cpu/percpu.h"
#include "paravirt/pv_memory.h"

/* Other CPUs that are used, at most; the rest is given back at once. */
#define MP_CPUS		15

/* What each lends. */
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

struct mp_exception {
	bool taken;			/* written last */
	uint8_t vector;
	uintptr_t ip, error;
};

/* @pv comes first: the segment's base is its address. */
struct mp_cpu {
	struct pv_memory pv;
	struct live_cpu live;
	uint32_t apic;
	volatile bool here, done;
	const char *refused;		/* why it cannot take part */
	const char *not_put_back;	/* what it did not find again */
	struct mp_loan found, own;
	uintptr_t landing;		/* where an exception goes on: a stack */
	struct mp_exception exception;
	struct mp_counts counts;
	void *work;			/* the caller's */
} __attribute__((aligned(64)));

/**
 * struct mp_work - what the other CPUs are taken for.
 * @run:  what each runs, once; IF is off when it is called.  It comes back when
 *        mp_leaving() is true.  An exception in it ends it: it is noted, no more.
 * @is_quiet: of an interrupted instruction: see live_batch.h.
 * @batch: for INT3s.
 * @threads: CPUs are threads of an emulator: whoever waits for others halts.
 */
struct mp_work {
	void (*run)(struct mp_cpu *c);
	bool (*is_quiet)(uintptr_t ip);
	const struct live_batch *batch;
	bool threads;
};

/**
 * mp_start - take the other CPUs.
 * IF must be on, the guard open.  They answer questions (mp_ask()) by interrupt as
 * long as IF is on in what they run, at INT3s, and at mp_point().
 *
 * Return: NULL, or why there is none; then nothing is owed, unless mp_is_lost().
 */
const char *mp_start(const struct mp_work *work);

/* Has it found none because there are none: one CPU, or firmware without MP services?
 * Else it has not got what there is, which is a failure. */
bool mp_is_alone(void);

/* How many there are, after mp_start(): 1 to MP_CPUS; and each. */
unsigned mp_count(void);
struct mp_cpu *mp_cpu(unsigned i);

/* Of the machine, the boot CPU with them; 0: not known. */
unsigned mp_machine_cpus(void);

/* What work is to look at, often. */
bool mp_leaving(void);
/* A quiet point: where work stands still or answers, if it is asked. */
void mp_point(struct mp_cpu *c);

/**
 * mp_ask - ask all of them, and wait until each has answered.
 * For struct live_others.
 *
 * MP_PATIENCE_MS is the bound where CPUs are CPUs.  In an emulator the boot CPU halts
 * meanwhile, in a window with IF off, until another sends it an NMI: one that hangs
 * without an exception is waited for without end there, and it is for whoever watches
 * the emulator to end it (disk/run.sh --hang).
 *
 * Return: false after MP_PATIENCE_MS, or if one has taken an exception; then the others
 * have answered, or it has been as long.
 */
bool mp_ask(void *ctx, bool quiet);

/* Bring all of them to a quiet point, where they stand still with interrupts off;
 * false after MP_PATIENCE_MS: then nobody stands. */
bool mp_stop(void);
/* Lets them go; each serialises first.  False: one has not, in time. */
bool mp_release(void);
#define MP_PATIENCE_MS	2000

/* Where CPUs are threads of an emulator: see struct live_others. */
void mp_settle(void);

/* Interrupts sent since mp_start(): one a question to each; and again, to who had not
 * answered in a millisecond. */
uint32_t mp_sent(void);
uint32_t mp_resent(void);
/* NMIs that woke the boot CPU in an emulator, see mp_ask(); and those that the other CPUs
 * took, since the start. */
uint32_t mp_woken(void);
extern volatile uint32_t mp_nmis;

/**
 * mp_finish - make all of them leave, put back what they lent, and give them back.
 *
 * Return: NULL, or what went wrong: an exception, something that was not put back,
 * a CPU that did not leave or that the firmware does not call healthy.
 */
const char *mp_finish(void);

/* Has one not left?  It runs what is here, so that must stay: the application ends by
 * switching the machine off, and not by returning. */
bool mp_is_lost(void);

/**
 * mp_forget_translations - after page tables were changed: the other CPUs, where they
 * have been here, forget what they knew of them.
 *
 * The firmware has them again, but some keep them in a loop, with the same tables.
 * Return: false if that is not sure.
 */
bool mp_forget_translations(void);

#endif
