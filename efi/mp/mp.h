/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "mp": other CPUs, lent by the firmware, with an interrupt table, a per-CPU
 * segment and interrupts of our own, for as long as mp_start() to mp_finish().
 *
 * This header has taking and giving back, mp_ask.h what is in between; mp_interrupt.h
 * what the other CPUs answer to, mp_shared.h what a CPU is.
 */
#ifndef MP_H
#define MP_H

#include <stdbool.h>
#include <stdint.h>
#include "mp_shared.h"

/**
 * mp_start - take the other CPUs.
 * IF must be on, the guard open.  They answer questions (mp_ask()) by interrupt as
 * long as IF is on in what they run, at INT3s, and at mp_point() (mp_interrupt.h).
 *
 * Return: NULL, or why there is none; then nothing is owed, unless mp_is_lost().
 */
const char *mp_start(const struct mp_work *work);

/**
 * mp_start_one - take one other CPU, by the firmware's number of it.
 * It is element 0 of what mp_cpu() returns.  Its @work.run is called as mp_start()'s.
 * One that was started and has not come may still come at any time: it then leaves at
 * once, and the machine ends by being switched off (mp_is_lost()); others can be taken.
 *
 * Return: NULL, or why it cannot be had; then nothing is owed.
 */
const char *mp_start_one(const struct mp_work *work, unsigned number);

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
/* NMIs that woke the boot CPU in an emulator, see mp_ask(). */
uint32_t mp_woken(void);

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
