/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room of the patch engine: text_open, text_encode, text_apply (text_stage and
 * text_store), text_verify, text_restore; a source for each of the first four.
 *
 * A text is a run of instructions with sites in it and a table of records that
 * says where they are, see text_where.h.  What a site may be built of
 * is in core/patch/site_shape.h; what a mode puts there, mode.h; what fills the rest,
 * nop.h; who stores, writer.h.
 *
 *	struct text t;
 *	struct text_error e;
 *
 *	if (!text_open(&t, &where, room, room_bytes, &e)) ...	refused whole
 *	text_apply(&t, backend, mode, nops, span, writer, &counts, &e);
 *	...
 *	text_restore(&t, writer, &e);
 *
 * Sites are always encoded from the built bytes, which text_open() keeps, so
 * what a text_apply() leaves depends on its arguments and not on what was
 * applied before.
 *
 * All or nothing: a call that fails before its first store has changed no byte.
 * The one failure after it, a store that did not read back, says so.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "paravirt/ops.h"
#include "patch/nop.h"
#include "patch/text_error.h"
#include "patch/text_where.h"
#include "patch/writer.h"
#include "site/site.h"
#include "site/sited_op.h"

/* Bytes of a form that are a displacement of 32 bits, at most so many. */
#define TEXT_RELS	8

/*
 * Sites that differ in their place alone: a mode is asked once for all of them.
 * What is below the line is what the last text_stage() found out.
 */
struct site_class {
	uint16_t clobbers;
	uint8_t type, len, call, pops;
	bool callee;
	/* Its first site, and those with the lowest and the highest address. */
	struct site_at {
		uint64_t addr;
		const uint8_t *built;
	} first, low, high;
	size_t total;			/* of its sites in the whole text */
	/* --- */
	size_t count;			/* of its sites in the span */
	bool lone;			/* no two are alike: each is encoded by itself */
	enum patched outcome;
	bool kept;			/* the outcome is */
	unsigned nops;
	uint64_t addr;			/* at which bytes[] are right */
	uint8_t rels, rel[TEXT_RELS];	/* offsets of displacements in bytes[] */
	uint8_t bytes[SITE_LEN_MAX];
};

/* What a class's sites are to hold, as the loops over sites want it: by two words
 * that may overlap, from the site's first byte and up to its last. */
struct site_words {
	enum { WORDS_BUILT, WORDS_FIXED, WORDS_PLACED, WORDS_OTHER } how;
	uint32_t head, tail;		/* WORDS_FIXED */
	uint32_t shift;			/* WORDS_PLACED: bits before the displacement */
	uint64_t word, addr;		/* the form at that address, as a number */
};

/* Most of them; sites of further ones are lone. */
#define TEXT_CLASSES	512

/* A text that text_open() accepted.  Only text_open() fills it. */
struct text {
	struct text_where where;
	uint8_t *built;		/* built bytes of every site, one after the other */
	size_t site_bytes;	/* length of those */
	uint16_t *class_of;	/* of every site; TEXT_CLASSES: it is lone */
	struct site_class *classes;
	struct site_words *words;	/* of every class */
	unsigned class_count;
	size_t total;		/* of records, if this is a part of a text */
};

/* What became of the sites: sums to the number of sites in the span. */
struct text_counts {
	unsigned sites;
	unsigned outcome[PATCHED_COUNT];	/* indexed by enum patched */
	unsigned nops;				/* padding instructions written */
	unsigned max_nops;			/* most of them in one site */
};

/* The sites a call is about: those that begin in [begin, end). */
struct text_span {
	uint64_t begin, end;
};

#define TEXT_ALL	((struct text_span){ 0, UINT64_MAX })

static inline bool text_span_has(struct text_span span, uint64_t addr)
{
	return addr >= span.begin && addr < span.end;
}

/**
 * text_room - bytes of memory text_open() needs.
 * @w: the text, its records not yet validated.
 *
 * Return: the map of the text, a bit a byte, the built bytes, and the classes.
 */
size_t text_room(const struct text_where *w);

/* That or more, for so many bytes of text, and so many sites of @site_bytes in all, or
 * of the text's bytes where those are fewer. */
#define TEXT_ROOM(text_bytes, sites, site_bytes)			\
	(16 + ((sites) < TEXT_CLASSES ? (sites) : TEXT_CLASSES)		\
		* (sizeof(struct site_class) + sizeof(struct site_words)) \
	 + (sites) * sizeof(uint16_t) + ((text_bytes) + 7) / 8 + (site_bytes))

/**
 * text_open - validate every record and keep the built bytes.
 * @t:    filled on success only.
 * @w:    where the text and its records are; copied.
 * @room: memory for the built bytes, text_room(@w) bytes, owned by the caller
 *        for as long as @t is used.
 * @room_bytes: its size.
 * @e:    filled on failure.
 *
 * The text ends at the last address at most; the records are not in it.  Every site
 * must lie wholly inside the text, overlap no other, have a known
 * type and a length from 6 to SITE_LEN_MAX, and hold exactly this: pushes of
 * single registers, one indirect call through the table's slot for that type (of
 * either table), as many pops in reverse order, and NOPs of site.h.  So a record
 * that points into the middle of an instruction, or that names the wrong op, is
 * refused; and so is one that allows a register to be changed that the site saves,
 * or that forgets one that a C function may change.  Where the sites are
 * trampolines each is one indirect jump.
 *
 * Where the ops are somebody else's (@w->foreign) nothing is known of what they take
 * and change: a record's clobbers are not looked at, a site may be a call or a jump,
 * may have a CS prefix and, on x86-64, an absolute address (FF 14 25, FF 24 25).
 *
 * Return: false if any record is bad; then nothing was written but @room, and
 * @e names the first bad record by number, address and reason.
 */
bool text_open(struct text *t, const struct text_where *w, void *room,
	       size_t room_bytes, struct text_error *e);

/* One site as a call to text_encode() left it. */
struct text_form {
	uint8_t bytes[SITE_LEN_MAX];
	unsigned len, used;	/* of the site; of the form before padding */
	uint8_t island[ISLAND_BYTES];
	unsigned island_len;	/* 0: the form has none */
	unsigned nops;		/* padding instructions */
	enum patched outcome;
	unsigned type;
};

struct mode;

/**
 * text_part - some of a text's records that follow each other, as a text.
 * @first, @count: which.
 * @built: bytes of all sites before them.
 *
 * It shares @t's memory, and needs it as long.
 */
struct text text_part(const struct text *t, size_t first, size_t count,
		      size_t built);

/**
 * text_encode - compute one site's form; pure.
 * @t:    an open text.
 * @i:    number of the record, less than t->where.count.
 * @b:    whose forms.
 * @m:    how the site is to reach its op.
 * @nops: padding.
 * @f:    the bytes, as long as the site.
 *
 * Return: NULL, or why the backend's hook cannot be trusted (it claims more
 * bytes than the site has).
 */
const char *text_encode(const struct text *t, size_t i, const struct backend *b,
			const struct mode *m, const struct nop_table *nops,
			struct text_form *f);

/* What text_stage() decided: all that a store needs. */
struct text_staged {
	const struct text *t;
	const struct backend *b;
	const struct mode *m;		/* NULL: the built bytes */
	const struct nop_table *nops;
	struct text_span span;
	bool lone;			/* every site is encoded by itself */
};

/**
 * text_stage - decide what every site of a span is to hold; stores nothing.
 * @t:    an open text.
 * @b, @m, @nops: as for text_encode().
 * @span: which sites; TEXT_ALL for all.
 * @s:    filled on success; holds until the next text_stage(), text_apply() or
 *        text_verify() of the same text, or of a text_part() of it.
 * @c:    what became of the sites, filled on success.
 * @e:    filled on failure.
 *
 * Sites that differ in their place alone are asked for together.  So a form may
 * depend on where it is only by displacements of 32 bits, which is verified with
 * the sites at both ends; a mode with islands, and the padding that takes turns
 * (poison), are asked for every site.
 *
 * Return: false if a form was refused.
 */
bool text_stage(const struct text *t, const struct backend *b,
		const struct mode *m, const struct nop_table *nops,
		struct text_span span, struct text_staged *s,
		struct text_counts *c, struct text_error *e);

/**
 * text_staged_site - the bytes a site is to hold.
 * @i:   number of the record.
 * @buf: SITE_LEN_MAX bytes.
 *
 * Return: how many.  Of a site outside of the span they are the built bytes.
 */
unsigned text_staged_site(const struct text_staged *s, size_t i, uint8_t *buf);

/* Do the staged forms have islands, of the sites that need one? */
bool text_staged_islands(const struct text_staged *s);

/**
 * text_store - store what was staged, in one window, and read it back.
 * @wr: does the storing.
 * @e:  filled on failure.
 *
 * A form's island is stored before its site; islands are the engine's to write, and
 * hold nothing of interest where no form has one.
 *
 * Return: false if the window cannot be had (no byte changed), or if a site did not
 * read back as written.
 */
bool text_store(const struct text_staged *s, const struct text_writer *wr,
		struct text_error *e);

/**
 * text_apply - put every site of a span into one mode: text_stage(), text_store().
 *
 * Return: false as those; no byte is changed but for a site that did not read back.
 */
bool text_apply(const struct text *t, const struct backend *b,
		const struct mode *m, const struct nop_table *nops,
		struct text_span span, const struct text_writer *wr,
		struct text_counts *c, struct text_error *e);

/**
 * text_verify - does the text hold what text_apply() would store?
 * @t, @b, @m, @nops, @span, @e: as for text_apply().
 *
 * Changes nothing.  Return: false at the first site that differs.
 */
bool text_verify(const struct text *t, const struct backend *b,
		 const struct mode *m, const struct nop_table *nops,
		 struct text_span span, struct text_error *e);

/**
 * text_restore - put the built bytes back at every site.
 *
 * Return: false as text_apply().
 */
bool text_restore(const struct text *t, const struct text_writer *wr,
		  struct text_error *e);

/* Bytes that site @i of an open text was built with before its call. */
unsigned text_call_at(const struct text *t, size_t i);

#endif
