/* SPDX-License-Identifier: GPL-2.0-only */
/* NOPs: which this CPU likes, and padding in the fewest instructions. */
#ifndef NOP_H
#define NOP_H

#include <stdint.h>
#include "patch.h"

/* Longest single NOP of any table, in bytes. */
#define NOP_LEN_MAX	11

/* A family of NOPs: seq[k] is one instruction of k bytes, 1 <= k <= max. */
struct nop_table {
	const char *name;
	unsigned max;
	const char *seq[NOP_LEN_MAX + 1];
};

/* What CPUID says that the choice depends on. */
struct cpu_id {
	char vendor[13];	/* leaf 0, a string */
	unsigned family, model;	/* display family and model, leaf 1 */
	unsigned stepping;
};

/**
 * nop_table_for - the NOPs a CPU likes.
 * @isa: whose text; the i386 generic NOPs are not NOPs in 64-bit mode.
 * @id:  the CPU.
 *
 * Return: never NULL.  Every instruction of the table is one NOP on any CPU of
 * that ISA on which it is chosen.
 *
 * Source: Intel SDM Vol. 2B, "NOP--No Operation" (multi-byte NOP, family 6 and
 * 15 only); AMD64 APM Vol. 3, "NOP"; Linux 5.4's choice by model.
 */
const struct nop_table *nop_table_for(enum isa isa, const struct cpu_id *id);

/**
 * nop_fill - fill with NOPs, fewest instructions first.
 * @t:   the table.
 * @buf: @len bytes, all written.
 * @len: may be 0.
 *
 * Return: instructions written, that is @len / t->max rounded up.
 */
unsigned nop_fill(const struct nop_table *t, uint8_t *buf, unsigned len);

/* Every table, for tests and for the policy list; ends with NULL. */
extern const struct nop_table *const nop_tables[];

#endif
