/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of the 2006 mail, and beside it what replays of recorded mixes come to on this
 * machine.
 *
 * A replay is not the benchmark: it is the ops of a recorded unit, by themselves.  What a
 * unit takes is not measured but bounded: as many core cycles as it has instructions, at
 * least, and a quarter of them at most (SEED_IPC_MOST).
 */
#ifndef SEED_TABLE_H
#define SEED_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/sink.h"

enum seed_row_id {
#define SEED_ROW(id, name, better, paravirt, patched, time, mix) SEED_##id,
#include "list/seed_row.def"
	SEED_ROW_COUNT
};

/* Of a Zen 5 or a Golden Cove 6 can retire and more; kernel code comes to about 1, and
 * what keeps 4 for a whole system call has not been seen. */
#define SEED_IPC_MOST	4

/* In millionths of a unit's time or rate, ends in order; 10000 are 1%. */
struct seed_share {
	bool known;
	int64_t least, most;
};

/* A row on this machine.  Both unknown: nothing of it was replayed. */
struct seed_here {
	struct seed_share paravirt, patched;
};

/* What one unit's ops take more than native's, in millionths of a tick; ends of an interval,
 * in order, negative if they take less. */
struct seed_added {
	int64_t least, most;
};

/**
 * seed_share_of - what that is of a unit's time.
 * @instructions: of the unit, kernel and user; of one of SEED_TIME_kernel the kernel's.
 * @ticks: micro-ticks of a core cycle; where instructions are counted, those of an
 *         instruction, and @counted: a unit then takes what its instructions do.
 *
 * Return: unknown if a unit has no instruction, a cycle no ticks, or if an end is not below
 * a million times the unit.
 */
struct seed_share seed_share_of(struct seed_added added, uint64_t instructions,
				uint64_t ticks, bool counted);

/* Is that row's replay one of the mix of that name?  Two rows can have one mix. */
bool seed_row_is_of(enum seed_row_id row, const char *mix);

/* Of which time of a unit a row is: what its shares are of. */
enum seed_time { SEED_TIME_all, SEED_TIME_kernel };

/* As the mail has it: thousandths of a percent of normal, of the row's figure. */
struct seed_row_then {
	const char *name;
	bool rate;			/* more is better: shares of time have the other sign */
	enum seed_time time;
	int32_t paravirt, patched;
};
struct seed_row_then seed_row_then(enum seed_row_id row);

/* Shares of time as those of a rate, for rows in which more is better. */
struct seed_share seed_as_rate(struct seed_share time);

/**
 * seed_table - the text table: all 19 rows, 2006's percentages and this machine's, at most
 * 80 columns.  No row is known: nothing is said.
 * @here: SEED_ROW_COUNT of them, shares of time, by seed_row_id.
 * @kernel: whose mixes they are of.
 */
void seed_table(const struct seed_here *here, const char *kernel, bool counted,
		struct sink *s);

#endif
