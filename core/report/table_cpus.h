/* SPDX-License-Identifier: GPL-2.0-only */
/* Below the table, where there are several CPUs: which they are, and what differs. */
#ifndef TABLE_CPUS_H
#define TABLE_CPUS_H

#include "lib/sink.h"
#include "run/run.h"

/* Nothing where there is one. */
void table_cpus(const struct run *r, struct sink *s);

#endif
