/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Alternatives: a site, other instructions for it, and the feature of the machine
 * they are for.  What is to be at a site is decided here, in pure functions;
 * alternatives.h checks whole tables and stores.
 *
 * The semantics are those of Linux's .altinstructions since 6.8, where paravirt
 * sites are alternatives too.
 */
#ifndef ALTERNATIVE_H
#define ALTERNATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "patch/nop.h"
#include "site/sited_op.h"

enum alternative_flag {
	/* For machines without the feature. */
	ALTERNATIVE_NOT = 1,
	/* The site is one indirect call through memory and the replacement a CALL of
	 * what complains: the call is made a direct one. */
	ALTERNATIVE_DIRECT_CALL = 2,
	ALTERNATIVE_FLAGS = 3,
};

/* One entry, whatever the layout it was read from.  Several of the same address, one
 * after the other in a table, are of one site, which is as long as the longest. */
struct alternative {
	uint64_t addr, replacement;	/* run-time addresses */
	uint16_t feature;
	uint8_t len, replacement_len;	/* bytes */
	uint8_t flags;			/* enum alternative_flag */
};

/* Where a text, the replacements, and the entries are.  Addresses are run-time
 * addresses; the pointers say where those bytes are now. */
struct alternative_where {
	enum isa isa;
	uint64_t addr;			/* of bytes[0] */
	uint8_t *bytes;			/* the text */
	size_t len;
	uint64_t replacement_addr;	/* of replacement[0] */
	const uint8_t *replacement;	/* all replacements are in these */
	size_t replacement_len;
	const struct alternative *entry;
	size_t count;
	unsigned features;		/* numbers below that are features */
};

/* Is a JMP rel32 that is copied made a JMP rel8 where that reaches? */
enum alternative_shrink {
	SHRINK_NO,
	/* One that is the whole replacement and leads forwards; NOPs behind it, as in
	 * Linux until 6.1 at least. */
	SHRINK_FORWARD,
	/* Every one; INT3s behind it, as in Linux 6.12 and 6.19. */
	SHRINK_ALL,
};

/* By what the choice is made. */
struct alternative_rules {
	bool (*has)(void *ctx, unsigned feature);
	/* The pointer at an address; false: it cannot be read.  For DIRECT_CALL. */
	bool (*pointer)(void *ctx, uint64_t addr, uint64_t *value);
	void *ctx;
	uint64_t nothing;		/* the function that does nothing; 0: none */
	const struct nop_table *nops;
	enum alternative_shrink shrink;
};

/* Instructions, and where they are to go. */
struct alternative_block {
	enum isa isa;
	const uint8_t *bytes;
	unsigned len;
	uint64_t from, to;		/* where they were made to run, and will */
};

/**
 * alternative_copy - instructions to another address.
 * @b:      what, from where, to where.
 * @shrink: see above; @nops is for SHRINK_FORWARD.
 * @buf:    b->len bytes, undefined on failure.
 *
 * Branches and operands relative to RIP reach what they reached before; those that
 * lead into the block or to its end are a part of it and stay what they are.
 *
 * Return: NULL, or why it cannot be copied: it is not a whole number of
 * instructions, or a displacement is too short for where it has to reach.
 */
const char *alternative_copy(const struct alternative_block *b,
			     enum alternative_shrink shrink,
			     const struct nop_table *nops, uint8_t *buf);

/**
 * alternative_choose - the entry a site is to have.
 * @entry, @count: all entries of one site, in the table's order.
 *
 * Return: number of the last one that is eligible; @count: none is.
 */
size_t alternative_choose(const struct alternative *entry, size_t count,
			  const struct alternative_rules *r);

enum alternative_outcome {
#define ALTERNATIVE_OUTCOME(name, word, what) ALTERNATIVE_##name,
#include "list/alternative.def"
#undef ALTERNATIVE_OUTCOME
	ALTERNATIVE_OUTCOMES
};

/* What a site is to hold. */
struct alternative_form {
	uint8_t bytes[SITE_LEN_MAX];
	unsigned len, used;		/* of the site; before padding */
	unsigned nops;			/* padding instructions */
	enum alternative_outcome outcome;
	size_t chosen;			/* number of the entry in its table */
};

/**
 * alternative_build - decide what a site is to hold: once, all entries at once.
 * @w:     a table whose entries alternative_check() has seen.
 * @first, @count: the entries of the site.
 * @built: the bytes it was built with.
 * @f:     filled on success; of an outcome BUILT the built bytes.
 *
 * A DIRECT_CALL reads the pointer through the operand of the built call, whatever is
 * at the site now.  What a replacement leaves of the site is filled with the fewest
 * NOPs of @r->nops.
 *
 * Return: NULL, or why not.
 */
const char *alternative_build(const struct alternative_where *w, size_t first,
			      size_t count, const uint8_t *built,
			      const struct alternative_rules *r,
			      struct alternative_form *f);

/**
 * alternative_check - everything about one entry that can be wrong.
 * @i:     its number.
 * @len:   of its site.
 * @built: the bytes the site was built with; the site is inside the text.
 *
 * Return: NULL, or why it is refused.
 */
const char *alternative_check(const struct alternative_where *w, size_t i,
			      unsigned len, const uint8_t *built);

/* Bytes of a site: the longest of its entries. */
unsigned alternative_site_len(const struct alternative *entry, size_t count);

/* Entries from @first on that are of the same site; at least 1. */
size_t alternative_same_site(const struct alternative_where *w, size_t first);

/* The bytes of an entry's replacement; NULL: they are not among the replacements. */
const uint8_t *alternative_replacement(const struct alternative_where *w,
				       const struct alternative *a);

#endif
