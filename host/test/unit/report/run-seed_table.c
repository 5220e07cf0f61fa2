/* SPDX-License-Identifier: GPL-2.0-only */
/* The mail's table beside replays: shares of a unit's time, rates, and the text. */
#include <stdlib.h>
#include <string.h>
#include "plan/group.h"
#include "report/seed_table.h"
#include "../../../../core/report/seed_rows.h"
/* run.h has a plan() too. */
#define plan tap_plan
#include "tap.h"

static char bytes[8192];

static const char *text(const struct seed_here *here, const char *kernel, bool counted)
{
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);

	seed_table(here, kernel, counted, &m.sink);
	bytes[m.len] = '\0';
	return m.sink.failed ? "failed" : bytes;
}

static void test_shares(void)
{
	static const struct {
		const char *what;
		struct seed_added added;
		uint64_t instructions, ticks;
		bool counted;
		struct seed_share is;
	} shares[] = {
		/* 100,000 instructions at a tick a cycle: 25,000 to 100,000 ticks. */
		{ "more", { 500000000, 1000000000 }, 100000, 1000000, false,
		  { true, 5000, 40000 } },
		{ "less", { -1000000000, -500000000 }, 100000, 1000000, false,
		  { true, -40000, -5000 } },
		{ "about nothing", { -100000000, 100000000 }, 100000, 1000000, false,
		  { true, -4000, 4000 } },
		{ "a cycle of 2 ticks", { 500000000, 500000000 }, 100000, 2000000, false,
		  { true, 2500, 10000 } },
		{ "counted", { 500000000, 500000000 }, 100000, 1000000, true,
		  { true, 5000, 5000 } },
		{ "nothing", { 0, 0 }, 1, 4000000, true, { true, 0, 0 } },
		{ "a unit of nothing", { 1, 1 }, 0, 1000000, false, { 0 } },
		{ "no ticks a cycle", { 1, 1 }, 100000, 0, false, { 0 } },
		{ "more than a million units", { INT64_MAX, INT64_MAX }, 1, 1000000, false,
		  { 0 } },
		{ "the longest unit", { 1, 1 }, UINT64_MAX, 1000000, false, { 0 } },
		{ "the smallest number", { INT64_MIN, 0 }, UINT64_MAX / 8000000, 4000000, true,
		  { true, -1000000, 0 } },
	};

	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		struct seed_share s = seed_share_of(shares[i].added, shares[i].instructions,
						    shares[i].ticks, shares[i].counted);
		bool good = s.known == shares[i].is.known && (!s.known
			|| (s.least == shares[i].is.least && s.most == shares[i].is.most));

		if (!ok(good, "share: %s", shares[i].what))
			diag("%d %lld %lld", s.known, (long long)s.least, (long long)s.most);
	}
}

/* A replay's own ticks say nothing: its gaps were taken off them, and more. */
static void test_cycle(void)
{
	struct result results[2] = {
		{ .cell = { .role = ROLE_cell, .mode = MODE_native,
			    .convention = CONVENTION_native },
		  .ticks.median = -4000000, .cycles = -3000000, .has_cycles = true },
		{ .cell = { .role = ROLE_chain }, .ticks.median = 4500000, .cycles = 3000000,
		  .has_cycles = true },
	};
	const struct group g = { .first = 0, .count = 2 }, alone = { .first = 0, .count = 1 };

	ok1(seed_cycle_ticks(&g, results) == 1500000);
	ok(!seed_cycle_ticks(&alone, results), "without a chain: not known");
	results[1].cycles = 0;
	ok(!seed_cycle_ticks(&g, results), "a chain of no cycles");
	results[1].cycles = 3000000;
	results[1].ticks.median = -1;
	ok(!seed_cycle_ticks(&g, results), "a chain that took nothing");
	results[1].ticks.median = 4500000;
	results[1].refused = true;
	ok(!seed_cycle_ticks(&g, results), "a chain that was refused");
}

static void test_rates(void)
{
	struct seed_share s = seed_as_rate((struct seed_share){ true, -200000, 250000 });

	ok(s.known && s.least == -200000 && s.most == 250000,
	   "a quarter more time is a fifth less of a rate, a fifth less a quarter more");
	s = seed_as_rate((struct seed_share){ true, -1000000, 0 });
	ok(!s.known, "no time at all is no rate");
	ok1(!seed_as_rate((struct seed_share){ false, 0, 0 }).known);
}

static void test_rows(void)
{
	unsigned of_compile = 0, of_none = 0, of_kernel = 0;

	for (unsigned i = 0; i < SEED_ROW_COUNT; i++) {
		of_compile += seed_row_is_of(i, "compile");
		of_none += seed_row_is_of(i, "floor") || seed_row_is_of(i, "");
	}
	ok1(seed_row_is_of(SEED_fork, "fork") && !seed_row_is_of(SEED_exec, "fork"));
	ok(of_compile == 2, "two rows of one mix");
	ok(!of_none, "a mix that is no row's, and no name");
	ok1(!strcmp(seed_row_then(SEED_exec).name, "exec")
	    && seed_row_then(SEED_exec).patched == 3612);
	for (unsigned i = 0; i < SEED_ROW_COUNT; i++)
		of_kernel += seed_row_then(i).time == SEED_TIME_kernel;
	ok(of_kernel == 1 && seed_row_then(SEED_compile_system).time == SEED_TIME_kernel,
	   "one row is of the time in the kernel: system time");
	ok1(seed_row_then(SEED_dbench).rate && !seed_row_then(SEED_ubench).rate);
}

/* Lines of the text: how many, and are all of 80 columns at most and without blanks at
 * their ends? */
static unsigned lines_of(const char *s, size_t most)
{
	unsigned n = 0;

	while (*s) {
		size_t len = strcspn(s, "\n");

		if (len > most || (len && s[len - 1] == ' '))
			return 0;
		n++;
		s += len + (s[len] == '\n');
	}
	return n;
}

static bool has(const char *line)
{
	if (strstr(bytes, line))
		return true;
	diag("%s", bytes);
	return false;
}

static void test_text(void)
{
	struct seed_here here[SEED_ROW_COUNT] = { 0 };

	ok(!text(here, "6.1-amd64", false)[0], "nothing was replayed: nothing is said");
	here[SEED_fork] = (struct seed_here){ { true, 5000, 20400 }, { true, -100, 400 } };
	here[SEED_tbench] = (struct seed_here){ { true, 5000, 20400 }, { true, 0, 0 } };
	here[SEED_tcp_bandwidth].paravirt = (struct seed_share){
		.known = true, .least = -999999, .most = 999999999999 };
	text(here, "6.1-amd64", false);
	ok(lines_of(bytes, 1000) == 2 + SEED_ROW_COUNT + 1, "all rows, the head, and what it is");
	*strstr(bytes, "As mailed:") = '\0';
	ok(lines_of(bytes, 80) == 2 + SEED_ROW_COUNT, "80 columns at most");
	text(here, "6.1-amd64", false);
	ok1(has("fork                         +0.8%   -0.4%        +0.5..+2.0%"
		"              +0.0%\n"));
	ok(has("Tbench                       +0.4%   +0.6%        -2.0..-0.5%"
	       "              +0.0%\n"), "a rate has the other sign");
	ok(has("exec                         +4.9%   +3.6%                  -"
	       "                  -\n"), "a row that was not replayed");
	ok1(has("UNIX socket bandwidth       -10.8%   -5.0% "));
	ok1(has("as 6.1-amd64 ran them"));
	ok1(has("at 1 to 4 a cycle"));
	ok1(has("system time: that in the"));
	text(here, "6.1-amd64", true);
	ok1(has("all in instructions"));
	here[SEED_udp_latency].patched = (struct seed_share){ true, 9999000, INT64_MAX / 2 };
	here[SEED_udp_latency].paravirt = (struct seed_share){ true, 9999001, INT64_MAX / 2 };
	text(here, "6.1-amd64", false);
	ok(has(" more than +999.9%            +999.9%\n"), "what is more than told is said");
}

int main(void)
{
	test_shares();
	test_cycle();
	test_rates();
	test_rows();
	test_text();
	return done();
}
