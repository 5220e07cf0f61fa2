/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a cell to its numbers: cell, series, result; and the group, whose cells
 * are timed in the same batches and so can be compared as pairs.
 */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stdint.h>
#include "measure/layout.h"
#include "backend/backends.h"
#include "patch/mode.h"
#include "stats/stats.h"
#include "patch/text.h"
#include "workload/workload.h"

enum state_id {
#define STATE(name, once, what) STATE_##name,
#include "list/state.def"
#undef STATE
	STATE_COUNT
};

enum role {
#define ROLE(name, what) ROLE_##name,
#include "list/role.def"
#undef ROLE
	ROLE_COUNT
};
extern const char *const role_names[ROLE_COUNT];

enum dropped {
#define DROPPED(name, what) DROPPED_##name,
#include "list/dropped.def"
#undef DROPPED
	DROPPED_COUNT
};
extern const char *const dropped_names[DROPPED_COUNT];

/* The thing that is measured. */
struct cell {
	enum workload_id workload;
	enum backend_id backend;
	enum convention_id convention;
	enum mode_id mode;
	enum padding_id padding;
	enum layout_id layout;
	enum state_id state;
	enum role role;
};

/* Copies of a workload in the short body; the long body has twice as many. */
#define WORKLOAD_N	24

/* Code offsets, at most, and the bytes from one to the next: a cache line's. */
#define OFFSETS_MAX	16
#define OFFSET_STEP	(LINE_BYTES / OFFSETS_MAX)

/* One batch: counts for reps passes over the short and the long body. */
struct batch {
	uint32_t n, n2;
};

/*
 * A cell's raw counts; never adjusted once taken.  Those of offset o are the
 * group's taken[o] from batch[o * each] on; what has the same index in another
 * series of the group was timed next to it.
 */
struct series {
	uint32_t reps;		/* passes over a body in one timing */
	uint32_t each;		/* batches there is room for, an offset */
	const struct batch *ticks;	/* TSC */
	const struct batch *cycles;	/* core clock; NULL: not counted */
};

#define CELL_SITES_MAX	4
#define CELL_BYTES_MAX	128

/* Everything known about a measured cell. */
struct result {
	struct cell cell;
	bool refused;			/* its check failed: not timed */
	char why[120];			/* what the check found */
	struct series series;
	/* Of one op, in millionths of a tick; the layout's filler is taken off in
	 * state warm, but for gross.  Lower is better. */
	struct spread ticks;		/* all batches; median over offsets */
	int64_t gross;			/* median, filler included */
	int64_t offset_min, offset_max;	/* least and largest offset's median */
	int64_t cycles;			/* median, millionths of a core cycle */
	bool has_cycles;
	/* Layout line, of a cell whose copies have one site each, of 6 bytes, that
	 * still begins with its branch: the median over the offsets at which the
	 * last byte of the built call lies in the lower (upper) half of its cache
	 * line, but for those at which the site goes over the end of one. */
	int64_t low_half, high_half;
	bool has_low_half, has_high_half;
	bool has_vs;			/* compared with the group's reference */
	struct comparison vs;
	/* The sites of one copy. */
	struct text_counts counts;
	unsigned sites;
	unsigned site_bytes;		/* of them all */
	unsigned site_nops;		/* padding instructions, of them all */
	/* Those at the beginning that there is room for, one behind the other. */
	unsigned shown;
	unsigned site_len[CELL_SITES_MAX];
	uint8_t bytes[CELL_BYTES_MAX];	/* as patched */
	/* From a copy's first byte to the last of its first site's call, as built;
	 * 0: it has none. */
	unsigned call_at;
	/* Where the first repeated copy of the short body was, at each offset. */
	uint64_t address[OFFSETS_MAX];
};

/**
 * cell_outcome - what became of a cell's sites: the word of outcome.def; "mixed"
 * where they differ; "-" where there are none, or nothing is known of them.
 */
const char *cell_outcome(const struct result *res);

/* Is it another thing than its mode says: was a site kept as it was built? */
bool cell_kept(const struct result *res);

/* What became of the batches, and of the windows they were taken in. */
struct quality {
	uint32_t tried, dropped[DROPPED_COUNT];
	uint64_t largest_gap;		/* TSC ticks */
	/* The largest bound that a body was held to, TSC ticks: platform.gap_ticks where
	 * none varies by itself; and of dropped[DROPPED_gap], batches in which nothing
	 * but bodies that do was longer. */
	uint64_t gap_bound;
	uint32_t gap_own;
	uint32_t windows, overran;	/* all; those longer than they may be */
	uint64_t longest_window;	/* TSC ticks */
};

/* Most cells of a group. */
#define GROUP_MAX	128

/* Cells that are timed in the same batches. */
struct group {
	enum workload_id workload;
	enum backend_id backend;
	enum layout_id layout;
	enum state_id state;
	size_t first;			/* its results: [first, first + count) */
	unsigned count;
	uint32_t taken[OFFSETS_MAX];	/* good batches at each offset */
	struct quality quality;
};

#endif
