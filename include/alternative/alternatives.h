/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The patch engine where a text has alternatives: beside paravirt records, or
 * alone.  A site may have a record, alternatives, or both.
 *
 *	struct alternatives a;
 *
 *	if (!alternatives_open(&a, &where, &text, room, room_bytes, &e)) ...
 *	alternatives_apply(&a, &how, writer, &counts, &e);
 *	...
 *	alternatives_restore(&a, writer, &e);
 *
 * One pass: what is to be at a site is decided once, from the built bytes; every
 * site is stored once, all in one window; the CPU is serialised once.  At a site that
 * has both the last eligible alternative wins, as if the record were the entry before
 * the first: where none is eligible the site gets the mode's form.
 *
 * All or nothing, as in text.h.
 */
#ifndef ALTERNATIVES_H
#define ALTERNATIVES_H

#include "alternative/alternative.h"
#include "patch/text.h"

/* A site of either kind, or of both. */
struct alternatives_site {
	uint64_t addr;
	size_t first, count;		/* its entries; count 0: it has none */
	size_t record;			/* its paravirt record, or TEXT_NO_RECORD */
	size_t record_built;		/* built bytes of all records before that one */
	unsigned len;
};

/* Only alternatives_open() fills it. */
struct alternatives {
	struct alternative_where where;
	const struct text *text;	/* NULL: there are no records */
	struct alternatives_site *site;
	size_t count;
	uint8_t *built;			/* of every site, one after the other */
	uint8_t *staged;		/* likewise, what is to be stored */
	uint8_t *islands;		/* ISLAND_BYTES for every record; NULL: none */
	size_t site_bytes;
};

/* Why something was refused, for one line of text. */
struct alternatives_error {
	const char *why;		/* a sentence without its end, static */
	const char *table;		/* which: the section's name */
	size_t record;			/* its number, or TEXT_NO_RECORD */
	uint64_t addr;			/* of its site */
	unsigned len;
};

/* What the records' half of a pass needs, and what the alternatives' does. */
struct alternatives_how {
	const struct backend *backend;	/* NULL: records stay as they were built */
	const struct mode *mode;
	const struct nop_table *nops;	/* behind forms */
	struct text_span span;
	struct alternative_rules rules;
};

/* Every site of the span is counted once: by alternative where it has entries, but
 * by text where it has a record as well and no entry is eligible. */
struct alternatives_counts {
	unsigned sites, both;
	unsigned alternative[ALTERNATIVE_OUTCOMES];
	struct text_counts text;
	unsigned nops;			/* behind replacements */
};

/* Bytes of memory alternatives_open() needs; SIZE_MAX: more than there can be. */
size_t alternatives_room(const struct alternative_where *w, const struct text *t);

/**
 * alternatives_open - validate every entry and keep the built bytes.
 * @a:    filled on success only.
 * @w:    where they are; copied.
 * @t:    the records of the same text, open and as built; NULL: there are none.
 * @room: alternatives_room(@w, @t) bytes, aligned as malloc() aligns.
 * @e:    filled on failure.
 *
 * Refused are: flags that are none, features that there are not; a site that is not
 * inside the text, has no bytes, is too long, does not end where an instruction ends
 * when it is read from its beginning, or shares bytes with another's, unless they
 * begin at the same address and follow each other in the table; a replacement that is
 * longer than its site, not inside its section, no whole number of instructions, or
 * that does not reach from the site what it reached; a DIRECT_CALL that is not a call
 * for a call; and a site that shares bytes with a record's, unless it is the same
 * bytes.
 *
 * Return: false if any is bad; then nothing was written but @room.
 */
bool alternatives_open(struct alternatives *a, const struct alternative_where *w,
		       const struct text *t, void *room, size_t room_bytes,
		       struct alternatives_error *e);

/**
 * alternatives_apply - decide all sites of a span, store them, read them back.
 * @c: filled on success.
 *
 * Return: false if one could not be decided or the window cannot be had: no byte
 * is changed; or if a site did not read back as written.
 */
bool alternatives_apply(const struct alternatives *a,
			const struct alternatives_how *how,
			const struct text_writer *wr,
			struct alternatives_counts *c,
			struct alternatives_error *e);

/* Does the text hold what that would store?  Changes nothing but a->staged. */
bool alternatives_verify(const struct alternatives *a,
			 const struct alternatives_how *how,
			 struct alternatives_error *e);

/* Puts the built bytes back at every site, of records too. */
bool alternatives_restore(const struct alternatives *a,
			  const struct text_writer *wr,
			  struct alternatives_error *e);

#endif
