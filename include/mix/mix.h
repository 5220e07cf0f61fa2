/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mixes: what a kernel was seen to run for a unit of something, as results/mixes/ has it.
 *
 * The room reads one (here), and draws a sequence of ops from it (draw.h), which is a
 * workload then (row.h).  Nothing is allocated: a mix has room for the largest that is read.
 */
#ifndef MIX_H
#define MIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIX_FORMAT	"parapatch-mix/1"

/* Bytes of a file, at most, and tokens of JSON in it. */
#define MIX_FILE_MAX	(512 << 10)
#define MIX_TOKENS_MAX	65536

#define MIX_NAME_MAX	15		/* of a mix: letters, digits and _ */
#define MIX_KERNEL_MAX	31		/* of a kernel: . and - too */
#define MIX_UNIT_MAX	79		/* text for people */
#define MIX_OP_NAME_MAX	31
#define MIX_OPS_MAX	128
#define MIX_PAIRS_MAX	2048
#define MIX_BUCKETS_MAX	16384		/* of all pairs */
#define MIX_PAIR_BUCKETS_MAX	50	/* of one */

/* In place of an op: where the first gap is from, and where the last leads to. */
#define MIX_BEGIN	MIX_OPS_MAX
#define MIX_END		(MIX_OPS_MAX + 1)

/* An op by its name in the record, and of all units: how often, and at how many sites. */
struct mix_op {
	char name[MIX_OP_NAME_MAX + 1];
	uint64_t count, sites;		/* sites 0: not recorded */
};

/* Gaps from one op to the next; numbers of ops, MIX_BEGIN or MIX_END. */
struct mix_pair {
	uint16_t from, to;
	unsigned bucket, buckets;	/* of the mix's: from there, so many */
	uint64_t count, sum, longest;	/* gaps; instructions of all; of the longest */
};

struct mix {
	char name[MIX_NAME_MAX + 1], kernel[MIX_KERNEL_MAX + 1], unit[MIX_UNIT_MAX + 1];
	uint64_t units;
	/* Of all units. */
	uint64_t kernel_instructions, user_instructions, site_rest;
	unsigned ops, pairs, buckets;
	struct mix_op op[MIX_OPS_MAX];
	struct mix_pair pair[MIX_PAIRS_MAX];
	/* Bucket 0 of a pair counts gaps of nothing, n those of 2^(n-1) to 2^n - 1. */
	uint64_t bucket[MIX_BUCKETS_MAX];
};

/* Room for the tokens. */
#define MIX_TOKENS_BYTES	(MIX_TOKENS_MAX * 5 * sizeof(int))

/* For people: where, from 1, and what is wrong there. */
struct mix_error {
	unsigned line, column;
	char text[160];
};

/**
 * mix_parse - read a file.
 * @m:      filled; on failure it has nothing that means anything.
 * @bytes:  the file, @len bytes.
 * @tokens: MIX_TOKENS_BYTES, aligned for an int; nothing is left there.
 * @e:      filled on failure.
 *
 * A file is refused whole: of another version, cut short, with numbers that are none or do
 * not add up, with ops that are not known, with pairs of ops that are not listed, or larger
 * than there is room for.  Keys that are not known are no matter.
 */
bool mix_parse(struct mix *m, const char *bytes, size_t len, void *tokens,
	       struct mix_error *e);

#endif
