/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching at scale: rounds, and what comes of them; see scale.h. */
#include "lib/mem.h"
#include "lib/sink.h"
#include "measure/scale_run.h"
#include "scale_ways.h"

static const char *const names[SCALE_COUNT] = {
#define SCALE(name, what) #name,
#include "list/scale.def"
#undef SCALE
};

static const char *time_row(struct bench *k, const struct scale_row *r, int64_t *to)
{
	const struct platform *m = k->s->machine;
	uint64_t begin;
	bool good;

	if (!way_prepare(k, r->way))
		return "the text could not be put back";
	begin = m->begin();
	good = scale_ways[r->way](k, r->with);
	*to = (int64_t)((m->end() - begin) * MILLION / k->s->sites);
	return good && way_is_left(k, r->way) ? NULL
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
	const char *why = bench_open(&k, memory);

	if (!why && !bench_pack(&k))
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
