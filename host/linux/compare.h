/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A patched image held against the memory of that kernel, booted.
 *
 * Every site is in one class.  A difference is explained only if what explains it
 * accounts for every byte that differs.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "patch/nop.h"
#include "rewrite.h"

#define CLASSES(CLASS)							\
	CLASS(same, "the same bytes")					\
	CLASS(table, "the booted kernel's ops table names another function, and the form " \
		     "for that is there") \
	CLASS(rewritten, "but for what other mechanisms made of instructions that their " \
			 "tables list: see rewritten") \
	CLASS(replacement, "the replacement was itself rewritten before it was copied, and " \
			   "is there") \
	CLASS(not_decided, "the tool left the site as it was built: see alternatives not decided") \
	CLASS(not_in_dump, "the address is not in the dump")		\
	CLASS(unexplained, "other bytes, and nothing says why")

enum class {
#define CLASS(name, what) CLASS_##name,
	CLASSES(CLASS)
#undef CLASS
	CLASS_COUNT
};

extern const char *const class_names[CLASS_COUNT], *const class_what[CLASS_COUNT];

struct comparison {
	size_t paras[CLASS_COUNT], alts[CLASS_COUNT];	/* each sums to its sites */
	enum class *para, *alt;		/* of each */
	struct rewriting rewriting;	/* by other mechanisms, everywhere */
};

/* @k's image is patched by @a, and had the bytes @built.  False: no memory. */
bool compare(const struct kernel *k, const struct applied *a,
	     const struct nop_table *nops, const struct dump *d,
	     const uint8_t *built, struct comparison *c);
void comparison_free(struct comparison *c);

#endif
