/* SPDX-License-Identifier: GPL-2.0-only */
/* The patch engine, see text.h. */
#include "lib/mem.h"
#include "patch/mode.h"
#include "patch/text.h"

const char *const patched_names[PATCHED_COUNT] = {
#define PATCHED(name, what) [name] = what,
#include "list/outcome.def"
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

#define ROOM_ALIGN	16

static size_t class_room(const struct text_where *w)
{
	return w->count < TEXT_CLASSES ? w->count : TEXT_CLASSES;
}

size_t text_room(const struct text_where *w)
{
	size_t bytes = ROOM_ALIGN + class_room(w)
		* (sizeof(struct site_class) + sizeof(struct site_words))
		+ w->count * sizeof(uint16_t) + map_bytes(w);
	size_t built = 0;

	/* Lengths are not validated yet.  Sites that do not overlap are no longer than
	 * the text: a sum that is, does not count, and cannot wrap. */
	for (size_t i = 0; i < w->count; i++)
		built = w->sites[i].len > w->len - built ? w->len
			: built + w->sites[i].len;
	return bytes + built;
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

/* A call or jump through memory, or what is to be one. */
struct call_mem {
	unsigned len;		/* bytes; 0: it is none */
	unsigned at;		/* of its displacement */
	bool relative;
};

/* FF /2 or FF /4 with a displacement and nothing else.  Source: Intel SDM Vol. 2A,
 * "ModR/M and SIB Bytes". */
static struct call_mem own_call(const struct text_where *w, const uint8_t *p,
				unsigned room)
{
	bool is = room >= CALL_MEM_LEN && p[0] == 0xff
		&& p[1] == (w->jumps ? 0x25 : 0x15);

	return (struct call_mem){ is ? CALL_MEM_LEN : 0, 2, is_x64(w) };
}

static struct call_mem foreign_call(const struct text_where *w, const uint8_t *p,
				    unsigned room)
{
	unsigned cs = room && p[0] == 0x2e;
	const uint8_t *q = p + cs;

	room -= cs;
	if (room >= CALL_MEM_LEN && q[0] == 0xff && (q[1] == 0x15 || q[1] == 0x25))
		return (struct call_mem){ cs + CALL_MEM_LEN, cs + 2, is_x64(w) };
	if (is_x64(w) && room > CALL_MEM_LEN && q[0] == 0xff
	    && (q[1] == 0x14 || q[1] == 0x24) && q[2] == 0x25)
		return (struct call_mem){ cs + CALL_MEM_LEN + 1, cs + 3, false };
	return (struct call_mem){ 0 };
}

/* Loads and stores of a word at any address, which is no call. */
static inline uint64_t load_8(const uint8_t *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t load_4(const uint8_t *p)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

static inline void store_4(uint8_t *p, uint32_t v)
{
	__builtin_memcpy(p, &v, sizeof(v));
}

/* From 6 to SITE_LEN_MAX bytes, by words that may overlap: a call of memcpy() costs
 * more than such a copy. */
static inline void copy_site(uint8_t *to, const uint8_t *from, unsigned len)
{
	unsigned i;

	if (len < 8) {
		__builtin_memcpy(to, from, 4);
		__builtin_memcpy(to + len - 4, from + len - 4, 4);
		return;
	}
	for (i = 0; i + 8 < len; i += 8)
		__builtin_memcpy(to + i, from + i, 8);
	__builtin_memcpy(to + len - 8, from + len - 8, 8);
}

/* The slot that the call at @p, which runs at @addr, goes through. */
static uint64_t call_slot(const struct text_where *w, const struct call_mem *k,
			  const uint8_t *p, uint64_t addr)
{
	int32_t d = (int32_t)load_4(p + k->at);

	if (!is_x64(w))
		return (uint32_t)d;
	return (k->relative ? addr + k->len : 0) + (uint64_t)(int64_t)d;
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
	unsigned disp;		/* bytes before the call's displacement */
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
 * and no more?  @p: the bytes of site @s at @addr, wherever they are. */
static const char *read_shape(const struct text_where *w, const struct site *s,
			      uint64_t addr, const uint8_t *p, struct shape *shape)
{
	unsigned len = s->len, at = 0, pushes = 0, k = 0;
	int stack[SITE_LEN_MAX];
	struct call_mem call;
	uint64_t slot;
	int reg;

	*shape = (struct shape){ 0 };
	while ((reg = stack_reg(p + at, len - at, 0x50, is_x64(w), &k)) >= 0) {
		shape->saved |= clobber_bit(reg);
		stack[pushes++] = reg;
		at += k;
	}
	call = w->foreign ? foreign_call(w, p + at, len - at)
		: own_call(w, p + at, len - at);
	if (!call.len)
		return "the site holds no indirect call through memory";
	slot = call_slot(w, &call, p + at, addr + at);
	shape->callee = w->callee && slot == slot_of(w, w->callee, s->type);
	if (slot != slot_of(w, w->table, s->type) && !shape->callee)
		return "the site does not call the op that its record names";
	shape->call = at;
	shape->disp = at + call.at;
	at += call.len;
	while (pushes && (reg = stack_reg(p + at, len - at, 0x58, is_x64(w), &k))
	       == stack[pushes - 1]) {
		pushes--;
		at += k;
	}
	shape->pops = at - shape->call - call.len;
	while ((k = built_nop(p + at, len - at)))
		at += k;
	if (pushes || at != len)
		return "the site ends inside an instruction or pops what it did not push";
	return NULL;
}

static const char *check_shape(const struct text_where *w, size_t i,
			       struct shape *shape)
{
	const struct site *s = &w->sites[i];
	const char *why = read_shape(w, s, text_site_addr(w, i),
				     text_site_bytes(w, i), shape);

	return why || w->foreign ? why : wrong_registers(w, s, shape);
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
				uint8_t *map, struct shape *shape)
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
	return check_shape(w, i, shape);
}

/* Were they built the same but for the call's displacement?  A form may keep any of it:
 * which registers are pushed, in what order. */
static bool is_built_alike(const uint8_t *a, const uint8_t *b, unsigned len,
			   unsigned disp)
{
	return !memcmp(a, b, disp)
		&& !memcmp(a + disp + 4, b + disp + 4, len - disp - 4);
}

static bool is_of_class(const struct site_class *k, const struct site *s,
			const struct shape *shape, const struct site_at *at)
{
	return k->type == s->type && k->len == s->len
		&& k->clobbers == s->clobbers && k->call == shape->call
		&& k->pops == shape->pops && k->callee == shape->callee
		&& is_built_alike(k->first.built, at->built, s->len, shape->disp);
}

/* The class of a site, perhaps a new one; TEXT_CLASSES if there are too many. */
static unsigned find_class(struct text *t, const struct site *s,
			   const struct shape *shape, const struct site_at *at,
			   unsigned guess)
{
	unsigned i;

	if (guess < t->class_count && is_of_class(&t->classes[guess], s, shape, at))
		return guess;
	for (i = 0; i < t->class_count; i++)
		if (is_of_class(&t->classes[i], s, shape, at))
			return i;
	if (i < TEXT_CLASSES) {
		t->class_count++;
		t->classes[i] = (struct site_class){
			.clobbers = s->clobbers, .type = s->type, .len = s->len,
			.call = (uint8_t)shape->call, .pops = (uint8_t)shape->pops,
			.callee = shape->callee,
			.first = *at, .low = *at, .high = *at,
		};
	}
	return i;
}

/* Guesses are by type and length: most sites of an op are alike. */
#define GUESSES		256

static unsigned guess_of(const struct site *s)
{
	return (s->type * 31u + s->len) % GUESSES;
}

/* Where the pieces of the room are. */
static void divide_room(struct text *t, const struct text_where *w, void *room,
			uint8_t **map)
{
	uintptr_t at = ((uintptr_t)room + ROOM_ALIGN - 1) & ~(uintptr_t)(ROOM_ALIGN - 1);

	*t = (struct text){ .where = *w, .total = w->count };
	t->classes = (struct site_class *)at;
	t->words = (struct site_words *)(t->classes + class_room(w));
	t->class_of = (uint16_t *)(t->words + class_room(w));
	*map = (uint8_t *)(t->class_of + w->count);
	t->built = *map + map_bytes(w);
}

static const char *take_record(struct text *t, size_t i, uint8_t *map,
			       uint16_t *guesses)
{
	const struct text_where *w = &t->where;
	const struct site *s = &w->sites[i];
	uint16_t *guess = &guesses[guess_of(s)];
	struct shape shape;
	const char *why = check_record(w, i, map, &shape);
	struct site_at at = { text_site_addr(w, i), t->built + t->site_bytes };
	struct site_class *k;

	if (why)
		return why;
	memcpy(t->built + t->site_bytes, text_site_bytes(w, i), s->len);
	t->site_bytes += s->len;
	*guess = t->class_of[i] = (uint16_t)find_class(t, s, &shape, &at, *guess);
	if (*guess == TEXT_CLASSES)
		return NULL;
	k = &t->classes[*guess];
	k->total++;
	if (at.addr < k->low.addr)
		k->low = at;
	if (at.addr > k->high.addr)
		k->high = at;
	return NULL;
}

bool text_open(struct text *t, const struct text_where *w, void *room,
	       size_t room_bytes, struct text_error *e)
{
	uint16_t guesses[GUESSES] = { 0 };
	struct text opened;
	uint8_t *map;

	if (room_bytes < text_room(w))
		return refuse(e, w, TEXT_NO_RECORD, "too little room for the built bytes");
	if (!w->count)
		return refuse(e, w, TEXT_NO_RECORD, "there are no records");
	if (w->len && w->addr + (w->len - 1) < w->addr)
		return refuse(e, w, TEXT_NO_RECORD, "the text ends behind the last address");
	if ((uintptr_t)w->sites < (uintptr_t)w->bytes + w->len
	    && (uintptr_t)w->bytes < (uintptr_t)(w->sites + w->count))
		return refuse(e, w, TEXT_NO_RECORD, "the records are in the text itself");
	divide_room(&opened, w, room, &map);
	memset(map, 0, map_bytes(w));
	for (size_t i = 0; i < w->count; i++) {
		const char *why = take_record(&opened, i, map, guesses);

		if (why)
			return refuse(e, w, i, why);
	}
	*t = opened;
	return true;
}

/* A site by its class and its place. */
static struct sited_op sited_op(const struct text *t, const struct site_class *k,
				uint64_t addr)
{
	return (struct sited_op){
		.isa = t->where.isa, .type = k->type, .len = k->len,
		.addr = addr, .clobbers = k->clobbers, .call = k->call,
		.pops = k->pops, .callee = k->callee,
		.jump = t->where.jumps, .where = &t->where,
	};
}

/* A site by its record.  text_open() has seen that it can be read; the bytes there
 * now may be another form's, so it is read from the built ones. */
static struct sited_op sited_record(const struct text *t, size_t i,
				    const uint8_t *built)
{
	const struct site *s = &t->where.sites[i];
	uint64_t addr = text_site_addr(&t->where, i);
	struct site_class k = { .clobbers = s->clobbers, .type = s->type,
				.len = s->len };
	struct sited_op so;
	struct shape shape;

	read_shape(&t->where, s, addr, built, &shape);
	k.call = (uint8_t)shape.call;
	k.pops = (uint8_t)shape.pops;
	k.callee = shape.callee;
	so = sited_op(t, &k, addr);
	so.island = t->where.islands ? t->where.islands + i * ISLAND_BYTES : 0;
	return so;
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
static const char *encode(const struct sited_op *so, const uint8_t *built,
			  const struct backend *b, const struct mode *m,
			  const struct nop_table *nops, struct text_form *f)
{
	uint8_t buf[FORM_LEN_MAX];
	unsigned used = 0;

	memcpy(f->bytes, built, so->len);
	memcpy(buf, built, so->len);
	f->len = f->used = so->len;
	f->type = so->type;
	f->nops = f->island_len = 0;
	f->outcome = m->encode(b, so, buf, &used);
	if ((unsigned)f->outcome >= PATCHED_COUNT)
		return "the backend's patch hook returned no outcome";
	if (outcome_is_kept(f->outcome))
		return NULL;
	if (used > so->len)
		return "the backend's patch hook wrote more than the site holds";
	take_form(f, so, m, nops, buf, used);
	return NULL;
}

static const uint8_t *built_of(const struct text *t, size_t i)
{
	const uint8_t *built = t->built;

	for (size_t k = 0; k < i; k++)
		built += t->where.sites[k].len;
	return built;
}

const char *text_encode(const struct text *t, size_t i, const struct backend *b,
			const struct mode *m, const struct nop_table *nops,
			struct text_form *f)
{
	const uint8_t *built = built_of(t, i);
	struct sited_op so = sited_record(t, i, built);

	return encode(&so, built, b, m, nops, f);
}

struct text text_part(const struct text *t, size_t first, size_t count,
		      size_t built)
{
	struct text part = *t;

	part.where.sites += first;
	part.where.sites_addr += first * sizeof(struct site);
	part.where.count = count;
	part.built += built;
	part.class_of += first;
	if (!t->where.islands)
		return part;
	part.where.islands += first * ISLAND_BYTES;
	part.where.island_bytes += first * ISLAND_BYTES;
	return part;
}

unsigned text_call_at(const struct text *t, size_t i)
{
	return sited_record(t, i, built_of(t, i)).call;
}

static bool has_islands(const struct text_staged *s)
{
	return s->m && s->m->island && s->t->where.islands;
}

static bool in_span(uint64_t addr, struct text_span span)
{
	return addr >= span.begin && addr < span.end;
}

static bool is_lone(const struct text_staged *s, size_t i)
{
	unsigned k = s->t->class_of[i];

	return s->lone || k == TEXT_CLASSES || s->t->classes[k].lone;
}

static void count(struct text_counts *c, enum patched outcome, unsigned nops,
		  size_t sites)
{
	c->sites += (unsigned)sites;
	c->outcome[outcome] += (unsigned)sites;
	c->nops += nops * (unsigned)sites;
	if (nops > c->max_nops)
		c->max_nops = nops;
}

/*
 * Learning a class: its first site's form, where displacements are in it, and
 * whether that foretells what the outermost sites' forms are.
 */

/* So far apart, no byte of a displacement stays what it is. */
#define APART	0x01010101u

/* Where @f, of the same class but @by bytes further on, differs from the class's
 * form: displacements, or nothing that could be foretold. */
static bool find_rels(struct site_class *k, const struct text_form *f, uint32_t by)
{
	unsigned i = 0;

	k->rels = 0;
	while (i < f->len) {
		if (f->bytes[i] == k->bytes[i]) {
			i++;
			continue;
		}
		if (k->rels == TEXT_RELS || f->len - i < 4
		    || load_4(f->bytes + i) + by != load_4(k->bytes + i))
			return false;
		k->rel[k->rels++] = (uint8_t)i;
		i += 4;
	}
	return true;
}

/* The class's form at @addr. */
static inline void place_form(const struct site_class *k, uint64_t addr,
			      uint8_t *to)
{
	uint32_t by = (uint32_t)(addr - k->addr);

	copy_site(to, k->bytes, k->len);
	for (unsigned i = 0; i < k->rels; i++)
		store_4(to + k->rel[i], load_4(k->bytes + k->rel[i]) - by);
}

static bool is_foretold(const struct site_class *k, const struct site_at *at,
			const struct text_form *f)
{
	uint8_t bytes[SITE_LEN_MAX];

	if (f->outcome != k->outcome || f->nops != k->nops)
		return false;
	if (outcome_is_kept(f->outcome))
		return true;
	place_form(k, at->addr, bytes);
	return !memcmp(f->bytes, bytes, k->len);
}

static const char *encode_at(const struct text_staged *s,
			     const struct site_class *k, const struct site_at *at,
			     struct text_form *f)
{
	struct sited_op so = sited_op(s->t, k, at->addr);

	return encode(&so, at->built, s->b, s->m, s->nops, f);
}

/* Is the form of the class's outermost sites what the first one's says? */
static const char *check_ends(const struct text_staged *s, struct site_class *k)
{
	const struct site_at *const ends[] = { &k->low, &k->high };

	for (unsigned i = 0; i < 2 && !k->lone; i++) {
		struct text_form f;
		const char *why = encode_at(s, k, ends[i], &f);

		if (why)
			return why;
		k->lone = !is_foretold(k, ends[i], &f);
	}
	return NULL;
}

/* Its first site again, as if it were elsewhere: as near as it can be reached. */
static bool learn_rels(const struct text_staged *s, struct site_class *k)
{
	static const uint32_t by[] = { APART, 0u - APART };
	struct text_form f;

	for (unsigned i = 0; i < 2; i++) {
		struct site_at there = k->first;

		there.addr += (uint64_t)(int64_t)(int32_t)by[i];
		if (!encode_at(s, k, &there, &f) && f.outcome == k->outcome)
			return find_rels(k, &f, by[i]);
	}
	return false;
}

static const char *learn(const struct text_staged *s, struct site_class *k)
{
	struct text_form f;
	const char *why = encode_at(s, k, &k->first, &f);

	if (why)
		return why;
	k->outcome = f.outcome;
	k->kept = outcome_is_kept(f.outcome);
	k->nops = f.nops;
	k->addr = k->first.addr;
	k->rels = 0;
	memcpy(k->bytes, f.bytes, f.len);
	/* Between two that are out of reach there may be one that is not. */
	k->lone = f.outcome == KEPT_OUT_OF_REACH
		|| (!outcome_is_kept(f.outcome) && !learn_rels(s, k));
	return check_ends(s, k);
}

/* The class's form as the loops want it. */
static struct site_words words_of(const struct site_class *k)
{
	struct site_words w = { .how = WORDS_OTHER, .addr = k->addr };
	uint8_t bytes[8] = { 0 };

	if (k->kept && !k->lone)
		w.how = WORDS_BUILT;
	if (k->kept || k->lone || k->len > 8 || k->rels > 1)
		return w;
	memcpy(bytes, k->bytes, k->len);
	w.how = k->rels ? WORDS_PLACED : WORDS_FIXED;
	w.head = load_4(bytes);
	w.tail = load_4(bytes + k->len - 4);
	w.shift = k->rels ? 8u * k->rel[0] : 0;
	w.word = load_8(bytes);
	return w;
}

/* WORDS_PLACED at @addr. */
static inline uint64_t placed_at(const struct site_words *w, uint64_t addr)
{
	uint64_t mask = 0xffffffffull << w->shift;
	uint64_t rel = (w->word >> w->shift) - (addr - w->addr);

	return (w->word & ~mask) | (rel << w->shift & mask);
}

/* How many sites of each class the span has.  Return: how many of none. */
static size_t count_classes(const struct text_staged *s)
{
	const struct text *t = s->t;
	bool all = !s->span.begin && s->span.end == UINT64_MAX;
	bool whole = t->where.count == t->total;
	size_t none = 0, known = 0;

	for (unsigned k = 0; k < t->class_count; k++) {
		t->classes[k].count = all && whole ? t->classes[k].total : 0;
		known += t->classes[k].count;
	}
	if (all && whole)
		return t->where.count - known;
	for (size_t i = 0; i < t->where.count; i++) {
		unsigned k = t->class_of[i];

		if (!all && !in_span(text_site_addr(&t->where, i), s->span))
			continue;
		if (k == TEXT_CLASSES)
			none++;
		else
			t->classes[k].count++;
	}
	return none;
}

/* The first site of a class, or of none, that the span has. */
static size_t first_of(const struct text_staged *s, unsigned class)
{
	const struct text *t = s->t;
	size_t i = 0;

	while (t->class_of[i] != class
	       || !in_span(text_site_addr(&t->where, i), s->span))
		i++;
	return i;
}

/* Sites that have to be asked for one by one. */
static bool stage_lone(const struct text_staged *s, struct text_counts *c,
		       struct text_error *e)
{
	const struct text *t = s->t;
	const uint8_t *built = t->built;

	for (size_t i = 0; i < t->where.count; built += t->where.sites[i].len, i++) {
		struct sited_op so;
		struct text_form f;
		const char *why;

		if (!is_lone(s, i) || !in_span(text_site_addr(&t->where, i), s->span))
			continue;
		so = sited_record(t, i, built);
		why = encode(&so, built, s->b, s->m, s->nops, &f);
		if (why)
			return refuse(e, &t->where, i, why);
		count(c, f.outcome, f.nops, 1);
	}
	return true;
}

bool text_stage(const struct text *t, const struct backend *b,
		const struct mode *m, const struct nop_table *nops,
		struct text_span span, struct text_staged *s,
		struct text_counts *c, struct text_error *e)
{
	size_t lone;

	*s = (struct text_staged){ t, b, m, nops, span, false };
	s->lone = has_islands(s) || nop_takes_turns(nops);
	*c = (struct text_counts){ 0 };
	lone = s->lone ? t->where.count : count_classes(s);
	for (unsigned i = 0; i < t->class_count && !s->lone; i++) {
		struct site_class *k = &t->classes[i];
		const char *why = k->count ? learn(s, k) : NULL;

		if (why)
			return refuse(e, &t->where, first_of(s, i), why);
		t->words[i] = words_of(k);
		if (k->count && k->lone)
			lone += k->count;
		else if (k->count)
			count(c, k->outcome, k->nops, k->count);
	}
	return !lone || stage_lone(s, c, e);
}

/* Bytes that a site is to hold, and its island's. */
struct staged_site {
	const uint8_t *bytes;
	const uint8_t *island;		/* NULL: none */
	struct text_form form;		/* where they are kept, if need be */
};

static void lone_site(const struct text_staged *s, size_t i, const uint8_t *built,
		      struct staged_site *to)
{
	struct sited_op so = sited_record(s->t, i, built);
	struct text_form *f = &to->form;

	encode(&so, built, s->b, s->m, s->nops, f);
	to->bytes = f->bytes;
	if (!has_islands(s))
		return;
	memset(f->island + f->island_len, 0xcc, ISLAND_BYTES - f->island_len);
	to->island = f->island;
}

static inline void staged_site(const struct text_staged *s, size_t i,
			       uint64_t addr, const uint8_t *built,
			       struct staged_site *to)
{
	const struct site_class *k;

	to->island = NULL;
	to->bytes = built;
	if (!s->m)
		return;
	if (is_lone(s, i)) {
		lone_site(s, i, built, to);
		return;
	}
	k = &s->t->classes[s->t->class_of[i]];
	if (k->rels) {
		place_form(k, addr, to->form.bytes);
		to->bytes = to->form.bytes;
	} else if (!k->kept) {
		to->bytes = k->bytes;
	}
}

unsigned text_staged_site(const struct text_staged *s, size_t i, uint8_t *buf)
{
	const struct text_where *w = &s->t->where;
	const uint8_t *built = built_of(s->t, i);
	struct staged_site site = { .bytes = built };

	if (in_span(text_site_addr(w, i), s->span))
		staged_site(s, i, text_site_addr(w, i), built, &site);
	memcpy(buf, site.bytes, w->sites[i].len);
	return w->sites[i].len;
}

static inline bool site_differs(const uint8_t *a, const uint8_t *b, unsigned len)
{
	bool other = false;
	unsigned i;

	if (len < 8)
		return load_4(a) != load_4(b)
			|| load_4(a + len - 4) != load_4(b + len - 4);
	for (i = 0; i + 8 < len; i += 8)
		other |= load_8(a + i) != load_8(b + i);
	return other || load_8(a + len - 8) != load_8(b + len - 8);
}

static void store_site(const struct text_staged *s, size_t i, uint64_t addr,
		       const uint8_t *built, uint8_t *to, ptrdiff_t shift)
{
	struct staged_site site;

	staged_site(s, i, addr, built, &site);
	/* First what the site will jump to. */
	if (site.island)
		copy_site(s->t->where.island_bytes + i * ISLAND_BYTES + shift,
			  site.island, ISLAND_BYTES);
	copy_site(to, site.bytes, s->t->where.sites[i].len);
}

static bool holds_site(const struct text_staged *s, size_t i, uint64_t addr,
		       const uint8_t *built, const uint8_t *at)
{
	struct staged_site site;

	staged_site(s, i, addr, built, &site);
	return !site_differs(at, site.bytes, s->t->where.sites[i].len)
		&& (!site.island || !memcmp(s->t->where.island_bytes + i * ISLAND_BYTES,
					    site.island, ISLAND_BYTES));
}

/* The class's words, for a site; for those that are not of this batch's classes, and
 * for all where every one is asked for, whose are to be worked out. */
static const struct site_words other_words = { .how = WORDS_OTHER };
static const struct site_words built_words = { .how = WORDS_BUILT };

static inline const struct site_words *words_for(const struct text_staged *s,
						 size_t i)
{
	unsigned c = s->t->class_of[i];

	if (!s->m)
		return &built_words;
	return s->lone || c == TEXT_CLASSES ? &other_words : &s->t->words[c];
}

/* What the loops over a batch need. */
struct batch_of {
	const struct text_staged *s;
	bool all;		/* the span is all there is */
};

static struct batch_of batch_of(const struct text_staged *s)
{
	return (struct batch_of){ s, !s->span.begin && s->span.end == UINT64_MAX };
}

static void store_sites(void *arg, ptrdiff_t shift)
{
	const struct batch_of *b = arg;
	const struct text_staged *s = b->s;
	const struct text_where *w = &s->t->where;
	uint8_t *base = w->bytes + shift;
	const uint8_t *built = s->t->built;
	unsigned len;

	for (size_t i = 0; i < w->count; built += len, i++) {
		const struct site_words *k = words_for(s, i);
		uint64_t addr = text_site_addr(w, i), v;
		uint8_t *to = base + (addr - w->addr);

		len = w->sites[i].len;
		if (!b->all && !in_span(addr, s->span))
			continue;
		switch (k->how) {
		case WORDS_FIXED:
			store_4(to, k->head);
			store_4(to + len - 4, k->tail);
			break;
		case WORDS_PLACED:
			v = placed_at(k, addr);
			store_4(to, (uint32_t)v);
			store_4(to + len - 4, (uint32_t)(v >> 8 * (len - 4)));
			break;
		case WORDS_BUILT:
			copy_site(to, built, len);
			break;
		case WORDS_OTHER:
			store_site(s, i, addr, built, to, shift);
			break;
		}
	}
}

/* Does the site hold what it is to? */
static inline bool site_holds(const struct text_staged *s, size_t i, uint64_t addr,
			      const uint8_t *built, const uint8_t *at, unsigned len)
{
	const struct site_words *k = words_for(s, i);
	uint64_t v;

	switch (k->how) {
	case WORDS_FIXED:
		return load_4(at) == k->head && load_4(at + len - 4) == k->tail;
	case WORDS_PLACED:
		v = placed_at(k, addr);
		return load_4(at) == (uint32_t)v
			&& load_4(at + len - 4) == (uint32_t)(v >> 8 * (len - 4));
	case WORDS_BUILT:
		return !site_differs(at, built, len);
	case WORDS_OTHER:
		break;
	}
	return holds_site(s, i, addr, built, at);
}

/* Is what was staged there? */
static bool compare(const struct text_staged *s, const char *why,
		    struct text_error *e)
{
	const struct batch_of b = batch_of(s);
	const struct text_where *w = &s->t->where;
	const uint8_t *built = s->t->built;
	unsigned len;

	for (size_t i = 0; i < w->count; built += len, i++) {
		uint64_t addr = text_site_addr(w, i);

		len = w->sites[i].len;
		if ((b.all || in_span(addr, s->span))
		    && !site_holds(s, i, addr, built, w->bytes + (addr - w->addr), len))
			return refuse(e, w, i, why);
	}
	return true;
}

/* The memory that a store is about: the text, and islands that are elsewhere. */
static void extent(const struct text_staged *s, uint8_t **begin, uint8_t **end)
{
	const struct text_where *w = &s->t->where;
	uint8_t *islands = w->island_bytes;

	*begin = w->bytes;
	*end = w->bytes + w->len;
	if (!has_islands(s))
		return;
	if (islands < *begin)
		*begin = islands;
	if (islands + w->count * ISLAND_BYTES > *end)
		*end = islands + w->count * ISLAND_BYTES;
}

bool text_store(const struct text_staged *s, const struct text_writer *wr,
		struct text_error *e)
{
	struct batch_of b = batch_of(s);
	uint8_t *begin, *end;

	extent(s, &begin, &end);
	if (!wr->window(wr->ctx, begin, (size_t)(end - begin), store_sites, &b))
		return refuse(e, &s->t->where, TEXT_NO_RECORD,
			      "the text cannot be made writable");
	return compare(s, "the site did not read back as written", e);
}

bool text_apply(const struct text *t, const struct backend *b,
		const struct mode *m, const struct nop_table *nops,
		struct text_span span, const struct text_writer *wr,
		struct text_counts *c, struct text_error *e)
{
	struct text_staged s;

	return text_stage(t, b, m, nops, span, &s, c, e) && text_store(&s, wr, e);
}

bool text_verify(const struct text *t, const struct backend *b,
		 const struct mode *m, const struct nop_table *nops,
		 struct text_span span, struct text_error *e)
{
	struct text_staged s;
	struct text_counts c;

	return text_stage(t, b, m, nops, span, &s, &c, e)
		&& compare(&s, "the site holds something else", e);
}

bool text_restore(const struct text *t, const struct text_writer *wr,
		  struct text_error *e)
{
	const struct text_staged built = { .t = t, .span = TEXT_ALL };

	return text_store(&built, wr, e);
}

/* text_copy()'s store. */
struct copying {
	uint8_t *to;
	const uint8_t *from;
	size_t len;
};

static void copy_bytes(void *arg, ptrdiff_t shift)
{
	const struct copying *c = arg;

	memcpy(c->to + shift, c->from, c->len);
}

bool text_copy(const struct text_writer *wr, uint8_t *to, const uint8_t *from,
	       size_t len)
{
	struct copying c = { to, from, len };

	return wr->window(wr->ctx, to, len, copy_bytes, &c)
		&& !memcmp(to, from, len);
}
