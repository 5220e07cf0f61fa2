/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report of the application as this tool sees it: the raw ticks, turned into
 * ticks an op.  What the report itself says of them stays in the JSON and is only
 * looked at to be compared (check.c).
 */
#ifndef REPORT_TOOL_H
#define REPORT_TOOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "member.h"
#include "rules.h"

/* How a group's batches lie in every series of it: block b, one code offset, is
 * the n[b] values from first[b] on. */
struct blocks {
	unsigned count;
	uint32_t *n, *first, total;
	unsigned looks_from;	/* that it was first looked at; 0: at all, once */
};

enum role { ROLE_CELL, ROLE_TWIN, ROLE_EMPTY, ROLE_CHAIN, ROLE_COUNT };

struct bench {
	const char *name, *backend, *convention, *mode, *padding;
	const char *outcome;	/* of its sites; "" in a report without it */
	bool native;		/* compiled inline: no sites */
	enum role role;
	struct group *group;
	bool timed;		/* false: its check failed, and nothing follows */
	/* TSC ticks an op of every batch of the group; NAN where it does not count. */
	double *gross, *net;
	double all_median;	/* net, of all batches */
	double grain;		/* the step of the TSC, in one op's ticks; 0: fine */
	signed char *half;	/* of its line, at each offset: read_halves() */
	const json_t *json;
};

struct group {
	const char *name;
	bool takes_off;		/* net is gross less the filler's; else gross */
	const json_t *report;	/* the whole */
	const struct rules *rules;
	double precision;	/* of one */
	double chain_cycles;	/* core cycles of one IMUL of the chain */
	struct blocks shape;
	/* Of each batch: does it count, being of the regime that is used; NULL: all do. */
	bool *kept;
	uint32_t kept_total;
	double *width;		/* two a batch, thousandths of an ADD a cycle; or NULL */
	bool seldom_alone;	/* in less than half of its batches, and that is known */
	/* What the report says that the others are compared with, "native" or
	 * "MODE/CONVENTION"; NULL: it says nothing. */
	const char *of;
	/* NULL where there is none that was timed. */
	struct bench *reference, *native, *twin, *empty, *chain;
	/* Timed or not; and is its native cell a call too?  Then it is no reference. */
	bool has_native, has_indirect, native_calls;
	const json_t *json;
};

/* What is called the same where a report states nothing else. */
#define MARGIN_LEAST	0.01

struct report {
	const char *path;
	char cpu[200];		/* vendor, family-model-stepping, name, arch */
	const struct rules *rules;
	uint64_t seed;
	uint64_t chain_cycles;	/* of one IMUL of the chain */
	double step;		/* the clock's ticks of one instruction; 0: it is of time */
	size_t groups, benches;
	struct group *group;
	struct bench *bench;
	json_t *json;		/* owns every name above */
};

/**
 * report_read - a whole file, or nothing.
 *
 * Return: false if anything in it is not as it must be: @c says what, and @r
 * needs no report_free().
 */
bool report_read(struct report *r, const char *path, struct complaint *c);
void report_free(struct report *r);

#endif
