/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking the other CPUs, between mp_start() and mp_finish(). */
#ifndef MP_ASK_H
#define MP_ASK_H

#include "mp_shared.h"

/* Before any is taken: what is counted begins with nothing. */
void mp_ask_begin(void);

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

/* Where CPUs are threads of an emulator: see struct live_others. */
void mp_settle(void);

/* Interrupts sent since mp_start(): one a question to each; and again, to who had not
 * answered in a millisecond. */
uint32_t mp_sent(void);
uint32_t mp_resent(void);

#endif
