/* SPDX-License-Identifier: GPL-2.0-only */
/* What another CPU lends: its interrupt table, its segment, its APIC, its flags. */
#ifndef MP_LOAN_H
#define MP_LOAN_H

#include "mp_shared.h"

/* Fills the interrupt table that all of them load: by the boot CPU, before they come. */
void mp_loan_prepare(void);

/*
 * The rest is of the CPU that calls.
 */

/* Is it one of the other CPUs, between its loan and the end of it?  By its interrupt table:
 * one that does not answer any more says nothing of who asks. */
bool mp_is_other(void);

/* Why it cannot lend at all, or NULL. */
const char *mp_loan_refused(void);

/* What it has now. */
struct mp_loan mp_loan_read(void);

/* Fills c->own, what it is to have, from c->found.  NULL, or why it cannot be. */
const char *mp_loan_own(struct mp_cpu *c, unsigned number);

/* Makes it so; with IF off.  And its tables and its segment alone. */
void mp_loan_put(const struct mp_loan *l);
void mp_loan_put_tables(const struct mp_loan *l);

/* NULL, or the name of what differs. */
const char *mp_loan_difference(const struct mp_loan *a, const struct mp_loan *b);

#endif
