/* SPDX-License-Identifier: GPL-2.0-only */
/* Anchors: what the clock is checked against, published figures for the CPU. */
#ifndef ANCHOR_H
#define ANCHOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "machine/cpuid.h"

/* Cycles are core cycles here, in thousandths, of one op. */

/* ANCHOR_lfence is the workload "lfence", and so on: see anchor.def. */
enum anchor {
#define ANCHOR(name, in_guest, what)	ANCHOR_##name,
#include "list/anchor.def"
	ANCHOR_COUNT
};

extern const char *const anchor_names[ANCHOR_COUNT];

/* One published figure. */
struct published {
	const char *uarch;		/* "Golden Cove" */
	enum anchor anchor;
	uint32_t millicycles;		/* > 0 */
	const char *source;		/* who measured it, where it says so */
};

/**
 * anchor_uarch - the microarchitecture that a CPU's figures were published for.
 *
 * Return: its name, or NULL if this vendor, family and model is in no list, or the CPU
 * was never made.
 */
const char *anchor_uarch(const struct cpu_id *id);

/**
 * anchor_published - the figure for one anchor.
 *
 * Return: NULL if the model is unknown, or no figure was found for it.
 */
const struct published *anchor_published(const struct cpu_id *id, enum anchor a);

/**
 * imul_cycles - latency of IMUL r32,r32, what a chain of them counts by.
 * @sourced: false if nobody published it for this model: then it is taken as 3,
 *           and every cycle count that follows from it is in doubt.  May be NULL.
 *
 * Return: whole core cycles, at least 1.
 */
unsigned imul_cycles(const struct cpu_id *id, bool *sourced);

/* How anchors were measured: what decides which may be judged. */
struct anchor_conditions {
	const struct cpu_id *id;
	bool hypervisor;		/* or an emulator */
	bool imul_clock;		/* cycles were counted by the IMUL chain
					 * with imul_cycles(), so that its own
					 * figure comes out whatever the truth */
};

enum anchor_verdict {
	ANCHOR_AGREES,			/* within 10%, 10% included */
	ANCHOR_OFF,
	ANCHOR_UNORDERED,		/* LFENCE, below 2 cycles: it waits for
					 * nothing, the timer's fence is none */
	ANCHOR_UNKNOWN_MODEL,
	ANCHOR_NO_FIGURE,		/* known model, none found */
	ANCHOR_OWN_CLOCK,		/* the IMUL chain, counted by itself */
	ANCHOR_MAY_EXIT,		/* not judged under a hypervisor */
	ANCHOR_NOT_TAKEN,		/* not measured */
	ANCHOR_VERDICTS
};

/* Words for a report: "agrees", "off", ... */
extern const char *const anchor_verdict_names[ANCHOR_VERDICTS];

/* What anchor_judge() is given for a cell that was refused or not in the plan. */
#define ANCHOR_NOT_MEASURED	INT64_MIN

struct anchor_check {
	enum anchor anchor;
	int64_t measured;		/* or ANCHOR_NOT_MEASURED */
	const char *uarch;		/* NULL: unknown model */
	const struct published *published;	/* NULL: none */
	int32_t deviation_permille;	/* of the published figure, rounded
					 * towards 0, saturated; 0 unless both
					 * are there */
	enum anchor_verdict verdict;
};

/**
 * anchor_judge - compare one anchor with its published figure.
 * @measured: thousandths of a core cycle an op; any value, noise may make it
 *            negative.
 *
 * LFENCE below 2 cycles is ANCHOR_UNORDERED on any model and anywhere.  No
 * published LFENCE that orders is below 4; the one that does not takes 0.25
 * (Zen 1).
 * Source: AMD64 APM Vol. 3, "LFENCE"; Intel SDM Vol. 2A, "LFENCE--Load Fence".
 */
struct anchor_check anchor_judge(enum anchor a, int64_t measured,
				 const struct anchor_conditions *how);

/* What all checks together say. */
enum anchored {
	ANCHORED_VERIFIED,		/* one or more agree, none is off */
	ANCHORED_UNVERIFIED,		/* one or more are off */
	ANCHORED_NO_FENCE,		/* whatever else agrees */
	ANCHORED_UNKNOWN,		/* nothing to compare with */
	ANCHORED_NOT_MEASURED,
	ANCHORED_COUNT
};

/* Words for a report: "verified", "unverified", ... */
extern const char *const anchored_names[ANCHORED_COUNT];

enum anchored anchored(const struct anchor_check *c, unsigned n);

/* Room for any summary, terminator included. */
#define ANCHOR_SUMMARY_ROOM	320

/**
 * anchor_summary - the same in one phrase, for a reader.
 * @to:   @room bytes; a phrase that does not fit is cut.
 * @c, @n: the checks; all from one CPU and under one set of conditions.
 * @hypervisor: as in the conditions: then the phrase says what was not judged.
 *
 * Return: @to.
 */
const char *anchor_summary(char *to, size_t room, const struct anchor_check *c,
			   unsigned n, bool hypervisor);

#endif
