/* SPDX-License-Identifier: GPL-2.0-only */
/* Listening, told: see listen_report.h. */
#include "lib/line_wrap.h"
#include "lib/mul_div.h"
#include "lib/number.h"
#include "report/listen_report.h"

/* Millionths of a microsecond in a second. */
#define MICRO_US	UINT64_C(1000000000000)

/* Millionths as percent, "1.2". */
static const char *percent(char to[24], int64_t millionths)
{
	/* Beyond it is no answer any more. */
	const int64_t most = 1000 * (int64_t)MILLION;

	return micro_text(to, 24, (millionths < most ? millionths : most) * 100, 1);
}

/* "12.3 us", or in ticks. */
static const char *duration(char *to, size_t room, uint64_t ticks, uint64_t hz)
{
	uint64_t us = mul_div(ticks, MICRO_US, hz);
	bool in_ms = us >= 1000 * (uint64_t)MILLION;
	char t[24];

	if (hz)
		text_format(to, room, "%s %s", micro_text(t, sizeof(t),
			    (int64_t)(in_ms ? us / 1000 : us), 1), in_ms ? "ms" : "us");
	else
		text_format(to, room, "%llu ticks", (unsigned long long)ticks);
	return to;
}

/* Had the core another hardware thread's company?  Where one regime was seen that may be
 * either, nothing is said. */
static void say_core(const struct regimes *found, struct sink *s)
{
	if (!found->n)
		return;
	if (found->two)
		sink_printf(s, "; the core alone in %u%% of batches",
			    regime_percent(found, REGIME_alone));
	else if (found->wide_is == REGIME_alone)
		sink_printf(s, "; the core alone");
}

/* What was heard of the clock, and of the core. */
static void say_clock(const struct run *r, uint64_t hz, struct sink *s)
{
	const struct gaps *g = &r->before;
	char t[40], largest[40];

	sink_printf(s, "Listened for ");
	if (hz)
		sink_printf(s, "%s s", micro_text(t, sizeof(t),
			(int64_t)mul_div(r->listened.ticks, MILLION, hz), 2));
	else
		sink_printf(s, "%llu ticks", (unsigned long long)r->listened.ticks);
	if (hz && g->ticks)
		sink_printf(s, ": %llu gaps a second",
			    (unsigned long long)mul_div(g->count, hz, g->ticks));
	else
		sink_printf(s, ": %u gaps", (unsigned)g->count);
	if (g->count)
		sink_printf(s, ", the largest %s",
			    duration(largest, sizeof(largest), g->largest, hz));
	say_core(&r->listened.state[STATE_warm].regimes, s);
	if (g->came.smi_known)
		sink_printf(s, "; SMIs: %u", (unsigned)g->came.smi);
	else
		sink_printf(s, "; SMIs: not counted here");
	if (g->came.nmi)
		sink_printf(s, "; NMIs: %u", (unsigned)g->came.nmi);
	sink_printf(s, "; the TSC advances by %llu.\n", (unsigned long long)g->step);
}

/* What to expect in a state.  Where intervals are so wide ratios say nothing, see
 * judge_difference(). */
static void say_state(const struct run *r, const struct heard *h, struct sink *s)
{
	char t[24], m[PERCENT_ROOM];

	if (!h->told.known && h->blocks < RESOLUTION_LEAST)
		sink_printf(s, "not known, %u blocks were all there was time for",
			    (unsigned)h->blocks);
	else if (!h->told.known)
		sink_printf(s, "nothing, there is time for %u blocks",
			    (unsigned)r->listened.expected);
	else if (h->told.same)
		sink_printf(s, "same within %s, or different from %s%% on",
			    percent_text(m, r->config->precision),
			    percent(t, h->told.smallest));
	else
		sink_printf(s, "differences under %s%% will not be decided here%s",
			    percent(t, h->told.smallest),
			    h->told.half_width > MARGIN_SAME_MOST ? ", but by ticks" : "");
}

static void say_states(const struct run *r, struct sink *s)
{
	const char *between = "Expect ";

	for (unsigned i = 0; i < STATE_COUNT; i++) {
		if (!r->listened.state[i].has_group)
			continue;
		sink_printf(s, "%s%s: ", between, states[i].name);
		say_state(r, &r->listened.state[i], s);
		between = "; ";
	}
	if (*between == ';')
		sink_printf(s, ".\n");
}

void listen_say(const struct run *r, uint64_t tsc_hz, struct sink *to)
{
	struct wrap_sink wrapped = wrap_sink(to);
	struct sink *s = &wrapped.sink;

	say_clock(r, tsc_hz, s);
	if (!r->listened.twins)
		return;
	say_states(r, s);
	if (tsc_hz && r->budget_ticks && r->listened.first_pass > r->budget_ticks)
		sink_printf(s, "A first pass lasts about %llu s, longer than budget_s.\n",
			    (unsigned long long)(r->listened.first_pass / tsc_hz));
}

static void state_line(const struct run *r, enum state_id state, struct sink *s)
{
	const struct heard *h = &r->listened.state[state];
	char name[GROUP_NAME_ROOM], t[24];

	group_name(name, sizeof(name), &r->group[h->group]);
	sink_printf(s, "parapatch listen state=%s group=%s blocks=%u", states[state].name,
		    name, (unsigned)h->blocks);
	if (h->regimes.n)
		sink_printf(s, " batches=%u alone=%u", (unsigned)h->regimes.n,
			    (unsigned)h->regimes.batches[REGIME_alone]);
	if (h->told.known) {
		sink_printf(s, " spread=%s", micro_text(t, sizeof(t), h->told.spread, 6));
		sink_printf(s, " expected_blocks=%u", (unsigned)r->listened.expected);
		sink_printf(s, " half_width=%s",
			    micro_text(t, sizeof(t), h->told.half_width, 6));
		sink_printf(s, " resolution=%s",
			    micro_text(t, sizeof(t), h->told.smallest, 6));
	}
	sink_printf(s, "\n");
}

void listen_lines(const struct run *r, struct sink *s)
{
	const struct gaps *g = &r->before;

	sink_printf(s, "parapatch listen lasted_ticks=%llu watched_ticks=%llu gaps=%u "
		    "largest_gap_ticks=%llu", (unsigned long long)r->listened.ticks,
		    (unsigned long long)g->ticks, (unsigned)g->count,
		    (unsigned long long)g->largest);
	if (g->came.smi_known)
		sink_printf(s, " smis=%u", (unsigned)g->came.smi);
	sink_printf(s, " nmis=%u tsc_step_ticks=%llu\n", (unsigned)g->came.nmi,
		    (unsigned long long)g->step);
	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (r->listened.twins && r->listened.state[i].has_group)
			state_line(r, i, s);
}

static void put_state(const struct run *r, enum state_id state, struct json *j)
{
	const struct heard *h = &r->listened.state[state];
	char name[GROUP_NAME_ROOM];

	group_name(name, sizeof(name), &r->group[h->group]);
	json_open(j, states[state].name, "{");
	json_text(j, "group", name);
	json_number(j, "blocks", h->blocks);
	if (h->regimes.n) {
		json_number(j, "batches", h->regimes.n);
		json_number(j, "alone", h->regimes.batches[REGIME_alone]);
	}
	if (h->told.known) {
		json_number(j, "expected_blocks", r->listened.expected);
		json_micro(j, "spread", h->told.spread, 6);
		json_micro(j, "half_width", h->told.half_width, 6);
		json_micro(j, "resolution", h->told.smallest, 6);
	}
	if (h->then.known && h->reached_of) {
		json_number(j, "blocks_then", h->had);
		json_micro(j, "half_width_then", h->then.half_width, 6);
		json_micro(j, "reached", h->reached, 6);
	}
	json_close(j, "}");
}

void listen_json(const struct run *r, struct json *j)
{
	const struct gaps *g = &r->before;

	if (run_is_counted(r))
		return;
	json_open(j, "listen", "{");
	json_number(j, "lasted_ticks", r->listened.ticks);
	json_number(j, "watched_ticks", g->ticks);
	json_number(j, "gaps", g->count);
	json_number(j, "largest_gap_ticks", g->largest);
	if (g->came.smi_known)
		json_number(j, "smis", g->came.smi);
	json_number(j, "nmis", g->came.nmi);
	json_number(j, "tsc_step_ticks", g->step);
	if (r->listened.twins) {
		json_open(j, "states", "{");
		for (unsigned i = 0; i < STATE_COUNT; i++)
			if (r->listened.state[i].has_group)
				put_state(r, i, j);
		json_close(j, "}");
	}
	json_close(j, "}");
}

void listen_note(const struct run *r, struct sink *s)
{
	const char *between = "Intervals of so many blocks, expected before and reached: ";
	char t[24];

	for (unsigned i = 0; i < STATE_COUNT; i++) {
		const struct heard *h = &r->listened.state[i];

		if (!h->then.known || !h->reached_of)
			continue;
		sink_printf(s, "%s%s, %u: +-%s%%", between, states[i].name,
			    (unsigned)h->had, percent(t, h->then.half_width));
		sink_printf(s, ", +-%s%%", percent(t, h->reached));
		between = "; ";
	}
	if (*between == ';')
		sink_printf(s, ".\n");
}
