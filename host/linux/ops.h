/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of a kernel's ops.
 *
 * Two witnesses: the structure (what each slot's function does, what alternatives put at
 * its sites, in which order the slots stand), and the symbols (the function's name).  The
 * structure is asked alone first.  What symbols say counts only where it is one of the
 * things that the structure leaves; where it is not, there is no name.  The release is
 * not asked.
 */
#ifndef OPS_H
#define OPS_H

#include "order.h"
#include "records.h"

/* NAMED(name, what).  The first: the symbols say nothing; the third: the structure leaves
 * more than one; the fourth: they disagree. */
#define NAMED_BY(NAMED)							\
	NAMED(structure, "by the structure alone")			\
	NAMED(both, "by structure and symbols")				\
	NAMED(symbols, "by symbols, among what the structure leaves")	\
	NAMED(conflict, "not named: structure and symbols disagree")	\
	NAMED(none, "not named: more than one is possible, or none that is known")

enum named_by {
#define NAMED(name, what) NAMED_##name,
	NAMED_BY(NAMED)
#undef NAMED
	NAMED_COUNT
};

extern const char *const named_words[NAMED_COUNT], *const named_what[NAMED_COUNT];

#define OP_SYMBOL_MAX	64

struct op_naming {
	enum member is;		/* MEMBER_NONE: not named */
	enum named_by by;
	bool slot;		/* it holds a function, or is called */
	bool possible[MEMBER_COUNT + 1];
	char symbol[OP_SYMBOL_MAX];	/* of its function; "": it has none */
};

/* Fills k->names, one for each slot; false: no memory. */
bool ops_name(struct kernel *k);

/* How many slots are named by what. */
void ops_count(const struct kernel *k, unsigned n[NAMED_COUNT]);

/* Name of an op, of a type where they are listed; NULL: not known. */
const char *op_name(const struct kernel *k, unsigned op);

#endif
