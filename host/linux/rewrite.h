/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel's other mechanisms make of its instructions: return thunks, retpolines,
 * call depth tracking, sealed ENDBRs, LOCK prefixes, ftrace, jump labels, static calls,
 * constants of run time.
 *
 * Each has a table in the image of the places it rewrites.  Some are sections; others
 * are found by what only their records are.  A place is explained only if it is in a
 * table and memory holds there what that mechanism makes of it: exactly so where the
 * image and the memory say (a static call calls what its key points to), and as nearly
 * all other places of its kind where only the kernel that ran knew (which thunk).
 */
#ifndef REWRITE_H
#define REWRITE_H

#include "applied.h"
#include "view.h"

/* A difference that is left. */
struct rest {
	uint64_t addr;
	const char *table;	/* of which that is a place; NULL: of none */
};
#define RESTS	8		/* how many of them are kept */

struct rewriting {
	uint8_t *want;		/* the image's bytes, with what was explained */
	struct spots spots;
	struct habits habits;
	size_t listed[TABLE_COUNT];	/* places in the tables */
	size_t changed[TABLE_COUNT];	/* of them those that were explained */
	size_t left[TABLE_COUNT];	/* and those that nothing explains */
	size_t places[REWRITE_COUNT];	/* by what was made of them */
	size_t at_sites[REWRITE_COUNT];	/* of them at paravirt sites and alternatives */
	size_t text_bytes;		/* of instructions, that were compared */
	size_t rest_count;		/* differences elsewhere that nothing explains */
	struct rest rest[RESTS];
};

/**
 * rewriting_find - attribute the memory's differences from the patched image.
 * @built: the image's bytes before it was patched.
 * @rw:    filled; rewriting_free() gives it back.
 *
 * Return: false: no memory.
 */
bool rewriting_find(const struct kernel *k, const struct dump *d,
		    const uint8_t *built, struct rewriting *rw);

/* Counts what is left: differences in sections of instructions that are at no
 * site of @k's and that nothing explains. */
void rewriting_rest(const struct kernel *k, const struct applied *a,
		    const struct dump *d, struct rewriting *rw);
void rewriting_free(struct rewriting *rw);

#endif
