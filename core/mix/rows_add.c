/* SPDX-License-Identifier: GPL-2.0-only */
/* A mix becomes workloads, see row.h. */
#include "lib/mem.h"
#include "lib/sink.h"
#include "lib/string.h"
#include "rows.h"
#include "workload/registry.h"

/* Ops of a sequence, and instructions of a gap at most: some thousands in all, so that the
 * bodies of a group have room in the arena. */
#define SEQUENCE_STEPS	256
#define SEQUENCE_GAP	16

static const char *const filler_words[MIX_FILLERS] = {
	"independent LEAs", "dependent LEAs",
};

static const struct workload *op_of(enum mix_part p)
{
	return workload_of(mix_part_workload(p));
}

static bool changes_if(enum mix_part p)
{
	return op_of(p)->after != IF_SAME;
}

/* IF behind the last of its ops that change it. */
static enum if_want if_after(const struct mix_sequence *s)
{
	for (unsigned i = s->steps; i--;)
		if (changes_if(s->step[i].part))
			return op_of(s->step[i].part)->after;
	return IF_SAME;
}

static unsigned ring_of(const struct mix_sequence *s)
{
	unsigned ring = 3;

	for (unsigned p = 0; p < MIX_PARTS; p++)
		if (s->count[p] && op_of(p)->ring < ring)
			ring = op_of(p)->ring;
	return ring;
}

static void keep_facts(struct mix_facts *f, const struct mix *m)
{
	*f = (struct mix_facts){
		.units = m->units, .kernel_instructions = m->kernel_instructions,
		.user_instructions = m->user_instructions,
	};
	memcpy(f->name, m->name, sizeof(f->name));
	memcpy(f->kernel, m->kernel, sizeof(f->kernel));
	memcpy(f->unit, m->unit, sizeof(f->unit));
	for (unsigned i = 0; i < m->ops; i++)
		f->ops += m->op[i].count;
	for (unsigned p = 0; p < MIX_PARTS; p++)
		f->part[p] = mix_part_ops(m, p);
}

/* Among those with the highest counts, if it is one. */
static void keep_left(struct mix_drawn *d, const struct mix_op *op)
{
	unsigned at = d->left < MIX_LEFT_MAX ? d->left : MIX_LEFT_MAX;

	d->left++;
	for (; at && d->of_left[at - 1].count < op->count; at--)
		if (at < MIX_LEFT_MAX)
			d->of_left[at] = d->of_left[at - 1];
	if (at < MIX_LEFT_MAX)
		d->of_left[at] = *op;
}

static void count_replayed(struct mix_drawn *d, const struct mix *m)
{
	for (unsigned i = 0; i < m->ops; i++) {
		enum mix_part p = mix_part_of(m->op[i].name);

		if (p != MIX_PARTS && d->may[p])
			d->replayed += m->op[i].count;
		else if (m->op[i].count)
			keep_left(d, &m->op[i]);
	}
}

static const char *draw(struct mix_drawn *d, const struct mix *m, uint64_t seed)
{
	struct mix_rules r = { .seed = seed, .steps = SEQUENCE_STEPS, .gap = SEQUENCE_GAP };
	const char *why;

	memcpy(r.may, d->may, sizeof(r.may));
	d->seed = seed;
	d->gap = SEQUENCE_GAP;
	d->replayed = d->left = 0;
	why = mix_draw(&d->sequence, m, &r);
	if (!why)
		count_replayed(d, m);
	return why;
}

/* What every convention made of the parts, as a workload's code. */
static void code_of_parts(struct workload_code code[CONVENTION_COUNT])
{
	for (unsigned c = 0; c < CONVENTION_COUNT; c++) {
		const struct mix_code *of = mix_code[c];

		code[c] = (struct workload_code){
			of->parts, of->at[MIX_PARTS], of->parts, of->at[0],
			of->at[MIX_PARTS], of->at[MIX_PARTS],
		};
	}
}

/* What one row is, of the rows of a mix. */
struct kind {
	enum mix_filler filler;
	bool gaps, if_clear, bare;	/* bare: without what needs ring 0 */
};

static bool add_row(const struct mix_facts *f, const struct mix_drawn *d,
		    const struct kind *k, unsigned gaps, const struct text *own)
{
	struct workload_code code[CONVENTION_COUNT];
	char name[REGISTRY_NAME_ROOM], column[REGISTRY_COLUMN_ROOM], what[REGISTRY_WHAT_ROOM];
	const struct workload row = {
		.name = name, .column = column, .what = what,
		.kind = k->gaps ? KIND_GAPS : KIND_MIX,
		.ring = k->gaps ? 3 : ring_of(&d->sequence), .if_before = !k->if_clear,
		.seen = IF_ANY, .after = k->gaps ? IF_SAME : if_after(&d->sequence),
	};

	text_format(name, sizeof(name), "%s.%s%s%s%s", f->name, mix_fillers[k->filler],
		    k->bare ? ".bare" : "", k->if_clear ? ".if0" : "", k->gaps ? ".gaps" : "");
	text_format(column, sizeof(column), "%s %s", f->name, mix_fillers[k->filler]);
	text_format(what, sizeof(what), "%s: %u ops%s; in the gaps %u %s%s", f->unit,
		    d->sequence.steps, k->bare ? ", none that needs ring 0" : "",
		    (unsigned)d->sequence.kept, filler_words[k->filler],
		    k->gaps ? ", these alone" : k->if_clear ? "; IF is restored clear" : "");
	code_of_parts(code);
	if (!loaded_add(f->kernel, &row, 1, code, own))
		return false;
	mix_rows.row[mix_rows.rows++] = (struct mix_row){
		.workload = workload_end() - 1, .gaps = gaps,
		.filler = k->filler, .facts = f, .drawn = d,
	};
	return true;
}

/* The gaps alone, then the rows that have these. */
static bool add_sequence(const struct mix_facts *f, const struct mix_drawn *d, bool bare,
			 const struct text *own)
{
	for (unsigned i = 0; i < MIX_FILLERS; i++) {
		struct kind k = { .filler = i, .gaps = true, .bare = bare };
		unsigned gaps = workload_end();

		if (!add_row(f, d, &k, gaps, own))
			return false;
		k.gaps = false;
		if (!add_row(f, d, &k, gaps, own))
			return false;
		k.if_clear = true;
		if (d->sequence.count[MIX_PART_restore_fl] && !add_row(f, d, &k, gaps, own))
			return false;
	}
	return true;
}

/* May a part be in the sequence?  In ring 3 what is about IF alone is a backend's. */
static bool may_be_in(enum mix_part p, unsigned ring, bool bare)
{
	return op_of(p)->ring >= ring || (!bare && changes_if(p));
}

/* Their workloads would have the same names. */
static bool is_there(const struct mix *m)
{
	for (unsigned i = 0; i < mix_rows.mixes; i++)
		if (string_equal(mix_rows.facts[i].name, m->name)
		    && string_equal(mix_rows.facts[i].kernel, m->kernel))
			return true;
	return false;
}

/* All rows that a mix can have: of a sequence for each kind of gaps three. */
static bool has_room(unsigned ring)
{
	const unsigned rows = (1 + (ring == 3)) * MIX_FILLERS * 3;

	return mix_rows.mixes < MIXES_MAX && mix_rows.rows + rows <= WORKLOADS_MIX_MAX;
}

const char *mix_rows_add(const struct mix *m, unsigned ring, uint64_t seed,
			 const struct text *own)
{
	static const char no_room[] = "there is no room for more mixes";
	const char *why = NULL;
	const unsigned before = mix_rows.draws;
	struct mix_facts *f = &mix_rows.facts[mix_rows.mixes];

	if (is_there(m))
		return "a mix of that kernel and that name is there already";
	if (!has_room(ring))
		return no_room;
	keep_facts(f, m);
	for (unsigned bare = 0; bare <= (ring == 3); bare++) {
		struct mix_drawn *d = &mix_rows.drawn[mix_rows.draws];
		const char *none;

		for (unsigned p = 0; p < MIX_PARTS; p++)
			d->may[p] = may_be_in(p, ring, bare);
		none = draw(d, m, seed);
		if (none) {
			why = none;
			continue;
		}
		mix_rows.draws++;
		if (!add_sequence(f, d, bare, own))
			return no_room;
		if (ring_of(&d->sequence) == 3)
			break;		/* without what needs ring 0 it is the same */
	}
	/* One of two that there can be will do. */
	if (mix_rows.draws == before)
		return why;
	mix_rows.mixes++;
	return NULL;
}
