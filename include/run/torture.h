/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What patching under other CPUs came to: they run sites flat out while the boot CPU
 * puts them into other modes.
 */
#ifndef TORTURE_H
#define TORTURE_H

#include <stdbool.h>
#include <stdint.h>
#include "live/live_batch.h"
#include "patch/mode.h"
#include "patch/nop.h"
#include "machine/serialising.h"
#include "stats/stats.h"

/* How sites are patched under others.  WAY(name, what). */
enum torture_way_id {
#define WAY(name, what) WAY_##name,
#include "list/torture_way.def"
#undef WAY
	WAY_COUNT
};

extern const char *const torture_way_names[WAY_COUNT];

/* What one way came to. */
struct torture_way {
	bool ran;
	uint32_t asked;			/* changes that were asked for */
	uint32_t flips;			/* times that a mode was chosen for sites */
	uint32_t changed;		/* of these, when they did not hold it already */
	uint32_t sites;			/* sites changed by them */
	uint32_t ipis;			/* interrupts sent for them: one a question */
	uint32_t resent;		/* and again, to who had not answered in 1 ms */
	uint32_t owed;			/* of both, that could not be answered at once */
	uint32_t strays;		/* interrupts of anybody else */
	uint32_t int3[LIVE_COUNT];	/* INT3s taken, by what the site was */
	uint32_t again;			/* and those that were over by then */
	struct spread ticks;		/* of a change by its sites; millionths */
	/* Passes of the other CPUs' loops, all of them together, in so many ticks: in
	 * every mode in turn with nobody patching, and while it is done. */
	uint64_t passes_alone, ticks_alone, passes, ticks_patched;
	/* Of those that a backend counts, ops: called, and counted by it. */
	uint64_t called, counted;
	uint64_t wrong;			/* ops that did not do what they are for */
};

/* Times that are kept for a median: all, or where there is no room so many of them,
 * all alike likely. */
struct torture_times {
	int64_t *at;
	uint32_t room, seen;
};
struct rng;
void torture_time_keep(struct torture_times *t, struct rng *rng, int64_t v);
static inline uint32_t torture_times_kept(const struct torture_times *t)
{
	return t->seen < t->room ? t->seen : t->room;
}

/* Part @i of @parts of @n changes; together they are @n. */
static inline uint32_t torture_share(uint32_t n, unsigned i, unsigned parts)
{
	return (uint32_t)((uint64_t)n * (i + 1) / parts - (uint64_t)n * i / parts);
}

/* A timing of what serialising costs is of so many of them, one behind the other. */
#define SERIALISE_REPS		16
#define SERIALISE_SAMPLES	64

/* TSC ticks of one, in millionths; lower is better.  n is 0 where there is none. */
struct serialise_cost {
	struct spread ticks;
};

struct torture {
	bool asked;			/* by the configuration */
	const char *not_run;		/* why there are no other CPUs, though asked; or NULL */
	char failed[200];		/* the first thing that went wrong, or empty */
	unsigned cpus;			/* other CPUs that took part */
	unsigned machine_cpus;		/* as the firmware counts them; 0: not known */
	const char *apic;		/* "xAPIC", "x2APIC": what interrupts went by; or NULL */
	uint32_t apic_id_max;		/* the highest number of a CPU that took part */
	unsigned sites;			/* in their loops */
	uint32_t nmis;			/* that the other CPUs took */
	uint32_t woken;			/* that they sent to the boot CPU, see mp_ask() */
	uint64_t seed;
	struct torture_way way[WAY_COUNT];
	enum serialise_id serialise;	/* what the writer and the others use */
	struct serialise_cost cost[SERIALISE_COUNT];
};

/**
 * torture_modes - the modes that sites are flipped between: all of mode.def that have a
 * site and do what the op does.
 * @counted: by the op itself, for it counts; test_sti restores by another.
 *
 * Return: how many are in @to.
 */
unsigned torture_modes(bool counted, uint8_t to[MODE_COUNT]);

/* And what fills them: the paddings that are no check. */
unsigned torture_paddings(uint8_t to[PADDING_COUNT]);

/* The names of those that are in neither.  @to: so many bytes.  Return: @to. */
#define TORTURE_LEFT_OUT	160
const char *torture_left_out(char to[TORTURE_LEFT_OUT]);

#endif
