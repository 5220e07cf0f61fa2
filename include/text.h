/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The patch engine: text_open, text_encode, text_apply, text_verify,
 * text_restore.
 *
 * A text is a run of instructions with sites in it and a table of records that
 * says where they are.  It may be this application, a module, or an image in
 * memory that never runs: the engine only knows where its bytes are and at
 * which address they will run.
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
#include "nop.h"
#include "paravirt.h"
#include "patch.h"
#include "site.h"
#include "stub.h"

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
	uint64_t islands;		/* of island_bytes[0]; 0: there are none */
	uint8_t *island_bytes;		/* ISLAND_BYTES for every record */
};

/* A text that text_open() accepted.  Only text_open() fills it. */
struct text {
	struct text_where where;
	uint8_t *built;		/* built bytes of every site, one after the other */
	uint8_t *staged;	/* the bytes a write is about to store, likewise */
	uint8_t *islands;	/* and those of islands; NULL: there are none */
	size_t site_bytes;	/* length of each of the first two */
};

/* Why something was refused, for one line of text. */
struct text_error {
	const char *why;	/* a sentence without its end, static */
	size_t record;		/* number of the record, or TEXT_NO_RECORD */
	uint64_t addr;		/* of its site */
	unsigned type, len;	/* as the record has them */
};
#define TEXT_NO_RECORD	((size_t)-1)

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

/**
 * struct text_writer - the one place that stores to code.
 * @open:   Makes the text writable for this CPU and keeps interrupts away.
 *          False: it cannot; nothing was changed.
 * @write:  Stores @len bytes at @to.
 * @close:  Serialises this CPU, then puts everything back as @open found it.
 *          Called exactly once after each successful @open.
 */
struct text_writer {
	bool (*open)(void *ctx);
	void (*write)(void *ctx, uint8_t *to, const uint8_t *from, size_t len);
	void (*close)(void *ctx);
	void *ctx;
};

/**
 * text_room - bytes of memory text_open() needs.
 * @w: the text, its records not yet validated.
 *
 * Return: the map of the text, a bit a byte, twice the length of all sites, and
 * their islands.
 */
size_t text_room(const struct text_where *w);

/**
 * text_open - validate every record and keep the built bytes.
 * @t:    filled on success only.
 * @w:    where the text and its records are; copied.
 * @room: memory for the built bytes, text_room(@w) bytes, owned by the caller
 *        for as long as @t is used.
 * @room_bytes: its size.
 * @e:    filled on failure.
 *
 * Every site must lie wholly inside the text, overlap no other, have a known
 * type and a length from 6 to SITE_LEN_MAX, and hold exactly this: pushes of
 * single registers, one indirect call through the table's slot for that type (of
 * either table), as many pops in reverse order, and NOPs of site.h.  So a record
 * that points into the middle of an instruction, or that names the wrong op, is
 * refused; and so is one that allows a register to be changed that the site saves,
 * or that forgets one that a C function may change.  Where the sites are
 * trampolines each is one indirect jump.
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

/**
 * text_apply - put every site of a span into one mode.
 * @t:    an open text.
 * @b, @m, @nops: as for text_encode().
 * @span: which sites; TEXT_ALL for all.
 * @wr:   does the storing.
 * @c:    what became of the sites, filled on success.
 * @e:    filled on failure.
 *
 * Encodes all sites first, then opens the writer, stores each site in one go,
 * closes the writer (one serialisation for the batch), and reads back.  A form's
 * island is stored like its site; islands are the engine's to write, and hold
 * nothing of interest where no form has one.
 *
 * Return: false if a form was refused or the writer cannot open (no byte
 * changed), or if a site did not read back as written.
 */
bool text_apply(const struct text *t, const struct backend *b,
		const struct mode *m, const struct nop_table *nops,
		struct text_span span, const struct text_writer *wr,
		struct text_counts *c, struct text_error *e);

#define TEXT_ALL	((struct text_span){ 0, UINT64_MAX })

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
 * text_unchanged - does the text hold what the last text_apply() of @m stored?
 * @t: to which nothing but that was applied; all of its sites were in the span.
 *
 * As text_verify(), but for less: nothing is encoded again.
 */
bool text_unchanged(const struct text *t, const struct mode *m,
		    struct text_error *e);

/**
 * text_restore - put the built bytes back at every site.
 *
 * Return: false as text_apply().
 */
bool text_restore(const struct text *t, const struct text_writer *wr,
		  struct text_error *e);

/* Bytes that site @i of an open text was built with before its call. */
unsigned text_call_at(const struct text *t, size_t i);

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

#endif
