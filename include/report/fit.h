/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who can be inlined where: the bytes and registers that a backend's form of an op
 * needs, against what the sites of each convention offer.
 */
#ifndef FIT_H
#define FIT_H

#include "lib/json.h"
#include "paravirt/ops.h"
#include "patch/text.h"
#include "workload/workload.h"

/* What a backend's form of an op needs. */
struct fit_form {
	bool known;		/* it has one */
	unsigned bytes;
	unsigned scratch;	/* enum clobber bits: registers it changes */
};

/**
 * fit_form - ask a backend's hook, with a site that has room for all.
 * @addr: where the site would be.
 *
 * Pure.
 */
struct fit_form fit_form(const struct backend *b, enum isa isa, enum op op,
			 uint64_t addr);

/* Where the sites of the workloads are: record + 1, or 0, by convention and op. */
struct fit_sites {
	size_t record[CONVENTION_COUNT][OP_COUNT];
	bool sited[OP_COUNT];	/* ops that have one in any convention */
};

/**
 * fit_find - the first site of each op in each convention.
 * @w: the application's text, open.
 */
void fit_find(struct fit_sites *s, const struct text_where *w);

/* An op of a backend. */
struct fit {
	struct fit_form form;
	struct {
		bool there;		/* the convention has such a site */
		unsigned bytes;
		enum patched outcome;	/* of mode inline */
	} at[CONVENTION_COUNT];
};

/**
 * fit_of - form and sites.
 * @t: the text that @s is of.
 *
 * Return: false if the op has no site in any convention.
 */
bool fit_of(const struct text *t, const struct fit_sites *s,
	    const struct backend *b, enum op op, const struct nop_table *nops,
	    struct fit *f);

/* The registers of a form, "RAX+RDX"; "none". */
#define FIT_SCRATCH_ROOM	48
const char *fit_scratch(char *to, enum isa isa, unsigned scratch);

/*
 * Two faces, and the room that the JSON needs at most: of every op that has sites,
 * the native backend's row, and where any backend has an op of its own, a row of each
 * that is to be had.
 * @t: NULL: nothing.
 */
void fit_lines(const struct text *t, const struct nop_table *nops, struct sink *s);
void fit_json(const struct text *t, const struct nop_table *nops, struct json *j);
size_t fit_room(const struct text *t);

#endif
