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

#define SCHEMA	"parapatch-report/2"

/* How a group's batches lie in every series of it: block b, one code offset, is
 * the n[b] values from first[b] on. */
struct blocks {
	unsigned count;
	uint32_t *n, *first, total;
};

enum role { ROLE_CELL, ROLE_TWIN, ROLE_EMPTY, ROLE_CHAIN, ROLE_COUNT };

struct bench {
	const char *name, *backend, *convention, *mode, *padding;
	const char *outcome;	/* of its sites; "" in a report without it */
	bool native;		/* compiled inline: no sites */
	enum role role;
	struct group *group;
	bool timed;		/* false: its check failed, and nothing follows */
	double *gross, *net;	/* TSC ticks an op of every batch of the group */
	double grain;		/* the step of the TSC, in one op's ticks; 0: fine */
	/* In which half of its cache line its call ends, at each offset: -1 where
	 * that is not known, its site goes over the line's end, or nothing is said
	 * of halves: as low_half_ticks in result_field.def has it. */
	signed char *half;
	const json_t *json;
};

struct group {
	const char *name;
	bool takes_off;		/* net is gross less the filler's; else gross */
	const json_t *report;	/* the whole */
	double chain_cycles;	/* core cycles of one IMUL of the chain */
	struct blocks shape;
	/* What the report says that the others are compared with, "native" or
	 * "MODE/CONVENTION"; NULL: it says nothing. */
	const char *of;
	/* NULL where there is none that was timed. */
	struct bench *reference, *native, *twin, *empty, *chain;
	bool has_native;	/* timed or not */
	const json_t *json;
};

struct report {
	const char *path;
	char cpu[200];		/* vendor, family-model-stepping, name, arch */
	uint64_t seed;
	uint64_t chain_cycles;	/* of one IMUL of the chain */
	size_t groups, benches;
	struct group *group;
	struct bench *bench;
	json_t *json;		/* owns every name above */
};

/* The first thing that was wrong, as one line; later ones are not kept. */
struct complaint {
	const char *path;
	char where[160];	/* in the file, or empty */
	char text[600];		/* empty: nothing is wrong */
};

__attribute__((format(printf, 2, 3)))
void complain(struct complaint *c, const char *format, ...);

/* Members of an object; what is missing or of another type is complained of and
 * comes as "", 0 or NULL. */
const char *need_text(struct complaint *c, const json_t *o, const char *key);
int64_t need_count(struct complaint *c, const json_t *o, const char *key);
const json_t *need_list(struct complaint *c, const json_t *o, const char *key);
const json_t *need_object(struct complaint *c, const json_t *o, const char *key);

/**
 * report_read - a whole file, or nothing.
 *
 * Return: false if anything in it is not as it must be: @c says what, and @r
 * needs no report_free().
 */
bool report_read(struct report *r, const char *path, struct complaint *c);
void report_free(struct report *r);

/* read_bench.c: r->bench from r->json, when r->group is there. */
bool read_benches(struct report *r, struct complaint *c);

#endif
