/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What patching costs at scale: a text of many sites that never runs, changed in
 * several ways, in turns, over and over; what a site costs, and ratios by rounds.
 */
#ifndef SCALE_H
#define SCALE_H

#include "machine/serialising.h"
#include "measure/platform.h"
#include "lib/rng.h"
#include "stats/stats.h"

enum scale_way {
#define SCALE(name, what) SCALE_##name,
#include "list/scale.def"
#undef SCALE
	SCALE_COUNT
};

/* Bytes from one site's first to the next's are drawn from these, both included:
 * 64 on average, a site a cache line. */
#define SCALE_STEP_LEAST	22
#define SCALE_STEP_MOST		106
#define SCALE_SITE_BYTES	6	/* every site is a ccall */

#define SCALE_SITES_LEAST	1000
#define SCALE_SITES_MOST	10000000
#define SCALE_ROUNDS_MOST	51

/* A row that takes more TSC ticks than this is timed in the first three rounds alone:
 * CPUID at each of ten million sites takes a hypervisor the better part of a minute. */
#define SCALE_DEAR		(1ull << 34)
#define SCALE_DEAR_ROUNDS	3

/* A row: a way, with an instruction where the way takes one. */
struct scale_row {
	enum scale_way way;
	const struct serialiser *with;	/* NULL: it takes none */
	unsigned rounds;		/* in which it was timed */
	struct spread ticks;		/* millionths of a tick a site */
	struct spread of_memcpy;	/* a round's, of the same round's memcpy; millionths */
	struct spread of_words;		/* likewise of its words */
	struct spread of_apply;		/* and of its apply */
};
#define SCALE_ROWS_MOST	(SCALE_COUNT + SERIALISERS_MOST)

struct scale {
	/* The caller's. */
	const struct platform *machine;
	const struct nop_table *nops;
	uint64_t addr;			/* where the text would run: ops are in reach */
	/* memcpy() as it is here, by which the baselines copy: in a process the C
	 * library's; the application's own is REP MOVS. */
	void *(*copy)(void *to, const void *from, size_t len);
	const struct serialiser *serialisers;
	unsigned serialiser_count;	/* the first is what once ends with */
	size_t sites;
	unsigned rounds;		/* SCALE_ROUNDS_MOST at most */
	struct rng rng;
	/* scale_run()'s. */
	unsigned classes;
	size_t text_bytes;
	struct spread open;		/* text_open(), millionths of a tick a site; once */
	unsigned rows;
	struct scale_row row[SCALE_ROWS_MOST];
};

/* Bytes of memory that scale_run() needs for so many sites. */
size_t scale_room(size_t sites);

/* A way's name in reports: "each_iret", "apply". */
#define SCALE_NAME_ROOM	32
void scale_row_name(char *to, size_t room, const struct scale_row *r);

#endif
