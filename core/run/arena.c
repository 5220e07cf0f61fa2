/* SPDX-License-Identifier: GPL-2.0-only */
/* Bodies in memory of their own, see arena.h. */
#include "run/arena.h"
#include "lib/mem.h"
#include "mix/row.h"
#include "workload/code_table.h"
#include "workload/registry.h"
#include "measure/state.h"
#include "lib/sink.h"
#include "patch/text_error.h"

static const struct workload_code *cell_code(const struct cell *c)
{
	return code_of(c->convention, c->workload);
}

static uint8_t *code_bytes(const struct arena *a)
{
	return a->machine->near.code + STATE_CODE_BYTES;
}

static bool store(const struct arena *a, uint8_t *to, size_t len)
{
	return text_copy(a->machine->writer, to, a->staged, len);
}

bool arena_open(struct arena *a, const struct platform *m,
		const struct text *from, const struct nop_table *nops,
		void *memory)
{
	*a = (struct arena){
		.machine = m, .from = from, .nops = nops, .staged = memory,
		.room = (uint8_t *)memory + ARENA_STAGED_BYTES,
		.room_bytes = ARENA_ROOM_BYTES, .code_len = ARENA_CODE_BYTES,
	};
	for (unsigned p = 0; p < PADDING_COUNT; p++)
		a->padding[p] = nop_padding(nops, p);
	_Static_assert(STATE_CODE_BYTES <= ARENA_CODE_BYTES, "staged there");
	state_code(a->staged);
	state_code_at((void (*)(void))(uintptr_t)m->near.code);
	return store(a, m->near.code, STATE_CODE_BYTES);
}

/* @w: the text it is in. */
static struct template template_of(const struct text_where *w, const void *begin,
				   const uint8_t *copy, const uint8_t *copy_end,
				   const uint8_t *way_out)
{
	const uint8_t *bytes = begin;

	return (struct template){
		.bytes = bytes, .addr = w->addr + (uint64_t)(bytes - w->bytes),
		.head = (unsigned)(copy - bytes),
		.copy = (unsigned)(copy_end - copy),
		.way_out = w->addr + (uint64_t)(way_out - w->bytes),
	};
}

/* As many bytes as the longest copy of them all has. */
static unsigned longest_copy(const struct arena_cell *c, unsigned n)
{
	unsigned longest = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct workload_code *w = cell_code(c[i].cell);
		unsigned len = (unsigned)(w->copy_end - w->copy);

		longest = len > longest ? len : longest;
	}
	return longest;
}

/* What a cell's bodies are emitted by. */
struct emitting {
	const struct arena *a;
	struct emitter *e;
	struct arena_cell *c;
	unsigned offset, longest;
};

static const char bad_copies[] =
	"the workload has too many sites, or copies that end within one";

/* The steps of a mix, as its parts were compiled; or its gaps alone. */
static unsigned mix_steps(const struct mix_row *row, enum convention_id convention,
			  struct body_step *step)
{
	const struct mix_sequence *s = &row->drawn->sequence;
	const struct mix_code *code = mix_code[convention];
	const uint8_t *begin = (const uint8_t *)(uintptr_t)code->parts;

	for (unsigned i = 0; i < s->steps; i++) {
		const uint8_t *const *at = &code->at[s->step[i].part];

		step[i] = (struct body_step){
			.from = (unsigned)(at[0] - begin), .to = (unsigned)(at[1] - begin),
			.gap = s->step[i].gap,
		};
		if (mix_row_is_gaps(row))
			step[i].to = step[i].from;
	}
	return s->steps;
}

/* A mix's: a sequence, and one twice as long.  It leaves nothing to look at, so the body
 * of one copy is the short one. */
static const char *emit_mix(const struct emitting *m, const struct mix_row *row,
			    const struct template *parts, const struct text_where *from)
{
	static struct body_step step[MIX_STEPS_MAX];
	const unsigned steps = mix_steps(row, m->c->cell->convention, step);
	gap_fill *const fill = row->filler == MIX_CHAIN ? fill_chain : fill_leas;
	struct template_sites s;
	const char *why;

	if (!template_sites(parts, from, &s))
		return bad_copies;
	why = body_emit_steps(m->e, parts, &s, step, steps, 1, m->offset, fill, &m->c->n);
	if (!why)
		why = body_emit_steps(m->e, parts, &s, step, steps, 2, m->offset, fill,
				      &m->c->n2);
	m->c->one = m->c->n;
	return why;
}

/* All three bodies of another. */
static const char *emit_copies(const struct emitting *m, const struct workload_code *w,
			       const struct template *three, const struct text_where *from)
{
	const struct template one = template_of(from, w->one, w->one_end, w->one_end,
						w->one_end);
	const struct fill f = { from->isa, m->a->nops, three->copy, m->longest };
	const struct layout *l = &layouts[m->c->cell->layout];
	const unsigned copies = arena_n(m->c);
	struct template_sites s;
	const char *why;

	if (!template_sites(&one, from, &s))
		return bad_copies;
	why = body_emit(m->e, &one, &s, 0, 0, l, &f, &m->c->one);
	if (why)
		return why;
	if (!template_sites(three, from, &s))
		return bad_copies;
	why = body_emit(m->e, three, &s, copies - 1, m->offset, l, &f, &m->c->n);
	return why ? why : body_emit(m->e, three, &s, 2 * copies - 1, m->offset, l, &f,
				     &m->c->n2);
}

/* Of what is a run of copies, or of parts. */
static const char *emit_of_copies(const struct emitting *m, const struct workload_code *w,
				  const struct text_where *from)
{
	const struct template three = template_of(from, w->three, w->copy, w->copy_end,
						  w->three_end);
	const struct mix_row *row = mix_row_of(m->c->cell->workload);

	return row ? emit_mix(m, row, &three, from) : emit_copies(m, w, &three, from);
}

/* A path's: its block once, and three ways in. */
static const char *emit_path(const struct emitting *m, const struct workload_code *w,
			     const struct text_where *from)
{
	const struct template block = template_of(from, w->copy, w->copy, w->copy_end,
						  w->copy_end);
	const unsigned units = arena_n(m->c);
	struct template_sites s;
	struct body at;
	const char *why;

	if (!template_sites(&block, from, &s))
		return bad_copies;
	why = body_emit_block(m->e, &block, &s, m->offset, &at);
	if (!why)
		why = body_emit_way_in(m->e, &at, 1, &m->c->one);
	if (!why)
		why = body_emit_way_in(m->e, &at, units, &m->c->n);
	if (!why)
		why = body_emit_way_in(m->e, &at, 2 * units, &m->c->n2);
	/* The sites of one copy are those of the block. */
	m->c->one.begin = at.begin;
	return why;
}

static const char *emit_cell(const struct emitting *m)
{
	struct arena_cell *c = m->c;
	struct emitter *e = m->e;
	const struct workload_code *w = cell_code(c->cell);
	const struct text_where *from = &text_of(c->cell->workload, m->a->from)->where;
	const char *why;

	c->span.begin = e->addr + e->used;
	c->part.where.sites = e->sites + e->count;
	why = workload_of(c->cell->workload)->kind == KIND_PATH ? emit_path(m, w, from)
		: emit_of_copies(m, w, from);
	c->span.end = e->addr + e->used;
	c->part.where.count = (size_t)(e->sites + e->count - c->part.where.sites);
	return why;
}

static const char *emit_all(const struct arena *a, struct emitter *e,
			    struct arena_cell *c, unsigned n, unsigned offset,
			    struct rng *rng)
{
	const unsigned longest = longest_copy(c, n);
	uint8_t order[GROUP_MAX];
	const char *why = NULL;

	for (unsigned i = 0; i < n; i++)
		order[i] = (uint8_t)i;
	rng_shuffle(rng, order, n);
	for (unsigned i = 0; i < n && !why; i++)
		why = emit_cell(&(struct emitting){ a, e, &c[order[i]], offset, longest });
	return why;
}

static bool refuse(char *why, size_t room, const char *what,
		   const struct text_error *e)
{
	if (e)
		text_error_say(why, room, what, e);
	else
		text_format(why, room, "%s", what);
	return false;
}

/* Each cell's records as a text: emit_cell() left where they begin. */
static void divide(struct arena *a, struct arena_cell *c, unsigned n)
{
	const struct text_where *w = &a->text.where;

	for (unsigned i = 0; i < n; i++) {
		size_t first = (size_t)(c[i].part.where.sites - w->sites);
		size_t count = c[i].part.where.count, built = 0;

		for (size_t k = 0; k < first; k++)
			built += w->sites[k].len;
		c[i].part = text_part(&a->text, first, count, built);
	}
}

/* Nobody executes what is staged. */
static bool store_staged(void *ctx, uint8_t *at, size_t len,
			 void (*store_to)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store_to(arg, 0);
	return true;
}

static const struct text_writer staged_writer = { store_staged, NULL };

/* Every cell's sites into the cell's mode. */
static bool apply_all(struct arena *a, struct arena_cell *c, unsigned n,
		      char *why, size_t room)
{
	struct text_error e;

	for (unsigned i = 0; i < n; i++)
		if (c[i].part.where.count
		    && !text_apply(&c[i].part, backends[c[i].cell->backend],
				   &modes[c[i].cell->mode],
				   &a->padding[c[i].cell->padding], TEXT_ALL,
				   &staged_writer, &c[i].counts, &e))
			return refuse(why, room, "patching bodies failed", &e);
	return true;
}

#define CODE_PAGE	4096

/* Bytes of code, up to the islands: those are on other pages. */
static size_t code_room(const struct emitter *e)
{
	return (e->used + CODE_PAGE - 1) & ~(size_t)(CODE_PAGE - 1);
}

/* Bytes of all that is staged. */
static size_t staged_bytes(const struct emitter *e, const struct arena_cell *c,
			   unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (modes[c[i].cell->mode].island)
			return code_room(e) + e->count * ISLAND_BYTES;
	return e->used;
}

/* Opens what was emitted as a text, and patches it.  What is between code and
 * islands, and in those that are not used, is INT3. */
static bool patch_staged(struct arena *a, const struct emitter *e,
			 struct arena_cell *c, unsigned n, char *why, size_t room)
{
	struct text_where w = a->from->where;
	struct text_error te;

	memset(a->staged + e->used, 0xcc, code_room(e) - e->used + e->count * ISLAND_BYTES);
	w.addr = e->addr;
	w.bytes = a->staged;
	w.len = e->used;
	w.sites_addr = e->sites_addr;
	w.sites = e->sites;
	w.count = e->count;
	w.island_bytes = a->staged + code_room(e);
	w.islands = e->addr + code_room(e);
	if (!text_open(&a->text, &w, a->room, a->room_bytes, &te))
		return refuse(why, room, "the bodies were not accepted", &te);
	divide(a, c, n);
	return apply_all(a, c, n, why, room);
}

/* From here on the texts' bytes are those that will run. */
static void move(const struct arena *a, struct text_where *w)
{
	w->bytes = code_bytes(a) + (w->bytes - a->staged);
	w->island_bytes = code_bytes(a) + (w->island_bytes - a->staged);
}

/* What was emitted, patched and stored. */
static bool store_all(struct arena *a, const struct emitter *e, struct arena_cell *c,
		      unsigned n, char *why, size_t room)
{
	a->text.where.count = 0;	/* native alone */
	if (e->count && !patch_staged(a, e, c, n, why, room))
		return false;
	if (!store(a, code_bytes(a), staged_bytes(e, c, n)))
		return refuse(why, room, "the memory for bodies did not take them", NULL);
	if (!a->text.where.count)
		return true;
	move(a, &a->text.where);
	for (unsigned i = 0; i < n; i++)
		move(a, &c[i].part.where);
	return true;
}

enum arena_built arena_build(struct arena *a, struct arena_cell *c, unsigned n,
			     unsigned offset, struct rng *rng, char *why,
			     size_t room)
{
	const struct near_memory *near = &a->machine->near;
	struct emitter e = {
		.isa = a->from->where.isa, .bytes = a->staged,
		.addr = (uintptr_t)code_bytes(a), .room = a->code_len,
		.sites = (struct site *)near->data,
		.sites_addr = (uintptr_t)near->data, .sites_room = ARENA_SITES,
	};
	const char *what = emit_all(a, &e, c, n, offset, rng);

	if (what) {
		refuse(why, room, what, NULL);
		return ARENA_NO_FIT;
	}
	return store_all(a, &e, c, n, why, room) ? ARENA_BUILT : ARENA_FAILED;
}

bool arena_verify(const struct arena *a, const struct arena_cell *c, unsigned n,
		  char *why, size_t room)
{
	struct text_error e;

	for (unsigned i = 0; i < n && a->text.where.count; i++)
		if (c[i].part.where.count
		    && !text_verify(&c[i].part, backends[c[i].cell->backend],
				    &modes[c[i].cell->mode],
				    &a->padding[c[i].cell->padding], TEXT_ALL, &e))
			return refuse(why, room, "a body changed while it was timed", &e);
	return true;
}

const uint8_t *arena_site(const struct arena *a, const struct arena_cell *c,
			  unsigned i, struct text_form *f)
{
	const struct text_where *w = &c->part.where;

	if (!a->text.where.count)
		return NULL;
	for (size_t k = 0; k < w->count; k++) {
		uint64_t addr = text_site_addr(w, k);

		if (addr < c->one.begin || addr >= c->one.end || i--)
			continue;
		if (text_encode(&c->part, k, backends[c->cell->backend],
				&modes[c->cell->mode],
				&a->padding[c->cell->padding], f))
			return NULL;
		return text_site_bytes(w, k);
	}
	return NULL;
}

unsigned arena_call(const struct arena_cell *c)
{
	const struct text_where *w = &c->part.where;
	const struct body *b = arena_copies(c);

	for (size_t k = 0; k < w->count; k++) {
		uint64_t addr = text_site_addr(w, k);

		if (addr >= b->first && addr < b->end)
			return (unsigned)(addr - b->first)
				+ text_call_at(&c->part, k) + CALL_MEM_LEN - 1;
	}
	return 0;
}
