/* SPDX-License-Identifier: GPL-2.0-only */
/* LFENCE, and the loan of the setting that makes it wait; see lfence.h. */
#ifndef LFENCE_LOAN_H
#define LFENCE_LOAN_H

#include <stdint.h>
#include "patch/nop.h"

/* Which CPU this is.  Before a window; until then it is one of no vendor. */
void lfence_learn(const struct cpu_id *id);

/* Another CPU: what is known of LFENCE there is to be found out. */
void lfence_forget(void);

/* The MSR, or 0 where it is of no use. */
uint64_t lfence_setting(void);

/* Where it is a setting that LFENCE waits: makes it so, and as it was. */
void lfence_lend(void);
void lfence_take_back(void);

/* What holds in a window that has been open, as a phrase to follow "LFENCE is". */
const char *lfence_phrase(void);

#endif
