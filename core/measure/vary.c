/* SPDX-License-Identifier: GPL-2.0-only */
/* What timings vary by on their own, see vary.h. */
#include "measure/vary.h"
#include "lib/mul_div.h"

/* The bound of what varies, by what three quarters of it keep to.  Timings that come
 * as in a row of customers fall off by a factor e a mean: of them it lets through all
 * but four in a thousand; of those that lie about a middle evenly, all. */
#define TIMES_SPREAD	4
/* And four times as often as a machine's own disturbances. */
#define TIMES_STEADY	4

void vary_add(struct vary *v, uint32_t ticks)
{
	v->ticks[v->n++ % VARY_KEPT] = ticks;
}

static uint32_t count_kept(const struct vary *v)
{
	return v->n < VARY_KEPT ? v->n : VARY_KEPT;
}

/* Those that are kept, shortest first.  Return: how many. */
static uint32_t sort_kept(const struct vary *v, uint32_t to[VARY_KEPT])
{
	uint32_t n = count_kept(v);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = i;

		for (; at && to[at - 1] > v->ticks[i]; at--)
			to[at] = to[at - 1];
		to[at] = v->ticks[i];
	}
	return n;
}

/* One that a clock made too short says nothing of the others. */
static uint32_t usual_of(const uint32_t *in_order, uint32_t n)
{
	return in_order[n / 8];
}

static struct vary_share share_of(const uint32_t *in_order, uint32_t n, uint64_t calm)
{
	struct vary_share s = { 0, n };

	for (uint32_t i = 0; i < n; i++)
		s.longer += in_order[i] > usual_of(in_order, n) + calm;
	return s;
}

struct vary_share vary_share(const struct vary *v, uint64_t calm)
{
	uint32_t in_order[VARY_KEPT];
	uint32_t n = sort_kept(v, in_order);

	return share_of(in_order, n, calm);
}

/* Many more than of what does not vary, as often as that was timed? */
static bool passes_steady(const struct vary_share *s, const struct vary_share *steady)
{
	return steady->of && (uint64_t)s->longer * (steady->of + 1)
		>= (uint64_t)TIMES_STEADY * (steady->longer + 1) * s->of;
}

/* Many more than would be met by timings of that length, as often as something came
 * between while the clock alone was read? */
static bool passes_watch(const struct vary_share *s, uint64_t usual,
			 const struct vary_watch *w)
{
	return w->ticks && s->longer
		> TIMES_STEADY * mul_div(w->gaps, usual * s->of, w->ticks);
}

/* Is it by itself that so many are longer? */
static bool by_itself(const struct vary_share *s, uint64_t usual,
		      const struct vary_machine *m)
{
	return s->of >= VARY_LEAST && 4 * s->longer >= s->of
		&& passes_steady(s, &m->steady) && passes_watch(s, usual, &m->watch);
}

struct vary_limit vary_limit(const struct vary *v, uint64_t calm,
			     const struct vary_machine *m)
{
	uint32_t in_order[VARY_KEPT];
	uint32_t n = sort_kept(v, in_order);
	struct vary_limit l = { .bound = calm };
	struct vary_share s;
	uint64_t own;

	if (!n)
		return l;
	l.usual = usual_of(in_order, n);
	s = share_of(in_order, n, calm);
	l.varies = by_itself(&s, l.usual, m);
	l.meets = l.usual > calm && m->watch.ticks
		&& mul_div(m->watch.gaps * m->timings, l.usual, m->watch.ticks);
	own = TIMES_SPREAD * (uint64_t)(in_order[(3 * n + 3) / 4 - 1] - l.usual);
	if (l.varies && 3 * s.longer >= n && own > calm)
		l.bound = own;
	return l;
}
