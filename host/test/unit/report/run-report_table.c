/* SPDX-License-Identifier: GPL-2.0-only */
/* A report as the table for people. */
#include "made_up_report.h"

/* Round numbers where a row is compared by the letter. */
static void round_row(void)
{
	static const int64_t ticks[] = { 10000000, 25000000, 10020000 };

	for (unsigned i = 0; i < 3; i++)
		results[i].ticks.median = ticks[i];
	results[1].vs.ratio = 2500000;
	results[2].vs = (struct comparison){
		.has_ratio = true, .ratio = 1002000,
		.ratio_95 = { true, 1001000, 1004000 },
		.margin = MILLION / 100, .verdict = VERDICT_same,
	};
}

static void test_table(void)
{
	build();
	round_row();
	table();
	ok(narrow, "at most 80 columns");
	ok(count_of("\nirq_disable ") == 8 && count_of("\nsave_fl ") == 8
	   && count_of(" seed 16 ") == 8 && count_of(" ccall 16 ") == 8,
	   "a row for each op, convention, layout and state");
	ok(count_of("\ndense, warm normal paravirt paravirt-patch\n") == 1
	   && count_of("\nline, cold_branch normal ") == 1
	   && count_of(" normal paravirt ") == 4, "a head for each layout and state");
	ok(strstr(bytes, "\nirq_disable seed 16 10.0 25.0 [+150%] 10.0 [+0.2%+-0.2] same\n"),
	   "a row's values");
	ok(!strstr(bytes, "\nlfence") && !strstr(bytes, "\nimul"),
	   "what is no op has no row");
	ok(strstr(bytes, "112 inline") && strstr(bytes, "8 kept-no-form")
	   && strstr(bytes, "of 120 sites; nopl NOPs"), "the counts of sites");
	ok(strstr(bytes, "median over 8 code offsets of the\n median of 6 batches (cold: 2)")
	   && !strstr(bytes, "hypervisor or emulator"), "what to know of the numbers");
	ok(strstr(bytes, "\nAnchors, core cycles (published):\n imul_chain 3.00 (3.00), lfence 1")
	   && strstr(bytes, " (11.95), pushf_popf 30.") && strstr(bytes, " (30.44)\n")
	   && strstr(bytes, "\nverified clock: 2 of 2 anchors"), "the anchors");
	ok(strstr(bytes, "\nA/A twins: 8 of 8 the same within 1%; estimates 0."),
	   "the twins");
	ok(strstr(bytes, "\nBatches: 550 tried, dropped for smi 0, nmi 0, interrupt 0, gap 22,")
	   && strstr(bytes, "33 windows, 1 overran; seed 77.\n"), "the batches");
	strcpy(env.hypervisor, "KVMKVMKVM");
	table();
	ok(narrow && strstr(bytes, "\nUnder a hypervisor: what exits"), "and of a guest");
	machine.emulated = true;
	table();
	ok(narrow && strstr(bytes, "\nAn emulator runs this"), "and of an emulator");
	machine.emulated = false;
}

static void scale(int64_t factor)
{
	for (size_t i = 0; i < run.plan.cells; i++)
		results[i].ticks.median *= factor;
}

/* Rows by the letter of what there is besides the seed's columns. */
static void test_table_many(void)
{
	many = true;
	build();
	round_row();
	table();
	ok(narrow && count_of("\nbackend xen\n") == 4
	   && count_of("\nirq_save+restore ") == 2 * 4 * 4
	   && count_of("\nirq_save+restore\n") == 4, "each backend has its rows");
	ok(!strstr(bytes, "\n same") && !strstr(bytes, "\n [")
	   && count_of("\nirq_save+restore wide32 96 ") == 8
	   && count_of("\nirq_disable callee 16 ") == 8, "of the longest names too");
	ok(count_of(", others B ticks\n") == 4
	   && count_of("\n native ccall retpoline 16 ") == 3 * 4
	   && count_of("\n xen callee inline+prefix 16 ") == 3 * 4
	   && count_of("\n xen wide32 retpoline+prefix 96 ") == 3 * 4
	   && !strstr(bytes, " inline 16 "), "what has no column has a row a cell");
	ok(strstr(bytes, "\n native seed retpoline 16 30.0 [+"), "with its verdict");
	ok(count_of(" 10.0 kept-too-small\n") + count_of("5.0 kept-too-small\n") > 2
	   && count_of(" kept-too-small\n") == 3 * 4 * 2 * 4
	   && count_of(" mixed\n") == 2 * 3 * 4 * 2 * 4
	   && count_of("\nkept-...: not patched, ") == 1,
	   "and what was kept is not taken for patched");
	refuse(8);
	table();
	ok(strstr(bytes, "\nnot timed: irq_disable, seed, nop+prefix, dense, warm: ")
	   || strstr(bytes, "\nnot timed: irq_disable, seed, retpoline+prefix, dense, warm: "),
	   "a refused one is said by name");
	for (size_t i = 0; i < run.plan.groups; i++)
		if (groups[i].backend == BACKEND_xen)
			empty_group(i);
	table();
	ok(narrow && strstr(bytes, "\nNot measured: save_fl, xen, line, warm: nothing of it was"),
	   "so is a group under its backend");
	scale(1000);
	table();
	ok(narrow, "thousands of ticks: at most 80 columns");
	many = false;
}

static void test_table_orphan(void)
{
	orphan = true;
	build();
	table();
	ok(narrow && count_of(" [ref] ") == 8 && count_of("\n[ref]: ") == 1
	   && strstr(bytes, "\n[ref]: its op has no normal here, or one that is a call; what "
		     "the others are\n compared with: indirect/ccall.\n")
	   && strstr(bytes, "\nirq_disable seed 16 - 2") && strstr(bytes, "] faster\n"),
	   "without native: the reference is marked, and it is said what that is");
	bare = true;
	build();
	table();
	ok(narrow && !strstr(bytes, " normal paravirt ") && count_of(", others B ticks\n") == 4
	   && count_of("\n native ccall retpoline 16 30.") + count_of("retpoline 16 45.") > 3
	   && !strstr(bytes, "[ref]") && count_of(" [-]\n") == 2 * 2 * 4,
	   "without any of the columns: no columns, and nothing to compare with");
	bare = orphan = false;
	build();
	table();
	ok(!strstr(bytes, "[ref]") && !strstr(bytes, "others") && !strstr(bytes, "backend")
	   && !strstr(bytes, "kept-..."), "of the preset nothing of this is said");
	results[2].counts.outcome[PATCHED_INLINE] = 0;
	results[2].counts.outcome[KEPT_NO_FORM] = 2;
	round_row();
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 10.0 25.0 [+150%] 10.0 kept-no-form\n"),
	   "in the last column, what was kept has no verdict either");
}

/* The words of the last column. */
static const struct {
	const char *what;
	struct comparison vs;
	const char *want;
} words[] = {
	{ "faster", { true, 912300, { true, 900300, 920300 }, 0, { 0 },
	  10000, VERDICT_faster, false, 0, false, 0, 0 }, "[-8.8%+-1.2] faster\n" },
	{ "slower", { true, 1050000, { true, 1040000, 1070000 }, 0, { 0 },
	  10000, VERDICT_slower, false, 0, false, 0, 0 }, "[+5.0%+-2.0] slower\n" },
	{ "inconclusive", { true, 1008000, { true, 998000, 1012000 }, 0, { 0 },
	  10000, VERDICT_inconclusive, false, 0, false, 0, 0 }, "[+0.8%+-1.0] ?\n" },
	{ "same", { true, 1000000, { true, 999900, 1000100 }, 0, { 0 },
	  10000, VERDICT_same, false, 0, false, 0, 0 }, "[+0.0%+-0.0] same\n" },
	{ "another margin", { true, 1000000, { true, 999000, 1001000 }, 0, { 0 },
	  30000, VERDICT_same, false, 0, false, 0, 0 }, "[+0.0%+-0.1] same\n" },
	{ "at the margin", { true, 1010000, { true, 1009000, 1011000 }, 0, { 0 },
	  10000, VERDICT_margin, false, 0, false, 0, 0 }, "[+1.0%+-0.1] margin\n" },
	{ "slower, whatever the margin", { true, 1500000, { true, 1400000, 1600000 },
	  0, { 0 }, 30000, VERDICT_slower, false, 0, false, 0, 0 }, "[+50.0%+-10.0] slower\n" },
	{ "twice and more: whole per cents", { true, 3456789, { true, 3000000, 4000000 },
	  0, { 0 }, 10000, VERDICT_slower, false, 0, false, 0, 0 }, "[+246%+-54.3] slower\n" },
	{ "no interval", { true, 1500000, { false, 0, 0 }, 0, { 0 }, 10000,
	  VERDICT_inconclusive, false, 0, false, 0, 0 }, "[+50.0%+-?] ?\n" },
	{ "no ratio", { false, 0, { false, 0, 0 }, 0, { 0 }, 10000,
	  VERDICT_inconclusive, false, 0, false, 0, 0 }, "[-] ?\n" },
	{ "no floor", { true, 1000000, { true, 999000, 1001000 }, 0, { 0 },
	  INT64_MAX, VERDICT_inconclusive, false, 0, false, 0, 0 }, "[+0.0%+-0.1] ?\n" },
	{ "a hundredfold and more", { true, 100000001, { true, 99000000, 101000000 },
	  0, { 0 }, 10000, VERDICT_slower, false, 0, false, 0, 0 }, "[>9999%+-?] slower\n" },
	{ "the largest", { true, INT64_MAX, { true, 0, INT64_MAX }, 0, { 0 },
	  10000, VERDICT_inconclusive, false, 0, false, 0, 0 }, "[>9999%+-?] ?\n" },
	{ "the smallest", { true, INT64_MIN, { true, INT64_MIN, INT64_MAX }, 0, { 0 },
	  10000, VERDICT_inconclusive, false, 0, false, 0, 0 }, "[-] ?\n" },
	{ "below nothing", { true, -500000, { true, -600000, -450000 }, 0, { 0 },
	  10000, VERDICT_inconclusive, false, 0, false, 0, 0 }, "[-] ?\n" },
	{ "nothing", { true, 0, { true, -1, 1 }, 0, { 0 },
	  10000, VERDICT_inconclusive, false, 0, false, 0, 0 }, "[-] ?\n" },
	{ "next to nothing", { true, 1, { true, -1, 20000 }, 0, { 0 },
	  10000, VERDICT_inconclusive, false, 0, false, 0, 0 }, "[-100.0%+-2.0] ?\n" },
	{ "no ratio, slower by the difference", { false, 0, { false, 0, 0 }, 23200000,
	  { true, 21800000, 24000000 }, INT64_MAX, VERDICT_slower, true, 0, false, 0, 0 },
	  "[+23.2t+-1.4] slower\n" },
	{ "no ratio, faster", { false, 0, { false, 0, 0 }, -5500000,
	  { true, -6000000, -4300000 }, INT64_MAX, VERDICT_faster, true, 0, false, 0, 0 },
	  "[-5.5t+-1.2] faster\n" },
	{ "no ratio, no verdict by the difference either", { false, 0, { false, 0, 0 },
	  1000000, { true, -6000000, 8000000 }, INT64_MAX, VERDICT_inconclusive, true, 0, false, 0,
	  0 },
	  "[-] ?\n" },
	{ "a ratio that is wide, slower by the difference", { true, 8000000,
	  { true, -3000000, 90000000 }, 38000000, { true, 36000000, 40000000 },
	  500000, VERDICT_slower, true, 0, false, 0, 0 }, "[+38.0t+-2.0] slower\n" },
	{ "a ratio that is wide, no verdict", { true, 1500000, { true, 500000, 2000000 },
	  1000000, { true, -6000000, 8000000 }, 500000, VERDICT_inconclusive, true, 0, false, 0,
	  0 },
	  "[+50.0%+-100] ?\n" },
	{ "thousands of ticks", { false, 0, { false, 0, 0 }, 12345600000,
	  { true, 2345600000, 22345000000 }, INT64_MAX, VERDICT_slower, true, 0, false, 0, 0 },
	  "[+12346t+-10000] slower\n" },
	{ "more than is told", { false, 0, { false, 0, 0 }, 100000000000,
	  { true, 90000000000, 110000000000 }, INT64_MAX, VERDICT_slower, true, 0, false, 0, 0 },
	  "[>99999t+-?] slower\n" },
	{ "the smallest difference", { false, 0, { false, 0, 0 }, INT64_MIN,
	  { true, INT64_MIN, -4000000 }, INT64_MAX, VERDICT_faster, true, 0, false, 0, 0 },
	  "[<-99999t+-?] faster\n" },
};

static void test_words(void)
{
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char line[120];

		build();
		round_row();
		results[2].vs = words[i].vs;
		table();
		snprintf(line, sizeof(line), "\nirq_disable seed 16 10.0 25.0 [+150%%] 10.0 %s",
			 words[i].want);
		ok(strstr(bytes, line) && narrow, "%s: %.*s", words[i].what,
		   (int)strcspn(words[i].want, "\n"), words[i].want);
	}
}

/* Beside twins that are apart nothing is the same. */
static void test_twins(void)
{
	build_with(30);
	table();
	ok(narrow && !count_of(" same\n") && count_of("] ?\n") == 16,
	   "twins 3%% apart: that is no margin, and no row has a verdict");
	ok(strstr(bytes, "\nA/A twins: 0 of 8 the same within 1%; estimates 3."),
	   "and counted");
}

/* What the plan does not have is a dash, never another cell's number. */
static void test_table_parts(void)
{
	build();
	round_row();
	refuse(1);
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 10.0 - [-] 10.0 [+0.2%+-0.2] same\n"),
	   "a refused cell is a dash, its row knows its bytes");
	ok(narrow && strstr(bytes,
			    "\nnot timed: irq_disable, seed, indirect, dense, warm: body of "
			    "one copy:"),
	   "and is said");
	memset(results[1].why, 'w', sizeof(results[1].why) - 1);
	results[1].why[60] = ' ';
	table();
	ok(narrow, "however much there is to say");
	build();
	refuse(0);
	results[1].has_vs = results[2].has_vs = false;
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 - 25."), "no native cell: a dash");
	build();
	empty_group(0);
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 - - [-] - [-]"),
	   "nothing counted: dashes, not 0.0");
	drop_all(23);
	table();
	ok(strstr(bytes, "\nNot measured: irq_disable, dense, warm: its time cannot be told"),
	   "and why");
	groups[0].taken[0] = 1;
	table();
	ok(strstr(bytes, "\nShort of batches: irq_disable, dense, warm: 1 of 48, 0 in the"),
	   "one batch is short, and measured");
	build();
	groups[0].count = 1;
	run.plan.groups = run.plan.cells = 1;
	table();
	ok(strstr(bytes, "\nirq_disable - 0 10.") && strstr(bytes, " - [-] - [-]\n"),
	   "native alone has a row");
	run.plan.groups = run.plan.cells = 0;
	table();
	ok(narrow && strstr(bytes, "op call B ticks ticks ticks\nparavirt-patch:"),
	   "no cells, no rows");
}

static void test_table_numbers(void)
{
	build();
	scale(1000);
	table();
	ok(narrow && strstr(bytes, "\nirq_disable seed 16 10"),
	   "thousands of ticks: at most 80 columns");
	build();
	scale(-1);
	table();
	ok(narrow && strstr(bytes, "\nirq_disable seed 16 -10."), "negative medians");
	build();
	env.tsc_hz = 0;
	table();
	ok(narrow && strstr(bytes, "\nirq_disable seed 16 10."),
	   "ticks do not ask for the TSC's rate");
	build();
	for (size_t i = 0; i < run.plan.cells; i++)
		longest_result(&results[i], false);
	table();
	ok(!sink.sink.failed, "numbers that no run has are printed all the same");
}

/* What @n letters, and then @tail, come to. */
static bool wraps(unsigned n, const char *tail, unsigned first, const char *rest)
{
	struct wrap_sink w;
	char want[200];

	sink_begin();
	w = wrap_sink(&sink.sink);
	for (unsigned i = 0; i < n; i++)
		sink_put(&w.sink, "x", 1);
	sink_printf(&w.sink, "%s\n", tail);
	memset(want, 'x', first);
	strcpy(want + first, rest);
	return !w.sink.failed && !strcmp(bytes, want);
}

static void test_wrap(void)
{
	ok1(wraps(0, "", 0, "\n"));
	ok1(wraps(WRAP_COLUMNS, "", WRAP_COLUMNS, "\n"));
	ok1(wraps(WRAP_COLUMNS - 3, " yz", WRAP_COLUMNS - 3, " yz\n"));
	ok1(wraps(WRAP_COLUMNS - 2, " yz", WRAP_COLUMNS - 2, "\n    yz\n"));
	ok1(wraps(WRAP_COLUMNS - 2, " yz ab", WRAP_COLUMNS - 2, "\n    yz ab\n"));
	ok1(wraps(WRAP_COLUMNS, " ", WRAP_COLUMNS, "\n"));
	ok(wraps(WRAP_COLUMNS + 1, " y", WRAP_COLUMNS, "\n    x y\n"),
	   "a word longer than a line is cut");
}

int main(void)
{
	test_table();
	test_table_many();
	test_table_orphan();
	test_words();
	test_twins();
	test_table_parts();
	test_table_numbers();
	test_wrap();
	free(batches);
	free(scratch);
	return done();
}
