/* SPDX-License-Identifier: GPL-2.0-only */
/* Sites are put into another mode, see torture_flip.h. */
#include "cpu/cpu.h"
#include "cpu/serialise.h"
#include "live/text_live.h"
#include "mp/mp_ask.h"
#include "patch/mode.h"
#include "torture_flip.h"
#include "writer/writer.h"

static uint8_t fillings[PADDING_COUNT];
static unsigned filling_count;

void torture_flip_prepare(void)
{
	filling_count = torture_paddings(fillings);
}

static struct live_others others(const struct torture_state *s)
{
	return (struct live_others){
		.sync = mp_ask, .serialise = cpu_serialise,
		.settle = s->env->emulator.threads ? mp_settle : NULL,
	};
}

/* Some of the sites: mostly one to three, one time in eight any run of them, one time in
 * 32 all. */
static struct text_span any_span(struct torture_state *s)
{
	const struct text_where *w = &s->text.text.where;
	uint32_t n = (uint32_t)w->count, first = rng_below(&s->rng, n), more;
	uint32_t kind = rng_below(&s->rng, 32);

	if (!kind)
		return TEXT_ALL;
	more = rng_below(&s->rng, kind < 5 ? n : 3);
	if (more > n - 1 - first)
		more = n - 1 - first;
	return (struct text_span){ text_site_addr(w, first),
				   text_site_addr(w, first + more) + 1 };
}

/* Stops the others for one store.  What they have to go on with is whole. */
static bool store_stopped(struct torture_state *s, const struct text_staged *st,
			  struct text_error *e)
{
	bool stored;

	(void)s;
	e->record = TEXT_NO_RECORD;
	e->why = "another CPU did not stand still";
	if (!mp_stop())
		return false;
	stored = text_store(st, &live_text_writer, e);
	if (mp_release())
		return stored;
	e->why = "another CPU did not go on";
	return false;
}

static bool store_live(struct torture_state *s, const struct text_staged *st,
		       struct text_error *e)
{
	const struct live_others o = others(s);
	struct live_stored done;

	return text_store_live(st, &live_text_writer, s->batch, &o, &done, e);
}

static bool store(struct torture_state *s, const struct text_staged *st, struct text_error *e)
{
	static bool (*const stores[WAY_COUNT])(struct torture_state *s,
		const struct text_staged *st, struct text_error *e) = {
#define WAY(name, what) [WAY_##name] = store_##name,
#include "list/torture_way.def"
#undef WAY
	};

	return stores[s->way - s->to->way](s, st, e);
}

void torture_flip(struct torture_state *s)
{
	const struct mode *m = &modes[s->set->mode[rng_below(&s->rng, s->set->modes)]];
	const struct nop_table nops =
		nop_padding(s->nops, fillings[rng_below(&s->rng, filling_count)]);
	struct text_staged st;
	struct text_counts c;
	struct text_error e;
	uint64_t begun, took;
	unsigned sites;

	s->way->flips++;
	if (!text_stage(&s->text.text, s->set->backend, m, &nops, any_span(s), &st,
			&c, &e)) {
		torture_fail(s, "a form was refused", e.why);
		return;
	}
	sites = text_changes(&st);
	if (!sites)
		return;
	begun = cpu_tsc_begin();
	if (!store(s, &st, &e)) {
		torture_fail(s, "a flip failed", e.why);
		return;
	}
	took = cpu_tsc_end() - begun;
	torture_time_keep(&s->times, &s->rng, (int64_t)(took * MILLION / sites));
	torture_text_want(&s->text, &st);
	s->way->changed++;
	s->way->sites += sites;
}

bool torture_put_all(struct torture_state *s, enum mode_id mode)
{
	struct text_staged st;
	struct text_counts c;
	struct text_error e;

	if (!text_stage(&s->text.text, s->set->backend, &modes[mode], s->nops,
			TEXT_ALL, &st, &c, &e) || !text_store(&st, &live_text_writer, &e)) {
		torture_fail(s, "a mode was not stored", e.why);
		return false;
	}
	torture_text_want(&s->text, &st);
	return true;
}
