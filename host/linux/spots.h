/* SPDX-License-Identifier: GPL-2.0-only */
/* Places that a kernel may have rewritten. */
#ifndef SPOTS_H
#define SPOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "mechanism.h"

/* A trampoline's key that no table names. */
#define KEY_UNKNOWN	UINT64_MAX

/* One place of a table. */
struct spot {
	uint64_t addr;		/* first: see rows_upto() */
	uint64_t arg;		/* jump label: target; static calls: key; constant: section */
	uint64_t key;		/* jump label; of a section's record its number */
	uint8_t len;
	uint8_t table;
	bool flag;		/* jump label: is it a jump while the key is off? */
	uint8_t done;		/* enum rewrite */
};

struct spots {
	struct spot *spot;	/* by address once all are listed */
	size_t count, room;
	bool full;		/* no memory */
};

void spots_add(struct spots *s, struct spot spot);
/* In order, each once. */
void spots_sort(struct spots *s);
/* Of sorted ones, one that covers @addr; NULL. */
const struct spot *spots_at(const struct spots *s, uint64_t addr);
void spots_free(struct spots *s);

#endif
