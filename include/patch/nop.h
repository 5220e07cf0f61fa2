/* SPDX-License-Identifier: GPL-2.0-only */
/* NOPs: which this CPU likes, and padding in the fewest instructions. */
#ifndef NOP_H
#define NOP_H

#include <stdbool.h>
#include <stdint.h>
#include "machine/cpuid.h"
#include "site/sited_op.h"

/* Longest single NOP of any table, in bytes. */
#define NOP_LEN_MAX	11

/* How the bytes that a form leaves of its site are filled, see padding.def. */
enum padding_id {
#define PADDING(name, timed, what) PADDING_##name,
#include "list/padding.def"
#undef PADDING
	PADDING_COUNT
};

struct padding_info {
	const char *name, *what;
	bool timed;
};

/* Indexed by enum padding_id. */
extern const struct padding_info paddings[PADDING_COUNT];

/* A family of NOPs: seq[k] is one instruction of k bytes, 1 <= k <= max; and how
 * sites are padded with it. */
struct nop_table {
	const char *name;
	unsigned max;
	const char *seq[NOP_LEN_MAX + 1];
	enum padding_id padding;
};

/**
 * nop_padding - a table of NOPs as another padding uses it.
 * @t: as nop_table_for() gives it.
 */
struct nop_table nop_padding(const struct nop_table *t, enum padding_id padding);

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

/**
 * nop_pad - fill what a form leaves of its site, by the table's padding.
 * @t:       the table.
 * @so:      the site.
 * @outcome: one that begins with PATCHED_.  The CALL of PATCHED_CALL and of
 *           PATCHED_STUB is at so->call; the form of PATCHED_JUMP fills its site.
 * @buf:     the form, @used bytes of it; so->len bytes are written.
 * @used:    at most so->len.
 *
 * Return: instructions that were added.
 */
unsigned nop_pad(const struct nop_table *t, const struct sited_op *so,
		 enum patched outcome, uint8_t *buf, unsigned used);

/* Does its padding depend on where a site is, beyond the form itself? */
bool nop_takes_turns(const struct nop_table *t);

/* Every table, for tests and for the policy list; ends with NULL. */
extern const struct nop_table *const nop_tables[];

#endif
