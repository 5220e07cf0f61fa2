/* SPDX-License-Identifier: GPL-2.0-only */
/* What was heard before a run: sentences, lines, JSON, and the note behind the run. */
#include "made_up_report.h"
#include "report/listen_report.h"

#define HZ	2000000000u

static const char *text(void (*put)(struct sink *s))
{
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);

	put(&m.sink);
	bytes[m.len] = '\0';
	return m.sink.failed ? "" : bytes;
}

static uint64_t hz;

static void put_say(struct sink *s) { listen_say(&run, hz, s); }
static void put_lines(struct sink *s) { listen_lines(&run, s); }
static void put_note(struct sink *s)
{
	struct wrap_sink w = wrap_sink(s);

	listen_note(&run, &w.sink);
}

static void put_json(struct sink *s)
{
	struct json j = { s, true };

	json_open(&j, NULL, "{");
	listen_json(&run, &j);
	json_close(&j, "}");
}

/* Ends in all that was put. */
static bool is(void (*put)(struct sink *s), const char *want)
{
	const char *got = text(put);

	if (strcmp(got, want))
		diag("\"%s\"", got);
	return !strcmp(got, want);
}

static struct resolution told(int64_t half_width)
{
	return (struct resolution){
		.known = true, .spread = half_width / 2,
		.half_width = half_width, .smallest = 10000 + half_width,
		.same = half_width <= 10000,
	};
}

static size_t group_in(enum state_id s)
{
	size_t i = 0;

	while (run.group[i].state != s)
		i++;
	return i;
}

/* A second on a machine of 2 GHz. */
static void hear(int64_t warm, int64_t cold)
{
	struct heard *w = &run.listened.state[STATE_warm];
	struct heard *c = &run.listened.state[STATE_cold_branch];

	hz = HZ;
	run.before = (struct gaps){
		.ticks = 800000000, .count = 10, .largest = 86400, .step = 26,
		.came = { .smi = 1, .smi_known = true },
	};
	run.listened = (struct listened){ .twins = true, .ticks = 1900000000,
					  .first_pass = 5000000000, .expected = 128 };
	*w = (struct heard){ true, group_in(STATE_warm), 24, 1000, { 0 }, 0, { 0 }, told(warm), 0,
			     { false }, 0, 0 };
	*c = (struct heard){ true, group_in(STATE_cold_branch), 8, 9000, { 0 }, 0, { 0 },
			     told(cold), 0, { false }, 0, 0 };
}

static void test_say(void)
{
	build();
	hear(1500, 4600);
	ok(is(put_say, "Listened for 0.95 s: 25 gaps a second, the largest 43.2 us; SMIs: 1;"
	      " the TSC\n    advances by 26.\n"
	      "Expect warm: same within 1%, or different from 1.2% on; cold_branch: same"
	      " within\n    1%, or different from 1.5% on.\n"), "a quiet machine");
	hear(23000, 450000);
	run.before.came = (struct disturbance){ .nmi = 2 };
	run.before.largest = 12345678;
	ok(is(put_say, "Listened for 0.95 s: 25 gaps a second, the largest 6.2 ms; SMIs: not"
	      " counted\n    here; NMIs: 2; the TSC advances by 26.\n"
	      "Expect warm: differences under 3.3% will not be decided here; cold_branch:\n"
	      "    differences under 46.0% will not be decided here, but by ticks.\n"),
	   "a restless one, whose SMIs nobody counts");
	run.listened.state[STATE_warm].told.known = false;
	run.listened.state[STATE_warm].blocks = 5;
	run.listened.state[STATE_cold_branch].told.half_width = INT64_MAX;
	run.listened.state[STATE_cold_branch].told.smallest = INT64_MAX;
	ok(strstr(text(put_say),
		  "Expect warm: not known, 5 blocks were all there was time"
		  " for; cold_branch:\n    differences under 100000.0%"),
	   "not known, and as far apart as there are numbers");
	run.listened.state[STATE_warm].blocks = 24;
	ok(strstr(text(put_say), "Expect warm: nothing, there is time for 128 blocks; "),
	   "and nothing for want of blocks");
	run.listened.state[STATE_warm].regimes = (struct regimes){
		.two = true, .batches = { [REGIME_alone] = 745, [REGIME_shared] = 255 },
		.n = 1000,
	};
	ok(strstr(text(put_say), " 6.2 ms; the core alone in 74%\n"
		  "    of batches; SMIs"),
	   "a neighbour, at times");
	run.listened.state[STATE_warm].regimes.two = false;
	run.listened.state[STATE_warm].regimes.wide_is = REGIME_alone;
	ok(strstr(text(put_say), " 6.2 ms; the core alone; SMIs"), "none");
	run.listened.state[STATE_warm].regimes.wide_is = REGIME_single;
	ok(strstr(text(put_say), " 6.2 ms; SMIs"), "or nobody knows");
	run.budget_ticks = 4 * (uint64_t)HZ;
	ok(!strstr(text(put_say), "A first pass"), "a budget that lasts");
	run.budget_ticks = HZ;
	ok(strstr(text(put_say), "\nA first pass lasts about 2 s, longer than budget_s.\n"),
	   "and one that does not");
}

static void test_less(void)
{
	build();
	hear(1500, 1500);
	run.listened.twins = false;
	run.before.count = 0;
	hz = 0;
	ok(is(put_say, "Listened for 1900000000 ticks: 0 gaps; SMIs: 1; the TSC advances by 26.\n"),
	   "the clock alone, whose rate is not known");
	ok(is(put_lines, "parapatch listen lasted_ticks=1900000000 watched_ticks=800000000 gaps=0"
	      " largest_gap_ticks=86400 smis=1 nmis=0 tsc_step_ticks=26\n"), "its line");
	text(put_json);
	ok(!strstr(bytes, "warm") && is(put_note, ""), "nothing is said of states then");
}

static void test_lines(void)
{
	char name[GROUP_NAME_ROOM], want[400];

	build();
	hear(1500, 4600);
	run.before.came.smi_known = false;
	group_name(name, sizeof(name), &run.group[group_in(STATE_warm)]);
	snprintf(want, sizeof(want), "\nparapatch listen state=warm group=%s blocks=24"
		 " spread=0.000750 expected_blocks=128 half_width=0.001500"
		 " resolution=0.011500\nparapatch listen state=cold_branch ", name);
	ok(strstr(text(put_lines), want), "a line a state");
	ok(!strstr(bytes, "smis="), "SMIs that are not counted are not said to be none");
	run.listened.state[STATE_warm].told.known = false;
	ok(strstr(text(put_lines), " blocks=24\nparapatch"), "what is not known is not there");
}

static void test_json(void)
{
	build();
	hear(1500, 4600);
	run.listened.state[STATE_warm].had = 16;
	run.listened.state[STATE_warm].then = told(3400);
	run.listened.state[STATE_warm].reached = 2500;
	run.listened.state[STATE_warm].reached_of = 7;
	text(put_json);
	ok(strstr(bytes, "\"smis\": 1") && strstr(bytes, "\"half_width\": 0.001500")
	   && strstr(bytes, "\"resolution\": 0.014600")
	   && strstr(bytes, "\"reached\": 0.002500"), "as JSON");
	ok(is(put_note, "Intervals of so many blocks, expected before and reached: warm, 16:"
	      " +-0.3%,\n    +-0.3%.\n"),
	   "and a sentence behind the run, of states that were reached");
}

int main(void)
{
	test_say();
	test_less();
	test_lines();
	test_json();
	return done();
}
