/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sequence of ops, drawn from a mix's pairs; pure.
 *
 * From each op the next is drawn by how often it followed there, and the gap between both
 * from that pair's buckets: a Markov chain of first order.  Ops that are not replayed become
 * instructions of the gap that they stand in.  The same seed draws the same sequence.
 */
#ifndef MIX_DRAW_H
#define MIX_DRAW_H

#include "lib/rng.h"
#include "mix/mix.h"
#include "mix/part.h"

#define MIX_STEPS_MAX	512

/* Instructions, then an op. */
struct mix_step {
	uint8_t part;
	uint8_t gap;
};
#define MIX_GAP_MAX	255

struct mix_rules {
	uint64_t seed;
	unsigned steps;			/* at most MIX_STEPS_MAX */
	unsigned gap;			/* instructions a gap keeps, at most MIX_GAP_MAX */
	bool may[MIX_PARTS];		/* which are replayed */
};

struct mix_sequence {
	unsigned steps;
	struct mix_step step[MIX_STEPS_MAX];
	uint32_t count[MIX_PARTS];	/* of each part */
	uint32_t passed;		/* ops that were drawn and became part of a gap */
	uint32_t cut;			/* gaps that were longer than may be */
	uint64_t drawn, kept;		/* instructions of all gaps: as drawn, as they are */
};

/**
 * mix_draw - a sequence.
 * @m: accepted by mix_parse().
 *
 * It begins as the record did, and where the record ends it begins again.  What it is to have
 * is in @rules.
 *
 * Return: NULL, or why there is none: no op of the mix is replayed, or next to none.
 */
const char *mix_draw(struct mix_sequence *s, const struct mix *m,
		     const struct mix_rules *rules);

/* Ops of all units that a part stands for, and their sites in the record. */
struct mix_op mix_part_ops(const struct mix *m, enum mix_part p);

#endif
