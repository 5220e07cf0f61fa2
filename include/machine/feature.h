/* SPDX-License-Identifier: GPL-2.0-only */
/* What the CPU has, of the list in feature.def. */
#ifndef FEATURE_H
#define FEATURE_H

#include <stdbool.h>
#include <stdint.h>
#include "machine/cpuid.h"

enum feature {
#define FEATURE(name, leaf, sub, reg, bit) FEATURE_##name,
#define ALSO(name, leaf, sub, reg, bit)
#include "list/feature.def"
#undef FEATURE
#undef ALSO
	FEATURE_COUNT
};

extern const char *const feature_names[FEATURE_COUNT];

struct features {
	uint64_t bits;		/* 1 << enum feature */
};

_Static_assert(FEATURE_COUNT <= 64, "a feature is a bit of struct features");

/* Asks only leaves and subleaves that are there. */
struct features features_of(const struct cpuid *c);

static inline bool has_feature(struct features f, enum feature which)
{
	return f.bits >> which & 1;
}

#endif
