/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts made in memory, of either ISA, with sites of every convention in them. */
#ifndef SYNTHETIC_H
#define SYNTHETIC_H

#include <stdlib.h>
#include <string.h>
#include "patch/text.h"

#define SYN_BYTES	4096
#ifndef SYN_SITES
#define SYN_SITES	64
#endif
#define SYN_FILLER	0xcc

/* Far apart, but x86-64's call reaches the table; ia32's addresses are such. */
#define SYN_TEXT	0x00401000u
#define SYN_RECORDS	0x00408000u
#define SYN_TABLE	0x00410000u
#define SYN_CALLEE_TABLE 0x00418000u
#define SYN_RETPOLINE	0x00420000u
#define SYN_LFENCE	0x00424000u
#define SYN_TRAMPOLINE	0x00428000u
#define SYN_ISLANDS	0x00430000u

/* Registers that a site pushes around its call, in that order; NOPs of 8 bytes
 * behind it, and then one of 2 if there are any. */
struct syn_shape {
	const char *name;
	unsigned pushes;
	uint8_t reg[16];
	unsigned clobbers;
	unsigned nops;
	bool callee;
};

enum syn_shapes { SYN_CCALL, SYN_SEED_U, SYN_SEED, SYN_CALLEE, SYN_WIDE16,
		  SYN_WIDE32, SYN_SHAPES };

/* As the conventions have them: include/convention, arch.h. */
static const struct syn_shape syn_shapes[ISA_COUNT][SYN_SHAPES] = {
	[ISA_IA32] = {
		{ "ccall", 0, { 0 }, 0x7, 0, false },
		{ "seed, a value comes back", 2, { 1, 2 }, 0, 0, false },
		{ "seed", 3, { 0, 1, 2 }, 0, 0, false },
		{ "callee", 0, { 0 }, 1, 0, true },
		{ "wide16", 0, { 0 }, 0x7, 1, false },
		{ "wide32", 0, { 0 }, 0x7, 3, false },
	},
	[ISA_X86_64] = {
		{ "ccall", 0, { 0 }, 0x1ff, 0, false },
		{ "seed, a value comes back", 8, { 1, 2, 6, 7, 8, 9, 10, 11 }, 0,
		  0, false },
		{ "seed", 9, { 0, 1, 2, 6, 7, 8, 9, 10, 11 }, 0, 0, false },
		{ "callee", 0, { 0 }, 1, 0, true },
		{ "wide16", 0, { 0 }, 0x1ff, 1, false },
		{ "wide32", 0, { 0 }, 0x1ff, 3, false },
	},
};

static const char *const syn_isa[ISA_COUNT] = { "ia32", "x86_64" };

struct syn {
	struct text_where where;
	size_t used;			/* bytes of text */
	uint8_t bytes[SYN_BYTES];
	struct site sites[SYN_SITES];
	uint8_t islands[SYN_SITES * ISLAND_BYTES];
	uint8_t room[TEXT_ROOM(SYN_BYTES, SYN_SITES, 256 * SYN_SITES)];
};

static inline void syn_begin(struct syn *s, enum isa isa)
{
	memset(s, 0, sizeof(*s));
	memset(s->bytes, SYN_FILLER, sizeof(s->bytes));
	s->where = (struct text_where){
		.isa = isa, .addr = SYN_TEXT, .bytes = s->bytes,
		.len = SYN_BYTES, .sites_addr = SYN_RECORDS,
		.sites = s->sites, .table = SYN_TABLE, .ops = OP_COUNT,
		.callee = SYN_CALLEE_TABLE, .endbr = ENDBR_LEN,
		.stub = { [STUB_retpoline] = SYN_RETPOLINE,
			  [STUB_lfence] = SYN_LFENCE,
			  [STUB_trampoline] = SYN_TRAMPOLINE },
		.islands = SYN_ISLANDS, .island_bytes = s->islands,
	};
}

static inline void syn_byte(struct syn *s, unsigned byte)
{
	s->bytes[s->used++] = (uint8_t)byte;
}

/* PUSH is 50+r, POP 58+r, with REX.B for the upper eight.  Source: Intel SDM
 * Vol. 2B, "PUSH", "POP". */
static inline void syn_stack(struct syn *s, unsigned op, unsigned reg)
{
	if (reg & 8)
		syn_byte(s, 0x41);
	syn_byte(s, op | (reg & 7));
}

/* FF /2 through memory, or /4 where sites are jumps: an absolute address, or one
 * relative to its end. */
static inline void syn_call_in(struct syn *s, uint64_t table, unsigned type)
{
	bool x64 = s->where.isa == ISA_X86_64;
	uint32_t slot = (uint32_t)table + type * (x64 ? 8 : 4);
	uint32_t at = (uint32_t)s->where.addr + (uint32_t)s->used + 6;

	if (x64)
		slot -= at;
	syn_byte(s, 0xff);
	syn_byte(s, s->where.jumps ? 0x25 : 0x15);
	for (int i = 0; i < 4; i++, slot >>= 8)
		syn_byte(s, slot & 0xff);
}

static inline void syn_call(struct syn *s, unsigned type)
{
	syn_call_in(s, s->where.table, type);
}

/* As site.h has them, by hand.  Source: Intel SDM Vol. 2B, "NOP--No Operation". */
static inline void syn_nops(struct syn *s, unsigned of_8)
{
	static const uint8_t nop8[] = { 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0 };

	for (unsigned i = 0; i < of_8 * sizeof(nop8); i++)
		syn_byte(s, nop8[i % sizeof(nop8)]);
	if (of_8) {
		syn_byte(s, 0x66);
		syn_byte(s, 0x90);
	}
}

/* The record's offset that makes it point at text byte @at. */
static inline int32_t syn_offset(const struct syn *s, size_t record, size_t at)
{
	return (int32_t)(s->where.addr + at
			 - (s->where.sites_addr + record * sizeof(struct site)));
}

static inline void syn_record(struct syn *s, size_t at, unsigned type,
			      unsigned len, unsigned clobbers)
{
	size_t i = s->where.count++;

	s->sites[i] = (struct site){
		.site = syn_offset(s, i, at), .type = (uint8_t)type,
		.len = (uint8_t)len, .clobbers = (uint16_t)clobbers,
	};
}

/* One good site, its record, and a byte of filler after it.  Returns where it
 * begins. */
static inline size_t syn_site(struct syn *s, unsigned type,
			      const struct syn_shape *shape)
{
	size_t at = s->used;

	for (unsigned i = 0; i < shape->pushes; i++)
		syn_stack(s, 0x50, shape->reg[i]);
	syn_call_in(s, shape->callee ? s->where.callee : s->where.table, type);
	for (unsigned i = shape->pushes; i-- > 0; )
		syn_stack(s, 0x58, shape->reg[i]);
	syn_nops(s, shape->nops);
	syn_record(s, at, type, (unsigned)(s->used - at), shape->clobbers);
	s->used++;
	return at;
}

static inline bool syn_open(struct syn *s, struct text *t, struct text_error *e)
{
	return text_open(t, &s->where, s->room, sizeof(s->room), e);
}

/*
 * A writer that counts what is done with it, and can be told to fail: a store is a
 * run of bytes that changed, sites being apart, and may be lost.
 */
struct syn_writer {
	struct text_writer writer;
	unsigned opened, closed, written;
	unsigned refuse_open;			/* at the open of this number */
	unsigned drop;				/* the store of this number */
	unsigned drop_copy;			/* all that text_copy() of this number does */
};

/* Its argument begins with where it stores to. */
static inline bool syn_is_copy(const uint8_t *at, void *arg)
{
	return *(uint8_t **)arg == at;
}

/* From @i on, where the two differ first; @len: nowhere.  By words and not watched, for a
 * text is long, little of it changes, and the caller has read all of both. */
static inline __attribute__((no_sanitize("address", "undefined")))
size_t syn_differ(const uint8_t *a, const uint8_t *b, size_t i, size_t len)
{
	uint64_t x, y;

	for (; len - i >= sizeof(x); i += sizeof(x)) {
		__builtin_memcpy(&x, a + i, sizeof(x));
		__builtin_memcpy(&y, b + i, sizeof(y));
		if (x != y)
			break;
	}
	while (i < len && a[i] == b[i])
		i++;
	return i;
}

static inline void syn_lose(struct syn_writer *w, uint8_t *at,
			    const uint8_t *before, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		i = syn_differ(at, before, i, len);
		for (n = 0; i + n < len && at[i + n] != before[i + n]; n++)
			;
		if (n && ++w->written == w->drop)
			memcpy(at + i, before + i, n);
	}
}

static inline bool syn_window(void *ctx, uint8_t *at, size_t len,
			      void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	static uint8_t *before;		/* kept: a new one would be of new pages */
	static size_t room;
	struct syn_writer *w = ctx;

	if (++w->opened == w->refuse_open)
		return false;
	if (len > room) {
		free(before);
		before = malloc(len);
		room = len;
	}
	memcpy(before, at, len);
	store(arg, 0);
	syn_lose(w, at, before, len);
	if (syn_is_copy(at, arg) && w->drop_copy && !--w->drop_copy)
		memcpy(at, before, len);
	w->closed++;
	return true;
}

static inline void syn_writer_begin(struct syn_writer *w)
{
	*w = (struct syn_writer){ .writer = { syn_window, w } };
}

#endif
