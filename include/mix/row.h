/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mixes as workloads: rows of the registry, each a sequence that was drawn of a mix, with
 * gaps of one kind.
 *
 * A copy of such a workload is the whole sequence.  Its bodies are built in the arena, of
 * parts that conventions compiled (mix_code.h); the layout's filler is what fills the gaps,
 * and the row beside it is the gaps alone.
 */
#ifndef MIX_ROW_H
#define MIX_ROW_H

#include "mix/draw.h"

struct text;

/* Mixes that there is room for, and names of what is not replayed of one. */
#define MIXES_MAX	96
#define MIX_LEFT_MAX	24

/* What bounds a kernel's own instructions between two ops: they depend on each other, or
 * not at all. */
enum mix_filler { MIX_LEAS, MIX_CHAIN, MIX_FILLERS };
extern const char *const mix_fillers[MIX_FILLERS];

/* What is kept of a mix. */
struct mix_facts {
	char name[MIX_NAME_MAX + 1], kernel[MIX_KERNEL_MAX + 1], unit[MIX_UNIT_MAX + 1];
	uint64_t units, kernel_instructions, user_instructions, ops;	/* of all units */
	struct mix_op part[MIX_PARTS];	/* in the record, by part */
};

/* A sequence, and what is not in it. */
struct mix_drawn {
	struct mix_sequence sequence;
	uint64_t seed;
	unsigned gap;			/* most instructions of a gap */
	bool may[MIX_PARTS];		/* parts that are replayed */
	uint64_t replayed;		/* ops of all units that they stand for */
	unsigned left;			/* recorded ops that are not: how many, */
	struct mix_op of_left[MIX_LEFT_MAX];	/* and those with the highest counts */
};

struct mix_row {
	unsigned workload;		/* its number */
	unsigned gaps;			/* that of its gaps alone; its own: it is these */
	enum mix_filler filler;
	const struct mix_facts *facts;
	const struct mix_drawn *drawn;
};

/* Of a workload; NULL: it is no mix. */
const struct mix_row *mix_row_of(unsigned workload);

/* Is it a mix's gaps alone? */
static inline bool mix_row_is_gaps(const struct mix_row *row)
{
	return row->gaps == row->workload;
}

/**
 * mix_rows_add - rows of a mix: for each kind of gaps one; where restore_fl is in it, one
 * that restores IF set and one that restores it clear, for a record does not tell.
 * @ring: that it runs in.  In ring 3 there are two sequences: with all that is about IF,
 *        for backends that keep that in memory; and without what needs ring 0.
 * @seed: of the draw.
 * @own:  the application's text.
 *
 * Return: NULL, or why it has no rows: none is drawn, there is no room for all of them, or
 * there is one of that kernel and name.
 */
const char *mix_rows_add(const struct mix *m, unsigned ring, uint64_t seed,
			 const struct text *own);

/* Does any sequence that was drawn have that op? */
bool mix_rows_have(enum mix_part p);

#endif
