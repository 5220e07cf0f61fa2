/* SPDX-License-Identifier: GPL-2.0-only */
/* A cell: the thing that is measured, and all that is known of it in the end. */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stdint.h>
#include "backend/backends.h"
#include "measure/fault.h"
#include "measure/layout.h"
#include "measure/series.h"
#include "measure/state.h"
#include "patch/insn_word.h"
#include "patch/mode.h"
#include "patch/text.h"
#include "stats/blocks.h"
#include "stats/stats.h"
#include "workload/workload.h"

enum role {
#define ROLE(name, what) ROLE_##name,
#include "list/role.def"
#undef ROLE
	ROLE_COUNT
};
extern const char *const role_names[ROLE_COUNT];

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

#define CELL_SITES_MAX	4
#define CELL_BYTES_MAX	128

/* Everything known about a measured cell. */
struct result {
	struct cell cell;
	bool refused;			/* not timed: its check failed, or: */
	bool left_out;			/* it cannot be run here, which is no failure */
	bool faulted;			/* an exception ended it, or the reference if left_out */
	struct fault fault;		/* that one */
	char why[120];			/* what the check found */
	struct series series;
	/* Of one op, in millionths of a tick; the layout's filler is taken off in
	 * state warm, but for gross.  Lower is better. */
	struct spread ticks;		/* all batches; median over blocks */
	int64_t gross;			/* median, filler included */
	int64_t all_median;		/* as ticks.median, of all regimes */
	uint32_t all_n;			/* batches, likewise */
	struct interval median_95;	/* of the median over blocks */
	int64_t offset_min, offset_max;	/* least and largest block's median */
	int64_t cycles;			/* median, millionths of a core cycle */
	bool has_cycles;
	/* Layout line, of a cell whose copies have one site each, of 6 bytes, that
	 * still begins with its branch: the median over the blocks in which the
	 * last byte of the built call lies in the lower (upper) half of its cache
	 * line, but for those at which the site goes over the end of one. */
	int64_t low_half, high_half;
	bool has_low_half, has_high_half;
	/* Where the clock counts them: instructions of one op, the layout's filler taken
	 * off in every state; and which they are, if the code could be followed. */
	bool counted, has_words;
	uint32_t instructions;
	struct insn_words words;
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
	/* Where the first repeated copy of the body with any was, in each block. */
	uint64_t address[BLOCKS_MAX];
};

/**
 * cell_outcome - what became of a cell's sites: the word of outcome.def; "mixed"
 * where they differ; "-" where there are none, or nothing is known of them.
 */
const char *cell_outcome(const struct result *res);

/* Copies in its short body. */
unsigned result_copies(const struct result *res);

/* Has it a comparison?  Of all regimes: where no batch was of the one in use, more may
 * be. */
static inline bool result_is_compared(const struct result *res)
{
	return res->has_vs && !res->refused && res->all_n;
}

/* Is it another thing than its mode says: was a site kept as it was built? */
bool cell_kept(const struct result *res);

#endif
