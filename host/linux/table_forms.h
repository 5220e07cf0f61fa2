/* SPDX-License-Identifier: GPL-2.0-only */
/* The forms that a backend's table had, until 5.12. */
#ifndef TABLE_FORMS_H
#define TABLE_FORMS_H

#include "records.h"

/* The form that RULE_TABLE kernels have for a record; NULL: none. */
const char *table_form(const struct kernel *k, const struct para *p,
		       unsigned *len);

/* RULE_TABLE: a site of an op that has no name and may have a form; NULL: there is none,
 * so every form is known. */
const struct para *ops_undecided(const struct kernel *k);

#endif
