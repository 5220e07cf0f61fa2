/* SPDX-License-Identifier: GPL-2.0-only */
/* One number of the table in its column or its brackets, see table_box.h. */
#include "lib/number.h"
#include "run/summary.h"
#include "table_box.h"

/* Millionths in six columns: decimals go before digits do. */
const char *table_number(char *to, size_t room, int64_t micro)
{
	bool large = micro >= 9999950000 || micro <= -999950000;

	return micro_text(to, room, micro, large ? 0 : 1);
}

/* " 123.4", or a dash where there is no such cell. */
void table_ticks(const struct result *res, struct sink *s)
{
	char t[24] = "-";

	if (res && res->ticks.n)
		table_number(t, sizeof(t), res->ticks.median);
	sink_printf(s, " %6s", t);
}

/* A part in millionths as per cent: decimals go before digits do. */
static const char *percent(char *to, size_t room, int64_t part)
{
	return micro_text(to, room, part * 100,
			  part < MILLION && part > -MILLION ? 1 : 0);
}

/* A ratio in millionths, above 0, as how much more it is, "+12.3%". */
static void over(char *to, size_t room, int64_t ratio)
{
	char t[24];

	if (ratio > TABLE_RATIO_MAX)
		text_format(to, room, ">9999%%");
	else
		text_format(to, room, "%s%s%%", ratio >= MILLION ? "+" : "",
			    percent(t, sizeof(t), ratio - MILLION));
}

/* The larger half of an interval around @at, "0.4"; "?" where there is none, or
 * it is wider than can be told. */
static const char *half_of(char *to, size_t room, const struct interval *i,
			   int64_t at)
{
	bool told = i->known && i->lo >= -TABLE_RATIO_MAX && i->hi <= TABLE_RATIO_MAX;

	if (!told)
		return "?";
	return percent(to, room, i->hi - at > at - i->lo ? i->hi - at : at - i->lo);
}

/* The most that is told of a difference, in the two columns. */
#define OVER_MAX	(9999 * (int64_t)MILLION)
#define TICKS_MAX	(99999 * (int64_t)MILLION)

/* Ticks in millionths: decimals go before digits do. */
static const char *few(char *to, size_t room, int64_t micro)
{
	bool large = micro >= 999950000 || micro <= -999950000;

	return micro_text(to, room, micro, large ? 0 : 1);
}

/* A difference in millionths, "+12.3t". */
static const char *ticks_over(char *to, size_t room, int64_t d, int64_t most)
{
	char t[24];

	if (d > most || d < -most)
		text_format(to, room, "%s%ut", d < 0 ? "<-" : ">",
			    (unsigned)(most / MILLION));
	else
		text_format(to, room, "%s%st", d >= 0 ? "+" : "",
			    few(t, sizeof(t), d));
	return to;
}

/* Is something said of it by the difference? */
bool is_told_by_difference(const struct result *res)
{
	return res->has_vs && !res->refused && !cell_kept(res)
		&& res->vs.by_difference
		&& res->vs.verdict != VERDICT_inconclusive;
}

/* A ratio of 0 or less is overlap: no per cent of anything. */
static bool told_by_ratio(const struct comparison *vs)
{
	return vs->has_ratio && vs->ratio > 0;
}

/* "[+12.3%]" or "[+12.3t]" against the reference, or that it is it. */
void table_over(const struct result *res, const struct result *reference,
		     struct sink *s)
{
	char t[32], box[40] = "[-]";

	if (res && res == reference)
		text_format(box, sizeof(box), "[ref]");
	if (res && is_told_by_difference(res)) {
		text_format(box, sizeof(box), "[%s]", ticks_over(t, sizeof(t),
			    res->vs.difference, OVER_MAX));
	} else if (res && res->has_vs && told_by_ratio(&res->vs)) {
		over(t, sizeof(t), res->vs.ratio);
		text_format(box, sizeof(box), "[%s]", t);
	}
	sink_printf(s, " %8s", box);
}

/* "[+38.0t+-2.0]": a difference, and the larger half of its interval. */
static void difference_box(char *to, size_t room, const struct comparison *vs)
{
	int64_t d = vs->difference, lo = vs->difference_95.lo;
	int64_t hi = vs->difference_95.hi;
	char t[24], half[24] = "?";

	if (lo >= -TICKS_MAX && hi <= TICKS_MAX)
		few(half, sizeof(half), hi - d > d - lo ? hi - d : d - lo);
	text_format(to, room, "[%s+-%s]", ticks_over(t, sizeof(t), d, TICKS_MAX),
		    half);
}

static void ratio_box(char *to, size_t room, const struct comparison *vs)
{
	char t[32], half[24];

	over(t, sizeof(t), vs->ratio);
	text_format(to, room, "[%s+-%s]", t,
		    half_of(half, sizeof(half), &vs->ratio_95, vs->ratio));
}

/* "[+2.1%+-0.4]", what the verdict rests on, with the larger half of its interval,
 * and the verdict; of a cell that is not what its mode says, what it is. */
void table_verdict(const struct result *res, struct sink *s)
{
	static const char *const words[VERDICT_COUNT] = {
		[VERDICT_same] = "same", [VERDICT_faster] = "faster",
		[VERDICT_slower] = "slower", [VERDICT_margin] = "margin",
		[VERDICT_inconclusive] = "?",
	};
	char box[64] = "[-]";
	const struct comparison *vs;

	if (res && cell_kept(res)) {
		sink_printf(s, " %s\n", cell_outcome(res));
		return;
	}
	if (!res || !res->has_vs) {
		sink_printf(s, " %13s\n", box);
		return;
	}
	vs = &res->vs;
	if (is_told_by_difference(res))
		difference_box(box, sizeof(box), vs);
	else if (told_by_ratio(vs))
		ratio_box(box, sizeof(box), vs);
	sink_printf(s, " %13s %s\n", box, words[vs->verdict]);
}

bool table_in_columns(const struct cell *c)
{
	return c->role == ROLE_cell && c->padding == PADDING_long
		&& (c->mode == MODE_native || c->mode == MODE_indirect
		    || c->mode == MODE_inline);
}

/* "retpoline", "inline+prefix". */
const char *table_mode(char *to, size_t room, const struct cell *c)
{
	bool padded = c->padding != PADDING_long;

	text_format(to, room, "%s%s%s", modes[c->mode].name, padded ? "+" : "",
		    padded ? paddings[c->padding].name : "");
	return to;
}
