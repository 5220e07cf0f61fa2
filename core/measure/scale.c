/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching at scale, see scale.h. */
#include "lib/mem.h"
#include "paravirt/install.h"
#include "patch/mode.h"
#include "measure/scale.h"
#include "lib/sink.h"

static const char *const names[SCALE_COUNT] = {
#define SCALE(name, what) #name,
#include "list/scale.def"
#undef SCALE
};

/* Everything a timing works on. */
struct bench {
	struct scale *s;
	struct text text;
	uint8_t *packed;		/* what sites are to hold, one after the other */
	uint8_t form[OP_COUNT][SCALE_SITE_BYTES];	/* the same, by op */
	struct nop_table poison;
	int64_t *times;			/* rounds of each row, then a round's own */
};

static size_t round_up(size_t n)
{
	return (n + 63) / 64 * 64;
}

static size_t text_most(size_t sites)
{
	return round_up(sites * SCALE_STEP_MOST);
}

static size_t open_room(size_t sites)
{
	return round_up(TEXT_ROOM(text_most(sites), sites, sites * SCALE_SITE_BYTES));
}

static size_t packed_bytes(size_t sites)
{
	return round_up(sites * SCALE_SITE_BYTES + 8);
}

#define TIMES	((size_t)(SCALE_ROWS_MOST + 2) * SCALE_ROUNDS_MOST)

size_t scale_room(size_t sites)
{
	return text_most(sites) + round_up(sites * sizeof(struct site))
		+ open_room(sites) + packed_bytes(sites) + TIMES * sizeof(int64_t);
}

/* The ops that 95% of calls are of; with an even hand. */
static const uint8_t ops[] = {
	OP_irq_disable, OP_irq_enable, OP_save_fl, OP_restore_fl,
};

static void put_call(uint8_t *to, const struct text_where *w, size_t at,
		     unsigned type)
{
	bool x64 = w->isa == ISA_X86_64;
	uint64_t slot = w->table + type * (x64 ? 8 : 4);
	uint32_t d = (uint32_t)(x64 ? slot - (w->addr + at + CALL_MEM_LEN) : slot);

	to[0] = 0xff;
	to[1] = 0x15;
	memcpy(to + 2, &d, sizeof(d));
}

static void make_text(struct text_where *w, struct site *sites, struct rng *rng)
{
	unsigned all = w->isa == ISA_X86_64 ? CLOBBER_X86_64 : CLOBBER_IA32;
	size_t at = 0;

	memset(w->bytes, 0xcc, text_most(w->count));
	for (size_t i = 0; i < w->count; i++) {
		unsigned type = ops[rng_below(rng, sizeof(ops))];

		put_call(w->bytes + at, w, at, type);
		sites[i] = (struct site){
			.site = (int32_t)(w->addr + at - (w->sites_addr + i * sizeof(*sites))),
			.type = (uint8_t)type, .len = SCALE_SITE_BYTES,
			.clobbers = (uint16_t)all,
		};
		at += SCALE_STEP_LEAST
			+ rng_below(rng, SCALE_STEP_MOST - SCALE_STEP_LEAST + 1);
	}
	w->len = at;
}

/* The text at scale->addr, its records behind it. */
static const char *open_bench(struct bench *k, uint8_t *memory)
{
	struct scale *s = k->s;
	struct site *sites = (struct site *)(memory + text_most(s->sites));
	uint8_t *room = (uint8_t *)sites + round_up(s->sites * sizeof(*sites));
	struct text_where w = {
		.isa = s->machine->isa, .addr = s->addr, .bytes = memory,
		.sites_addr = s->addr + text_most(s->sites), .sites = sites,
		.count = s->sites, .table = s->addr - 4096, .ops = OP_COUNT,
		.endbr = ENDBR_LEN,
	};
	struct text_error e;
	uint64_t begin;
	int64_t per;

	k->packed = room + open_room(s->sites);
	k->times = (int64_t *)(k->packed + packed_bytes(s->sites));
	make_text(&w, sites, &s->rng);
	begin = s->machine->begin();
	if (!text_open(&k->text, &w, room, open_room(s->sites), &e))
		return e.why;
	per = (int64_t)((s->machine->end() - begin) * MILLION / s->sites);
	s->open = spread_of(&per, 1);
	s->classes = k->text.class_count;
	s->text_bytes = w.len;
	return NULL;
}

/* What mode inline leaves, made ready, without the engine: by the backend's hook, once
 * an op. */
static bool pack(struct bench *k)
{
	const struct text_where *w = &k->text.where;
	uint8_t *to = k->packed;

	for (unsigned i = 0; i < sizeof(ops); i++) {
		struct sited_op so = { .isa = w->isa, .type = ops[i],
				       .len = SCALE_SITE_BYTES,
				       .clobbers = w->sites[0].clobbers };
		uint8_t buf[FORM_LEN_MAX];
		unsigned used = 0;

		if (native_backend.ops.patch(&so, buf, &used) != PATCHED_INLINE)
			return false;
		nop_fill(k->s->nops, buf + used, SCALE_SITE_BYTES - used);
		memcpy(k->form[ops[i]], buf, SCALE_SITE_BYTES);
	}
	for (size_t i = 0; i < w->count; i++, to += SCALE_SITE_BYTES)
		memcpy(to, k->form[w->sites[i].type], SCALE_SITE_BYTES);
	return true;
}

/* The length is the record's, as in anybody's loop over records. */
static bool scale_memcpy(struct bench *k, const struct serialiser *with)
{
	const struct text_where *w = &k->text.where;
	const uint8_t *from = k->packed;

	(void)with;
	for (size_t i = 0; i < w->count; from += w->sites[i].len, i++)
		k->s->copy(text_site_bytes(w, i), from, w->sites[i].len);
	return true;
}

/* Sites are of SCALE_SITE_BYTES, which the compiler knows here. */
static bool scale_words(struct bench *k, const struct serialiser *with)
{
	const struct text_where *w = &k->text.where;
	const uint8_t *from = k->packed;

	(void)with;
	for (size_t i = 0; i < w->count; from += SCALE_SITE_BYTES, i++)
		__builtin_memcpy(text_site_bytes(w, i), from, SCALE_SITE_BYTES);
	return true;
}

/* In ring 3 nothing can be switched off, and nothing is called. */
static inline unsigned long irq_save(const struct platform *m)
{
	unsigned long flags = 0;

	if (m->ring != 3) {
		flags = m->flags();
		m->set_if(false);
	}
	return flags;
}

static inline void irq_restore(const struct platform *m, unsigned long flags)
{
	if (m->ring != 3)
		m->set_if(flags & FLAGS_IF);
}

static bool scale_once(struct bench *k, const struct serialiser *with)
{
	const struct text_where *w = &k->text.where;
	const uint8_t *from = k->packed;

	for (size_t i = 0; i < w->count; from += w->sites[i].len, i++) {
		unsigned long flags = irq_save(k->s->machine);

		k->s->copy(text_site_bytes(w, i), from, w->sites[i].len);
		irq_restore(k->s->machine, flags);
	}
	with->run();
	return true;
}

static bool scale_each(struct bench *k, const struct serialiser *with)
{
	const struct text_where *w = &k->text.where;
	const uint8_t *from = k->packed;

	for (size_t i = 0; i < w->count; from += w->sites[i].len, i++) {
		unsigned long flags = irq_save(k->s->machine);

		k->s->copy(text_site_bytes(w, i), from, w->sites[i].len);
		with->run();
		irq_restore(k->s->machine, flags);
	}
	return true;
}

static bool apply(struct bench *k, enum mode_id mode, const struct nop_table *nops)
{
	struct text_counts c;
	struct text_error e;

	return text_apply(&k->text, &native_backend, &modes[mode], nops, TEXT_ALL,
			  k->s->machine->writer, &c, &e)
		&& !outcome_is_kept(c.outcome[PATCHED_INLINE] ? PATCHED_INLINE
				    : c.outcome[PATCHED_CALL] ? PATCHED_CALL
				    : KEPT_NO_FORM);
}

static bool scale_apply(struct bench *k, const struct serialiser *with)
{
	(void)with;
	return apply(k, MODE_inline, k->s->nops);
}

static bool scale_direct(struct bench *k, const struct serialiser *with)
{
	(void)with;
	return apply(k, MODE_direct, k->s->nops);
}

/* The padding that takes turns is not foretold. */
static bool scale_single(struct bench *k, const struct serialiser *with)
{
	(void)with;
	return apply(k, MODE_inline, &k->poison);
}

static bool scale_restore(struct bench *k, const struct serialiser *with)
{
	struct text_error e;

	(void)with;
	return text_restore(&k->text, k->s->machine->writer, &e);
}

static bool (*const run[SCALE_COUNT])(struct bench *k,
				      const struct serialiser *with) = {
#define SCALE(name, what) scale_##name,
#include "list/scale.def"
#undef SCALE
};

/* CALL rel32 of the op, behind its ENDBR, and a NOP; by arithmetic of its own. */
static void direct_form(const struct bench *k, uint64_t addr, unsigned type,
			uint8_t *to)
{
	uint64_t op = backend_op(&native_backend, type, false);
	uint32_t rel = (uint32_t)(op + k->text.where.endbr - (addr + CALL_LEN));

	to[0] = 0xe8;
	memcpy(to + 1, &rel, sizeof(rel));
	nop_fill(k->s->nops, to + CALL_LEN, SCALE_SITE_BYTES - CALL_LEN);
}

/* What a way leaves at a site: not by the engine, whose mistakes it would make. */
static void wanted(const struct bench *k, enum scale_way way, size_t i, uint8_t *to)
{
	const struct text_where *w = &k->text.where;
	uint64_t addr = text_site_addr(w, i);
	unsigned type = w->sites[i].type;

	if (way == SCALE_direct)
		direct_form(k, addr, type, to);
	else if (way == SCALE_restore)
		put_call(to, w, addr - w->addr, type);
	else
		memcpy(to, k->form[type], SCALE_SITE_BYTES);
}

static bool is_left(const struct bench *k, enum scale_way way)
{
	const struct text_where *w = &k->text.where;
	struct text_error e;

	/* NOTs that take turns: by the path that asks for every site. */
	if (way == SCALE_single)
		return text_verify(&k->text, &native_backend, &modes[MODE_inline],
				   &k->poison, TEXT_ALL, &e);
	for (size_t i = 0; i < w->count; i++) {
		uint8_t want[SCALE_SITE_BYTES];

		wanted(k, way, i, want);
		if (memcmp(text_site_bytes(w, i), want, sizeof(want)))
			return false;
	}
	return true;
}

/* The text as the way is to find it: different from what it leaves. */
static bool prepare(struct bench *k, enum scale_way way)
{
	return way == SCALE_restore ? apply(k, MODE_inline, k->s->nops)
		: scale_restore(k, NULL);
}

static const char *time_row(struct bench *k, const struct scale_row *r, int64_t *to)
{
	const struct platform *m = k->s->machine;
	uint64_t begin;
	bool good;

	if (!prepare(k, r->way))
		return "the text could not be put back";
	begin = m->begin();
	good = run[r->way](k, r->with);
	*to = (int64_t)((m->end() - begin) * MILLION / k->s->sites);
	return good && is_left(k, r->way) ? NULL
		: "a way did not leave what it is to leave";
}

static void list_rows(struct scale *s)
{
	s->rows = 0;
	for (unsigned way = 0; way < SCALE_COUNT; way++) {
		unsigned n = way == SCALE_each ? s->serialiser_count : 1;

		for (unsigned i = 0; i < n; i++)
			s->row[s->rows++] = (struct scale_row){
				.way = way,
				.with = way == SCALE_each ? &s->serialisers[i]
					: way == SCALE_once ? s->serialisers : NULL,
			};
	}
}

static unsigned row_of(const struct scale *s, enum scale_way way)
{
	unsigned i = 0;

	while (s->row[i].way != way)
		i++;
	return i;
}

/* Round by round, what row @i took for each of what row @than did. */
static struct spread ratios(const struct bench *k, unsigned i, unsigned than)
{
	int64_t *v = k->times + SCALE_ROWS_MOST * SCALE_ROUNDS_MOST;

	for (unsigned r = 0; r < k->s->row[i].rounds; r++) {
		int64_t y = k->times[than * SCALE_ROUNDS_MOST + r];

		v[r] = y ? k->times[i * SCALE_ROUNDS_MOST + r] * MILLION / y : 0;
	}
	return spread_of(v, k->s->row[i].rounds);
}

static void sum_up(struct bench *k)
{
	struct scale *s = k->s;
	unsigned base = row_of(s, SCALE_memcpy), ours = row_of(s, SCALE_apply);
	unsigned words = row_of(s, SCALE_words);
	int64_t *v = k->times + SCALE_ROWS_MOST * SCALE_ROUNDS_MOST;

	for (unsigned i = 0; i < s->rows; i++) {
		s->row[i].of_memcpy = ratios(k, i, base);
		s->row[i].of_words = ratios(k, i, words);
		s->row[i].of_apply = ratios(k, i, ours);
		memcpy(v, k->times + i * SCALE_ROUNDS_MOST,
		       s->row[i].rounds * sizeof(*v));
		s->row[i].ticks = spread_of(v, s->row[i].rounds);
	}
}

static bool is_dear(const struct bench *k, unsigned row)
{
	int64_t first = k->times[row * SCALE_ROUNDS_MOST];

	return k->s->row[row].rounds >= SCALE_DEAR_ROUNDS
		&& (uint64_t)first > SCALE_DEAR * MILLION / k->s->sites;
}

/* Every row once, in an order drawn. */
static const char *time_round(struct bench *k)
{
	struct scale *s = k->s;
	uint8_t order[SCALE_ROWS_MOST];
	const char *why = NULL;

	for (unsigned i = 0; i < s->rows; i++)
		order[i] = (uint8_t)i;
	rng_shuffle(&s->rng, order, s->rows);
	for (unsigned i = 0; i < s->rows && !why; i++) {
		struct scale_row *r = &s->row[order[i]];

		if (is_dear(k, order[i]))
			continue;
		why = time_row(k, r, &k->times[order[i] * SCALE_ROUNDS_MOST
					       + r->rounds++]);
	}
	return why;
}

const char *scale_run(struct scale *s, void *memory)
{
	struct bench k = { .s = s, .poison = nop_padding(s->nops, PADDING_poison) };
	const char *why = open_bench(&k, memory);

	if (!why && !pack(&k))
		why = "the baselines' bytes could not be made";
	list_rows(s);
	for (unsigned r = 0; r < s->rounds && !why; r++)
		why = time_round(&k);
	if (!why)
		sum_up(&k);
	return why;
}

void scale_row_name(char *to, size_t room, const struct scale_row *r)
{
	text_format(to, room, "%s%s%s", names[r->way],
		    r->way == SCALE_each ? "_" : "",
		    r->way == SCALE_each ? r->with->name : "");
}
