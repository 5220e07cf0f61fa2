/* SPDX-License-Identifier: GPL-2.0-only */
/* The patch engine, see text.h. */
#include "lib.h"
#include "mode.h"
#include "text.h"

const char *const patched_names[PATCHED_COUNT] = {
#define PATCHED(name, what) [name] = what,
#include "patched.def"
#undef PATCHED
};

bool outcome_is_kept(enum patched outcome)
{
	switch (outcome) {
	case PATCHED_INLINE:
	case PATCHED_CALL:
	case PATCHED_STUB:
	case PATCHED_JUMP:
	case PATCHED_TEST_CALL:
		return false;
	case KEPT_AS_BUILT:
	case KEPT_NO_FORM:
	case KEPT_TOO_SMALL:
	case KEPT_NO_REGISTER:
	case KEPT_OUT_OF_REACH:
	case PATCHED_COUNT:
		break;
	}
	return true;
}

/* One bit a byte of text: is it part of a site already seen? */
static size_t map_bytes(const struct text_where *w)
{
	return (w->len + 7) / 8;
}

size_t text_room(const struct text_where *w)
{
	size_t bytes = map_bytes(w);

	/* Lengths are not validated yet; whatever they are, they fit. */
	for (size_t i = 0; i < w->count; i++)
		bytes += 2u * w->sites[i].len;
	return bytes + (w->islands ? w->count * ISLAND_BYTES : 0);
}

static bool refuse(struct text_error *e, const struct text_where *w, size_t i,
		   const char *why)
{
	bool record = i != TEXT_NO_RECORD;

	*e = (struct text_error){
		.why = why, .record = i,
		.addr = record ? text_site_addr(w, i) : 0,
		.type = record ? w->sites[i].type : 0,
		.len = record ? w->sites[i].len : 0,
	};
	return false;
}

static bool is_x64(const struct text_where *w)
{
	return w->isa == ISA_X86_64;
}

/*
 * One push or pop of a register at p[0]: its register 0-15, or -1.  @base is
 * 0x50 for push and 0x58 for pop.
 */
static int stack_reg(const uint8_t *p, size_t room, uint8_t base, bool x64,
		     unsigned *len)
{
	unsigned rex = x64 && room >= 2 && p[0] == 0x41;

	if (room <= rex || (p[rex] & 0xf8) != base)
		return -1;
	*len = rex + 1;
	return (p[rex] & 7) | (rex ? 8 : 0);
}

/* The slot that the call at @p, which runs at @addr, goes through. */
static uint64_t call_slot(const uint8_t *p, uint64_t addr, bool x64)
{
	int32_t d = (int32_t)((uint32_t)p[2] | (uint32_t)p[3] << 8
			      | (uint32_t)p[4] << 16 | (uint32_t)p[5] << 24);

	return x64 ? addr + CALL_MEM_LEN + (uint64_t)(int64_t)d : (uint32_t)d;
}

static uint64_t slot_of(const struct text_where *w, uint64_t table,
			unsigned type)
{
	return table + (uint64_t)type * (is_x64(w) ? 8 : 4);
}

unsigned clobber_bit(unsigned reg)
{
	static const uint16_t bits[16] = {
		[0] = CLOBBER_AX, [1] = CLOBBER_CX, [2] = CLOBBER_DX,
		[6] = CLOBBER_SI, [7] = CLOBBER_DI, [8] = CLOBBER_R8,
		[9] = CLOBBER_R9, [10] = CLOBBER_R10, [11] = CLOBBER_R11,
	};

	return bits[reg];
}

/* A NOP that a site may be built with: its length, or 0. */
static unsigned built_nop(const uint8_t *p, unsigned room)
{
	static const uint8_t nop8[8] = { SITE_NOP8_BYTES };
	static const uint8_t nop2[2] = { SITE_NOP2_BYTES };

	if (room >= sizeof(nop8) && !memcmp(p, nop8, sizeof(nop8)))
		return sizeof(nop8);
	if (room >= sizeof(nop2) && !memcmp(p, nop2, sizeof(nop2)))
		return sizeof(nop2);
	return 0;
}

/* What a site is made of. */
struct shape {
	unsigned call, pops;	/* bytes before the call, and of pops behind it */
	unsigned saved;		/* enum clobber bits */
	bool callee;
};

static const char *wrong_registers(const struct text_where *w,
				   const struct site *s, const struct shape *shape)
{
	unsigned clobbers = s->clobbers;
	unsigned all = is_x64(w) ? CLOBBER_X86_64 : CLOBBER_IA32;
	/* An op returns in these, so no site need save them. */
	unsigned results = CLOBBER_AX | (is_x64(w) ? 0 : CLOBBER_DX);

	if (clobbers & ~all)
		return "the record names registers that a call does not change";
	if (clobbers & shape->saved)
		return "the record lets a register be changed that the site saves";
	if (!shape->callee && all & ~(clobbers | shape->saved | results))
		return "the site neither saves nor lets be changed what a C function may change";
	if (shape->callee && !op_info[s->type].words
	    && !((clobbers | shape->saved) & CLOBBER_AX))
		return "the site neither saves nor lets be changed what a thunk changes";
	return NULL;
}

/* Is it pushes, the op's call (or a trampoline's jump), the matching pops, NOPs,
 * and no more?  @p: the bytes of site @i, wherever they are. */
static const char *read_shape(const struct text_where *w, size_t i,
			      const uint8_t *p, struct shape *shape)
{
	unsigned len = w->sites[i].len, type = w->sites[i].type;
	unsigned at = 0, pushes = 0, k = 0;
	int stack[SITE_LEN_MAX];
	uint64_t slot;
	int reg;

	*shape = (struct shape){ 0 };
	while ((reg = stack_reg(p + at, len - at, 0x50, is_x64(w), &k)) >= 0) {
		shape->saved |= clobber_bit(reg);
		stack[pushes++] = reg;
		at += k;
	}
	if (len - at < CALL_MEM_LEN || p[at] != 0xff
	    || p[at + 1] != (w->jumps ? 0x25 : 0x15))
		return "the site holds no indirect call through memory";
	slot = call_slot(p + at, text_site_addr(w, i) + at, is_x64(w));
	shape->callee = w->callee && slot == slot_of(w, w->callee, type);
	if (slot != slot_of(w, w->table, type) && !shape->callee)
		return "the site does not call the op that its record names";
	shape->call = at;
	at += CALL_MEM_LEN;
	while (pushes && (reg = stack_reg(p + at, len - at, 0x58, is_x64(w), &k))
	       == stack[pushes - 1]) {
		pushes--;
		at += k;
	}
	shape->pops = at - shape->call - CALL_MEM_LEN;
	while ((k = built_nop(p + at, len - at)))
		at += k;
	if (pushes || at != len)
		return "the site ends inside an instruction or pops what it did not push";
	return NULL;
}

static const char *check_shape(const struct text_where *w, size_t i)
{
	struct shape shape;
	const char *why = read_shape(w, i, text_site_bytes(w, i), &shape);

	return why ? why : wrong_registers(w, &w->sites[i], &shape);
}

/* Marks the site's bytes; false if one was marked already. */
static bool mark(uint8_t *map, uint64_t off, unsigned len)
{
	for (; len; len--, off++) {
		uint8_t bit = (uint8_t)(1u << (off & 7));

		if (map[off >> 3] & bit)
			return false;
		map[off >> 3] |= bit;
	}
	return true;
}

static const char *check_record(const struct text_where *w, size_t i,
				uint8_t *map)
{
	const struct site *s = &w->sites[i];
	uint64_t off = text_site_addr(w, i) - w->addr;

	/* off is unsigned: an address before the text is a huge offset. */
	if (off >= w->len || s->len > w->len - off)
		return "the site is not inside the text";
	if (s->len < CALL_MEM_LEN)
		return "the site is shorter than an indirect call";
	if (s->len > SITE_LEN_MAX)
		return "the site is too long";
	if (s->type >= w->ops)
		return "there is no op of that type";
	if (!mark(map, off, s->len))
		return "the site overlaps another";
	return check_shape(w, i);
}

bool text_open(struct text *t, const struct text_where *w, void *room,
	       size_t room_bytes, struct text_error *e)
{
	size_t bytes = 0, i;
	uint8_t *at = room;

	if (room_bytes < text_room(w))
		return refuse(e, w, TEXT_NO_RECORD, "too little room for the built bytes");
	if (!w->count)
		return refuse(e, w, TEXT_NO_RECORD, "there are no records");
	memset(at, 0, map_bytes(w));
	for (i = 0; i < w->count; i++) {
		const char *why = check_record(w, i, at);

		if (why)
			return refuse(e, w, i, why);
		bytes += w->sites[i].len;
	}
	at += map_bytes(w);
	*t = (struct text){
		.where = *w, .built = at, .staged = at + bytes,
		.islands = w->islands ? at + 2 * bytes : NULL,
		.site_bytes = bytes,
	};
	for (i = 0; i < w->count; at += w->sites[i].len, i++)
		memcpy(at, text_site_bytes(w, i), w->sites[i].len);
	return true;
}

static struct sited_op sited_op(const struct text *t, size_t i)
{
	const struct site *s = &t->where.sites[i];

	return (struct sited_op){
		.isa = t->where.isa, .type = s->type, .len = s->len,
		.addr = text_site_addr(&t->where, i), .clobbers = s->clobbers,
		.jump = t->where.jumps, .where = &t->where,
		.island = t->islands ? t->where.islands + i * ISLAND_BYTES : 0,
	};
}

/* What the site was built of.  text_open() has seen that it can be read; the bytes
 * there now may be another form's, so it is read from the built ones. */
static void read_built(const struct text *t, size_t i, const uint8_t *built,
		       struct sited_op *so)
{
	struct shape shape;

	read_shape(&t->where, i, built, &shape);
	so->call = shape.call;
	so->pops = shape.pops;
	so->callee = shape.callee;
}

/* The form in @buf, and what fills the rest of the site. */
static void take_form(struct text_form *f, const struct sited_op *so,
		      const struct mode *m, const struct nop_table *nops,
		      uint8_t *buf, unsigned used)
{
	f->used = used;
	f->nops = nop_pad(nops, so, f->outcome, buf, used);
	memcpy(f->bytes, buf, so->len);
	if (m->island && so->island)
		f->island_len = m->island(so, f->island);
}

/* Encodes from @built, the site's built bytes, so that history cannot matter. */
static const char *encode(const struct text *t, size_t i, const uint8_t *built,
			  const struct backend *b, const struct mode *m,
			  const struct nop_table *nops, struct text_form *f)
{
	struct sited_op so = sited_op(t, i);
	uint8_t buf[FORM_LEN_MAX];
	unsigned used = 0;

	read_built(t, i, built, &so);
	memcpy(f->bytes, built, so.len);
	memcpy(buf, built, so.len);
	f->len = f->used = so.len;
	f->type = so.type;
	f->nops = f->island_len = 0;
	f->outcome = m->encode(b, &so, buf, &used);
	if ((unsigned)f->outcome >= PATCHED_COUNT)
		return "the backend's patch hook returned no outcome";
	if (outcome_is_kept(f->outcome))
		return NULL;
	if (used > so.len)
		return "the backend's patch hook wrote more than the site holds";
	take_form(f, &so, m, nops, buf, used);
	return NULL;
}

const char *text_encode(const struct text *t, size_t i, const struct backend *b,
			const struct mode *m, const struct nop_table *nops,
			struct text_form *f)
{
	const uint8_t *built = t->built;
	size_t k;

	for (k = 0; k < i; k++)
		built += t->where.sites[k].len;
	return encode(t, i, built, b, m, nops, f);
}

struct text text_part(const struct text *t, size_t first, size_t count,
		      size_t built)
{
	struct text part = *t;

	part.where.sites += first;
	part.where.sites_addr += first * sizeof(struct site);
	part.where.count = count;
	part.built += built;
	part.staged += built;
	if (!t->islands)
		return part;
	part.islands += first * ISLAND_BYTES;
	part.where.islands += first * ISLAND_BYTES;
	part.where.island_bytes += first * ISLAND_BYTES;
	return part;
}

unsigned text_call_at(const struct text *t, size_t i)
{
	const uint8_t *built = t->built;
	struct shape shape;

	for (size_t k = 0; k < i; k++)
		built += t->where.sites[k].len;
	read_shape(&t->where, i, built, &shape);
	return shape.call;
}

static bool has_islands(const struct text *t, const struct mode *m)
{
	return m && m->island && t->islands;
}

static bool in_span(const struct text *t, size_t i, struct text_span span)
{
	uint64_t addr = text_site_addr(&t->where, i);

	return addr >= span.begin && addr < span.end;
}

static void count(struct text_counts *c, const struct text_form *f)
{
	c->sites++;
	c->outcome[f->outcome]++;
	c->nops += f->nops;
	if (f->nops > c->max_nops)
		c->max_nops = f->nops;
}

/* Encodes every site of the span into t->staged, islands into t->islands. */
static bool stage(const struct text *t, const struct backend *b,
		  const struct mode *m, const struct nop_table *nops,
		  struct text_span span, struct text_counts *c,
		  struct text_error *e)
{
	size_t off = 0, i;

	*c = (struct text_counts){ 0 };
	for (i = 0; i < t->where.count; off += t->where.sites[i].len, i++) {
		struct text_form f;
		const char *why;

		if (!in_span(t, i, span))
			continue;
		why = encode(t, i, t->built + off, b, m, nops, &f);
		if (why)
			return refuse(e, &t->where, i, why);
		memcpy(t->staged + off, f.bytes, f.len);
		if (has_islands(t, m)) {
			memset(f.island + f.island_len, 0xcc,
			       ISLAND_BYTES - f.island_len);
			memcpy(t->islands + i * ISLAND_BYTES, f.island, ISLAND_BYTES);
		}
		count(c, &f);
	}
	return true;
}

/* What is to be at the sites of a span: laid out as t->built, and of which mode,
 * NULL for none. */
struct content {
	const uint8_t *bytes;
	const struct mode *mode;
	struct text_span span;
};

static bool same_island(const struct text *t, const struct content *k, size_t i)
{
	return !has_islands(t, k->mode)
		|| !memcmp(t->where.island_bytes + i * ISLAND_BYTES,
			   t->islands + i * ISLAND_BYTES, ISLAND_BYTES);
}

/* Is it what is there? */
static bool compare(const struct text *t, const struct content *k,
		    const char *why, struct text_error *e)
{
	const struct text_where *w = &t->where;
	size_t off = 0, i;

	for (i = 0; i < w->count; off += w->sites[i].len, i++)
		if (in_span(t, i, k->span)
		    && (memcmp(text_site_bytes(w, i), k->bytes + off, w->sites[i].len)
			|| !same_island(t, k, i)))
			return refuse(e, w, i, why);
	return true;
}

/* Stores it; reads back. */
static bool store(const struct text *t, const struct content *k,
		  const struct text_writer *wr, struct text_error *e)
{
	const struct text_where *w = &t->where;
	size_t off = 0, i;

	if (!wr->open(wr->ctx))
		return refuse(e, w, TEXT_NO_RECORD, "the text cannot be made writable");
	for (i = 0; i < w->count; off += w->sites[i].len, i++) {
		if (!in_span(t, i, k->span))
			continue;
		/* First what the site will jump to. */
		if (has_islands(t, k->mode))
			wr->write(wr->ctx, w->island_bytes + i * ISLAND_BYTES,
				  t->islands + i * ISLAND_BYTES, ISLAND_BYTES);
		wr->write(wr->ctx, text_site_bytes(w, i), k->bytes + off,
			  w->sites[i].len);
	}
	wr->close(wr->ctx);
	return compare(t, k, "the site did not read back as written", e);
}

bool text_apply(const struct text *t, const struct backend *b,
		const struct mode *m, const struct nop_table *nops,
		struct text_span span, const struct text_writer *wr,
		struct text_counts *c, struct text_error *e)
{
	const struct content k = { t->staged, m, span };

	return stage(t, b, m, nops, span, c, e) && store(t, &k, wr, e);
}

bool text_verify(const struct text *t, const struct backend *b,
		 const struct mode *m, const struct nop_table *nops,
		 struct text_span span, struct text_error *e)
{
	const struct content k = { t->staged, m, span };
	struct text_counts c;

	return stage(t, b, m, nops, span, &c, e)
		&& compare(t, &k, "the site holds something else", e);
}

bool text_unchanged(const struct text *t, const struct mode *m,
		    struct text_error *e)
{
	const struct content k = { t->staged, m, TEXT_ALL };

	return compare(t, &k, "the site holds something else", e);
}

bool text_restore(const struct text *t, const struct text_writer *wr,
		  struct text_error *e)
{
	const struct content k = { t->built, NULL, TEXT_ALL };

	return store(t, &k, wr, e);
}
