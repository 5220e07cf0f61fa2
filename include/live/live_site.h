/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One site that is patched live: its new bytes, and what it held before.
 *
 * What it held decides what a CPU does that takes its INT3: the handler does the same
 * where that is one of live_was.def, and waits where it is not.
 */
#ifndef LIVE_SITE_H
#define LIVE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "site/sited_op.h"

enum live_was {
#define LIVE(name, what) LIVE_##name,
#include "list/live_was.def"
#undef LIVE
	LIVE_COUNT
};

/* The list's word for each. */
extern const char *const live_names[LIVE_COUNT];

/* All but the last three members are for whoever patches to fill. */
struct live_site {
	uint64_t addr;			/* where it runs */
	uint8_t *at;			/* where it is stored, see live_store() */
	uint8_t *island_at;		/* likewise of its island, or NULL */
	size_t record;			/* its number, for whoever says what failed */
	unsigned len;
	uint8_t form[SITE_LEN_MAX];	/* the new bytes */
	uint8_t island[ISLAND_BYTES];
	/* What was there: filled by live_add(), see live_batch.h. */
	enum live_was was;
	uint64_t target;		/* of a call: the op, or the slot */
	uint8_t head;			/* the first byte */
};

/**
 * live_was - what a site holds, for the handler.
 * @p: its @len bytes, which run at @addr.
 * @target: of a call.
 *
 * Pure.
 */
enum live_was live_was(enum isa isa, const uint8_t *p, unsigned len, uint64_t addr,
		       uint64_t *target);

/* Does it hold its new bytes already, its island included? */
bool live_site_holds(const struct live_site *s);

#endif
