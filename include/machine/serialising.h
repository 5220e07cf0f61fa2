/* SPDX-License-Identifier: GPL-2.0-only */
/* The serialising instructions, by number and by name: list/serialise.def has them, best
 * first.  What one costs is measured, see run/torture.h. */
#ifndef SERIALISING_H
#define SERIALISING_H

enum serialise_id {
#define SERIALISE(name, feature, what) SERIALISE_##name,
#include "list/serialise.def"
#undef SERIALISE
	SERIALISE_COUNT
};

/* One of them that this machine lets us run. */
struct serialiser {
	const char *name;
	void (*run)(void);
};
#define SERIALISERS_MOST	4

extern const char *const serialise_names[SERIALISE_COUNT];

#endif
