/* SPDX-License-Identifier: GPL-2.0-only */
/* Drawing a sequence from a mix, see draw.h. */
#include "mix/draw.h"

/* Draws for all steps, at most: else it has next to no ops that are replayed.  (A kernel
 * that boots polls a port for long.) */
#define DRAWS_MOST	(1 << 17)

/* A mix with the part of each of its ops. */
struct drawer {
	const struct mix *m;
	const struct mix_rules *rules;
	struct rng rng;
	enum mix_part part[MIX_OPS_MAX];	/* MIX_PARTS: not replayed */
	unsigned at;			/* op, or MIX_BEGIN */
	unsigned left;			/* draws */
};

/* Below n, which is less than 2^62; its bias is n / 2^64. */
static uint64_t below(struct rng *r, uint64_t n)
{
	uint64_t high = rng_next(r);

	return (high << 32 | rng_next(r)) % n;
}

static uint64_t leading_from(const struct drawer *d)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < d->m->pairs; i++)
		n += d->m->pair[i].from == d->at ? d->m->pair[i].count : 0;
	return n;
}

/* What comes next.  Each op has something: mix_parse() saw that. */
static const struct mix_pair *next_pair(struct drawer *d)
{
	uint64_t left = below(&d->rng, leading_from(d));
	const struct mix_pair *p = d->m->pair;

	for (;; p++) {
		if (p->from != d->at)
			continue;
		if (left < p->count)
			return p;
		left -= p->count;
	}
}

/* Any length of the bucket alike, and none above the longest. */
static uint64_t draw_gap(struct drawer *d, const struct mix_pair *p)
{
	uint64_t left = below(&d->rng, p->count), least, most;
	unsigned n = 0;

	for (; left >= d->m->bucket[p->bucket + n]; n++)
		left -= d->m->bucket[p->bucket + n];
	if (!n)
		return 0;
	least = (uint64_t)1 << (n - 1);
	most = 2 * least - 1;
	if (most > p->longest)
		most = p->longest;
	return least + below(&d->rng, most - least + 1);
}

/* One op on; it is replayed, or an instruction of the gap. */
static bool draw_op(struct drawer *d, struct mix_sequence *s, uint64_t *gap,
		    enum mix_part *part)
{
	const struct mix_pair *p = next_pair(d);

	*gap += draw_gap(d, p);
	d->at = p->to == MIX_END ? MIX_BEGIN : p->to;
	*part = d->at == MIX_BEGIN ? MIX_PARTS : d->part[d->at];
	if (*part != MIX_PARTS)
		return true;
	if (d->at != MIX_BEGIN) {
		s->passed++;
		++*gap;
	}
	return false;
}

static bool draw_step(struct drawer *d, struct mix_sequence *s)
{
	enum mix_part part;
	uint64_t gap = 0, kept;

	while (!draw_op(d, s, &gap, &part))
		if (!d->left--)
			return false;
	kept = gap > d->rules->gap ? d->rules->gap : gap;
	s->step[s->steps++] = (struct mix_step){ (uint8_t)part, (uint8_t)kept };
	s->count[part]++;
	s->cut += kept < gap;
	s->drawn += gap;
	s->kept += kept;
	return true;
}

/* Which of its ops are replayed.  False: none. */
static bool find_parts(struct drawer *d)
{
	bool any = false;

	for (unsigned i = 0; i < d->m->ops; i++) {
		enum mix_part p = mix_part_of(d->m->op[i].name);
		bool may = p != MIX_PARTS && d->rules->may[p];

		d->part[i] = may ? p : MIX_PARTS;
		any |= may && d->m->op[i].count;
	}
	return any;
}

const char *mix_draw(struct mix_sequence *s, const struct mix *m,
		     const struct mix_rules *rules)
{
	struct drawer d = {
		.m = m, .rules = rules, .rng = { rules->seed }, .at = MIX_BEGIN,
		.left = DRAWS_MOST,
	};

	*s = (struct mix_sequence){ .steps = 0 };
	if (!find_parts(&d))
		return "it has no op that is replayed here";
	while (s->steps < rules->steps)
		if (!draw_step(&d, s))
			return "next to no op of it is replayed here";
	return NULL;
}

struct mix_op mix_part_ops(const struct mix *m, enum mix_part p)
{
	struct mix_op of = { .count = 0 };

	for (unsigned i = 0; i < m->ops; i++) {
		if (mix_part_of(m->op[i].name) != p)
			continue;
		of.count += m->op[i].count;
		of.sites += m->op[i].sites;
	}
	return of;
}
