/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arena: the bodies of a group's cells, each in its own mode, at one code
 * offset.  It is a text like any other: it has records, and its sites are patched
 * by the same engine, cell by cell.  That is done before it is where it will run, so
 * that all of it is one store: to make pages writable may take the firmware long.
 */
#ifndef ARENA_H
#define ARENA_H

#include "lib/rng.h"
#include "measure/body.h"
#include "measure/platform.h"
#include "measure/state.h"
#include "plan/group.h"
#include "workload/registry.h"

/* A cell's code in the arena. */
struct arena_cell {
	const struct cell *cell;
	bool few;			/* 1 and 2 copies, whatever the workload's are */
	struct body one, n, n2;
	struct text_span span;		/* of all three */
	struct text part;		/* its records: of all three */
	struct text_counts counts;	/* what became of their sites */
};

/* Caller-owned.  Everything before text is set by arena_open(). */
struct arena {
	const struct platform *machine;
	const struct text *from;	/* the application's own; modules' see registry.h */
	const struct nop_table *nops;
	struct nop_table padding[PADDING_COUNT];
	uint8_t *staged;		/* code_len bytes, then islands */
	uint8_t *room;			/* for text_open() */
	size_t room_bytes, code_len;
	struct text text;
};

/* What the arena wants of memory: struct near_memory's, and anything's. */
#define ARENA_CODE_BYTES	(2 << 20)
#define ARENA_SITES		32768
#define ARENA_ISLAND_BYTES	(ARENA_SITES * ISLAND_BYTES)
#define ARENA_NEAR_BYTES	(STATE_CODE_BYTES + ARENA_CODE_BYTES + ARENA_ISLAND_BYTES)
#define ARENA_DATA_BYTES	(ARENA_SITES * sizeof(struct site))
#define ARENA_ROOM_BYTES	TEXT_ROOM(ARENA_CODE_BYTES, ARENA_SITES, ARENA_CODE_BYTES)
#define ARENA_STAGED_BYTES	(ARENA_CODE_BYTES + ARENA_ISLAND_BYTES)
#define ARENA_MEMORY_BYTES	(ARENA_STAGED_BYTES + ARENA_ROOM_BYTES)

/**
 * arena_open - take memory, and put the code of the states there.
 * @m:      its near.code has ARENA_NEAR_BYTES: the code of the states, bodies,
 *          islands; its near.data ARENA_DATA_BYTES.
 * @from:   open, and as it was built.
 * @memory: ARENA_MEMORY_BYTES.
 *
 * Return: false if the writer cannot open; nothing was stored then.
 */
bool arena_open(struct arena *a, const struct platform *m,
		const struct text *from, const struct nop_table *nops,
		void *memory);

/* What came of a build. */
enum arena_built {
	ARENA_BUILT,
	ARENA_NO_FIT,		/* these cells have no bodies; nothing was stored */
	ARENA_FAILED,		/* it could not be stored, or not be patched */
};

/**
 * arena_build - make the bodies of some cells, store and patch them.
 * @c:      @n cells, at most GROUP_MAX, of one layout; c->cell is set.
 * @offset: bytes from the beginning of a cache line, see body_emit().
 * @rng:    the order in which they lie in memory.
 * @why:    filled if it is not built: one line.
 *
 * The application's own text, and those of modules, must be as they were built.
 *
 * Return: ARENA_NO_FIT if something has no room or is out of reach, or a workload is
 * none that bodies can be made of: that is a matter of these cells.
 */
enum arena_built arena_build(struct arena *a, struct arena_cell *c, unsigned n,
			     unsigned offset, struct rng *rng, char *why,
			     size_t room);

/**
 * arena_verify - does the arena still hold what was stored?
 * @c, @n: as they were built.
 */
bool arena_verify(const struct arena *a, const struct arena_cell *c, unsigned n,
		  char *why, size_t room);

/**
 * arena_site - the form of a site of the first copy of a cell's body "one".
 * @i: from 0.
 *
 * Return: its bytes, or NULL if it has no more; @f is filled.
 */
const uint8_t *arena_site(const struct arena *a, const struct arena_cell *c,
			  unsigned i, struct text_form *f);

/* Copies in the short body. */
static inline unsigned arena_n(const struct arena_cell *c)
{
	return c->few ? 1 : workload_copies(workload_of(c->cell->workload));
}

/* The body whose repeated copies are looked at: the short one, or the long one where the
 * short one has a first copy alone. */
static inline const struct body *arena_copies(const struct arena_cell *c)
{
	return arena_n(c) > 1 ? &c->n : &c->n2;
}

/**
 * arena_call - where the first call of a cell's copies was built.
 *
 * Return: bytes from a repeated copy's first to the call's last; 0 where it has no
 * site.
 */
unsigned arena_call(const struct arena_cell *c);

#endif
