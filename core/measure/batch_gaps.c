/* SPDX-License-Identifier: GPL-2.0-only */
/* Batches judged by their lengths, see batch_gaps.h. */
#include "batch_gaps.h"

static struct vary_share add_shares(struct vary_share a, struct vary_share b)
{
	return (struct vary_share){ a.longer + b.longer, a.of + b.of };
}

/* What wakes code that waits may be late: by as much as that usually lasts it is none that
 * was disturbed. */
static void allow_late(struct vary_limit *l)
{
	if (l->bound < l->usual)
		l->bound = l->usual;
}

/* What every body is held to.  What is steady never varies. */
static void set_limits(const struct platform *m, const struct block *b)
{
	const struct vary_machine none = { { 0, 0 }, { 0, 0 }, 0 };
	uint64_t calm = b->step > m->gap_ticks ? b->step : m->gap_ticks;
	struct vary_machine machine = { .watch = b->watch, .timings = 2 * b->count };

	for (unsigned k = 0; k < b->count; k++) {
		const struct subject *s = &b->subject[k];

		if (s->steady)
			machine.steady = add_shares(machine.steady, add_shares(
				vary_share(&s->vary_n, calm),
				vary_share(&s->vary_n2, calm)));
	}
	for (unsigned k = 0; k < b->count; k++) {
		struct subject *s = &b->subject[k];
		const struct vary_machine *by = s->steady ? &none : &machine;

		s->limit_n = vary_limit(&s->vary_n, calm, by);
		s->limit_n2 = vary_limit(&s->vary_n2, calm, by);
		if (s->waits) {
			allow_late(&s->limit_n);
			allow_late(&s->limit_n2);
		}
	}
}

/* What is over its limit in a batch. */
struct over {
	bool any, disturbed;		/* one that could have done without */
};

static void look_at_timing(struct over *o, const struct vary_limit *l, uint32_t ticks)
{
	if (!vary_is_over(l, ticks))
		return;
	o->any = true;
	o->disturbed |= !l->varies && !l->meets;
}

static struct over over_in(const struct block *b, uint32_t i)
{
	struct over o = { false, false };

	for (unsigned k = 0; k < b->count; k++) {
		const struct subject *s = &b->subject[k];

		look_at_timing(&o, &s->limit_n, s->ticks[i].n);
		look_at_timing(&o, &s->limit_n2, s->ticks[i].n2);
	}
	return o;
}

static void move_batch(const struct block *b, uint32_t from, uint32_t to)
{
	if (b->width)
		b->width[to] = b->width[from];
	for (unsigned k = 0; k < b->count; k++) {
		const struct subject *s = &b->subject[k];

		s->ticks[to] = s->ticks[from];
		if (s->cycles)
			s->cycles[to] = s->cycles[from];
	}
}

static void note_bounds(const struct block *b, struct quality *q)
{
	for (unsigned k = 0; k < b->count; k++) {
		const struct subject *s = &b->subject[k];

		if (s->limit_n.bound > q->gap_bound)
			q->gap_bound = s->limit_n.bound;
		if (s->limit_n2.bound > q->gap_bound)
			q->gap_bound = s->limit_n2.bound;
	}
}

uint32_t drop_gaps(const struct platform *m, const struct block *b, struct quality *q,
		   uint32_t taken)
{
	uint32_t left = 0;

	set_limits(m, b);
	note_bounds(b, q);
	for (uint32_t i = 0; i < taken; i++) {
		struct over o = over_in(b, i);

		if (!o.any) {
			move_batch(b, i, left++);
			continue;
		}
		q->dropped[DROPPED_gap]++;
		q->gap_own += !o.disturbed;
	}
	return left;
}
