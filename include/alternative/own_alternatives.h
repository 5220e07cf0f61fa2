/* SPDX-License-Identifier: GPL-2.0-only */
/* The alternatives of this image, see alternatives.h. */
#ifndef OWN_ALTERNATIVES_H
#define OWN_ALTERNATIVES_H

#include "alternative/alternatives.h"
#include "machine/feature.h"
#include "paravirt/ops.h"

/* Numbers that an entry's feature may have: feature.def's, then synthetic.def's. */
enum alternative_feature {
	ALT_FEATURE_LAST_OF_CPU = FEATURE_COUNT - 1,
#define SYNTHETIC(name, what) ALT_FEATURE_##name,
#include "list/synthetic.def"
#undef SYNTHETIC
	ALT_FEATURE_COUNT
};

/* What the image's rules look at. */
struct own_machine {
	struct features cpu;
	bool guest;		/* a backend other than native is in force */
};

/* Records there are room for. */
#define OWN_ALTERNATIVES	64

struct own_alternatives {
	struct alternative entry[OWN_ALTERNATIVES];
	struct alternatives open;
	struct own_machine machine;
	struct alternatives_how how;
};

/**
 * own_alternatives_where - the image's entries, read.
 * @own: the image's text, see own_text.h.
 * @to:  to->entry is filled, to->machine as given, to->how for its own features with
 *       paravirt records left alone.
 *
 * Return: where they are.  Of more records than there is room for none are taken:
 * count is 0.
 */
struct alternative_where own_alternatives_where(const struct text_where *own,
						struct own_alternatives *to,
						struct own_machine machine,
						const struct nop_table *nops);

/* For the report: sites of the image, those of them that are not as built, and those
 * that call directly. */
struct own_alternatives_found {
	unsigned sites, applied, direct;
};

/* Of what alternatives_apply() counted. */
struct own_alternatives_found
own_alternatives_found(const struct alternatives_counts *c);

/*
 * Code with alternatives, run: SELFTEST_APPLIED when they have been applied,
 * SELFTEST_BUILT when they have not.  See alternative_selftest.S.
 */
enum { SELFTEST_BUILT = 2, SELFTEST_APPLIED = 3 };
unsigned alternative_selftest(void);

#endif
