/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a text is, where its records are, and what its sites call.
 *
 * A text is a run of instructions with sites in it.  It may be this application, a
 * module, or an image in memory that never runs here; so whatever is said of it is an
 * address at which it will run, and beside it a pointer to where its bytes are now.
 * Nothing here has been validated: that is text_open(), see text.h.
 */
#ifndef TEXT_WHERE_H
#define TEXT_WHERE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "paravirt/stub.h"
#include "site/site.h"
#include "site/sited_op.h"

/* Where a text and its records are.  Addresses are run-time addresses; the
 * pointers say where those bytes are now, which differs for an image. */
struct text_where {
	enum isa isa;
	uint64_t addr;			/* of bytes[0] */
	uint8_t *bytes;			/* the text */
	size_t len;			/* bytes of text */
	uint64_t sites_addr;		/* of sites[0] */
	const struct site *sites;	/* the records */
	size_t count;			/* of records */
	uint64_t table;			/* address of the ops table they call by */
	unsigned ops;			/* slots of that table */
	uint64_t callee;		/* likewise of callee-save thunks; 0: none */
	uint64_t stub[STUB_COUNT];	/* see stub.h; 0: there is none */
	unsigned endbr;			/* bytes of ENDBR that each op begins with */
	bool jumps;			/* the sites are trampolines */
	bool foreign;			/* the ops are somebody else's: see text.h */
	uint64_t islands;		/* of island_bytes[0]; 0: there are none */
	uint8_t *island_bytes;		/* ISLAND_BYTES for every record */
};

/* Address and bytes of site @i of an open text. */
static inline uint64_t text_site_addr(const struct text_where *w, size_t i)
{
	/* The offset counts from the record's first field. */
	return w->sites_addr + i * sizeof(struct site)
		+ (uint64_t)(int64_t)w->sites[i].site;
}

static inline uint8_t *text_site_bytes(const struct text_where *w, size_t i)
{
	return w->bytes + (text_site_addr(w, i) - w->addr);
}

/* The memory that a store to a text is about. */
struct text_extent {
	uint8_t *begin;
	size_t len;
};

/**
 * text_extent - from the first byte of a text to its last.
 * @islands: with its islands, if it has any; they may be elsewhere.
 */
struct text_extent text_extent(const struct text_where *w, bool islands);

#endif
