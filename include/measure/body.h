/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bodies: many copies of a compiled workload, laid out as one likes; pure.
 *
 * A body is: what the compiler put before the second copy of "three" (the way in
 * and the first copy), the second copy again and again with a layout's filler
 * after each, and a jump to the compiled way out.  Nothing but the calls of its
 * sites depends on where it is, and those are made to reach their slots again.
 * So a body is what the compiler would have made of that many copies, at an
 * address and a distance of our choosing.
 */
#ifndef BODY_H
#define BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "measure/copies.h"
#include "measure/layout.h"
#include "site/site.h"
#include "patch/text.h"

/* Code that bodies are made from.  Its sites hold their built bytes. */
struct template {
	const uint8_t *bytes;	/* where it is now */
	uint64_t addr;		/* where it runs */
	unsigned head;		/* bytes before the part that is repeated */
	unsigned copy;		/* bytes of that part, may be 0 */
	uint64_t way_out;	/* address behind the last copy */
};

/* A site within a template. */
struct template_site {
	unsigned at;		/* from the template's first byte */
	unsigned call;		/* from the site's first byte to its ff 15 */
	uint8_t type, len;
	uint16_t clobbers;
};
#define TEMPLATE_SITES_MAX	64

struct template_sites {
	unsigned count;
	struct template_site site[TEMPLATE_SITES_MAX];
};

/**
 * template_sites - the records of a text that lie in a template, by address.
 * @w: the text it was compiled in, accepted by text_open().
 *
 * Return: false if there are more than TEMPLATE_SITES_MAX, or one is half in it.
 */
bool template_sites(const struct template *t, const struct text_where *w,
		    struct template_sites *s);

/* Where bodies are written, and where they will run.  Grows by body_emit(). */
struct emitter {
	enum isa isa;
	uint8_t *bytes;		/* of addr */
	uint64_t addr;
	size_t room, used;
	struct site *sites;	/* records, self-relative to sites_addr */
	uint64_t sites_addr;
	size_t sites_room, count;
};

/* A body as it was emitted. */
struct body {
	uint64_t entry;		/* run this */
	uint64_t begin, end;	/* all of it: [begin, end) */
	uint64_t first;		/* the first repeated copy */
};

/**
 * body_emit - write a body behind what the emitter holds.
 * @e:       where; what is skipped for alignment is filled with INT3.
 * @t, @s:   of what.
 * @repeats: how often the repeated part is there; 0 leaves the head alone.
 * @offset:  the first repeated copy is at this many bytes from the beginning of a
 *           cache line, 0 to LINE_BYTES - 1.
 * @l, @f:   what follows each repeated copy.
 * @b:       filled on success.
 *
 * Return: NULL, or what there was no room for, or that a filler would be too long, or
 * that the ops table or the way out is out of a call's reach.
 */
const char *body_emit(struct emitter *e, const struct template *t,
		      const struct template_sites *s, unsigned repeats,
		      unsigned offset, const struct layout *l,
		      const struct fill *f, struct body *b);

/* A part of a template, and instructions before it. */
struct body_step {
	unsigned from, to;	/* from the template's first byte; its repeated part, or less */
	unsigned gap;
};

/* fill_leas() or fill_chain(). */
typedef unsigned gap_fill(enum isa isa, unsigned n, uint8_t *to);

/**
 * body_emit_steps - write a body of parts of the template, in any order.
 * @step:   @steps of them, one behind the other, all of it @rounds times.
 * @fill:   writes the instructions of a gap.
 *
 * The parts begin and end alike: from any of them any may follow.  Else as body_emit() is,
 * whose head and way out it has.
 */
const char *body_emit_steps(struct emitter *e, const struct template *t,
			    const struct template_sites *s,
			    const struct body_step *step, unsigned steps,
			    unsigned rounds, unsigned offset, gap_fill *fill,
			    struct body *b);

/**
 * body_emit_block - write a template once, as it is: code with branches, which returns.
 * @t:      no head, nothing repeated: copy is all of it; no way out.
 * @offset: where in a cache line it begins.
 * @b:      filled on success: entry is its first byte.
 */
const char *body_emit_block(struct emitter *e, const struct template *t,
			    const struct template_sites *s, unsigned offset, struct body *b);

/**
 * body_emit_way_in - write a body that enters a block for so many units.
 * @block: it takes struct work * and a number in the registers of two arguments (FASTCALL).
 * @b:     filled on success; first is the block's first byte.
 */
const char *body_emit_way_in(struct emitter *e, const struct body *block, unsigned units,
			     struct body *b);

#endif
