/* SPDX-License-Identifier: GPL-2.0-only */
/* The mail's table beside this machine's replays, see seed_table.h. */
#include "report/seed_table.h"
#include "lib/mul_div.h"
#include "lib/number.h"
#include "lib/string.h"

#define MILLION	1000000

enum better { BETTER_less, BETTER_more, BETTER_unknown };

static const struct seed_row {
	const char *name, *mix;
	enum better better;
	enum seed_time time;
	int32_t paravirt, patched;	/* thousandths of a percent */
} rows[SEED_ROW_COUNT] = {
#define SEED_ROW(id, name, better, paravirt, patched, time, mix) \
	[SEED_##id] = { name, mix, BETTER_##better, SEED_TIME_##time, paravirt, patched },
#include "list/seed_row.def"
};

/* Millionths that @micro are of @whole; false if they are no less than a million wholes. */
static bool part_of(int64_t micro, uint64_t whole, int64_t *part)
{
	uint64_t size = micro < 0 ? -(uint64_t)micro : (uint64_t)micro;
	uint64_t n = mul_div(size, MILLION, whole);

	if (n >= (uint64_t)MILLION * MILLION)
		return false;
	*part = micro < 0 ? -(int64_t)n : (int64_t)n;
	return true;
}

struct seed_share seed_share_of(struct seed_added added, uint64_t instructions,
				uint64_t ticks, bool counted)
{
	uint64_t slow = mul_div(instructions, ticks, 1);
	uint64_t fast = counted ? slow : slow / SEED_IPC_MOST;
	struct seed_share s = { 0 };

	if (!fast || slow == UINT64_MAX)
		return s;
	s.known = part_of(added.least, added.least < 0 ? fast : slow, &s.least)
		&& part_of(added.most, added.most < 0 ? slow : fast, &s.most);
	return s;
}

bool seed_row_is_of(enum seed_row_id row, const char *mix)
{
	return rows[row].mix[0] && string_equal(rows[row].mix, mix);
}

struct seed_row_then seed_row_then(enum seed_row_id row)
{
	return (struct seed_row_then){
		rows[row].name, rows[row].better == BETTER_more, rows[row].time,
		rows[row].paravirt, rows[row].patched,
	};
}

/* 1 / (1 + x) - 1. */
static int64_t rate_of(int64_t time)
{
	if (time <= -MILLION)
		return INT64_MAX;
	return -time * MILLION / (MILLION + time);
}

struct seed_share seed_as_rate(struct seed_share time)
{
	struct seed_share s = time;

	s.least = rate_of(time.most);
	s.most = rate_of(time.least);
	s.known &= s.most != INT64_MAX;
	return s;
}

/* What is told as a number: a thousand percent is no share of anything. */
#define SHARE_MOST	(10 * MILLION - 1000)

/* Millionths as "+1.2". */
static const char *percent_of(char *to, size_t room, int64_t micro)
{
	char t[24];

	if (micro > SHARE_MOST)
		micro = SHARE_MOST;
	micro_text(t, sizeof(t), micro * 100, 1);
	text_format(to, room, "%s%s", t[0] == '-' ? "" : "+", t);
	return to;
}

static const char *share_text(char *to, size_t room, struct seed_share s)
{
	char least[24], most[24];

	if (!s.known)
		text_format(to, room, "-");
	else if (s.least > SHARE_MOST)
		text_format(to, room, "more than %s%%",
			    percent_of(most, sizeof(most), SHARE_MOST));
	else if (!string_equal(percent_of(least, sizeof(least), s.least),
			       percent_of(most, sizeof(most), s.most)))
		text_format(to, room, "%s..%s%%", least, most);
	else
		text_format(to, room, "%s%%", most);
	return to;
}

static void put_row(const struct seed_row *row, const struct seed_here *here,
		    struct sink *s)
{
	bool rate = row->better == BETTER_more;
	struct seed_share calls = rate ? seed_as_rate(here->paravirt) : here->paravirt;
	struct seed_share patched = rate ? seed_as_rate(here->patched) : here->patched;
	char then[24], then_patched[24], t[56], u[56];

	sink_printf(s, "%-26s %6s%% %6s%% %18s %18s\n", row->name,
		    percent_of(then, sizeof(then), row->paravirt * 10),
		    percent_of(then_patched, sizeof(then_patched), row->patched * 10),
		    share_text(t, sizeof(t), calls), share_text(u, sizeof(u), patched));
}

void seed_table(const struct seed_here *here, const char *kernel, bool counted,
		struct sink *s)
{
	unsigned known = 0;

	for (unsigned i = 0; i < SEED_ROW_COUNT; i++)
		known += here[i].paravirt.known || here[i].patched.known;
	if (!known)
		return;
	sink_printf(s, "%-26s %15s %37s\n", "The table of 2006", "as mailed",
		    "replayed on this machine");
	sink_printf(s, "%-26s %7s %7s %18s %18s\n", "more than normal", "calls", "patched",
		    "calls", "patched");
	for (unsigned i = 0; i < SEED_ROW_COUNT; i++)
		put_row(&rows[i], &here[i], s);
	sink_printf(s, "As mailed: benchmarks on a 3 GHz Pentium 4, Linux 2.6.17-rc4, UP; their "
		    "runs and spread are not known. Replayed: no benchmark, but the ops of a "
		    "unit as %s ran them, of a unit's time (system time: that in the "
		    "kernel), %s. -: not replayed, or no mix is "
		    "of it. Bandwidths, Tbench and Dbench are rates: more is better.\n",
		    kernel, counted ? "all in instructions"
		    : "which is taken to be its instructions at 1 to 4 a cycle");
}
