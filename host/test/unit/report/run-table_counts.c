/* SPDX-License-Identifier: GPL-2.0-only */
/* A run whose clock counts instructions: its table, its file, and what differs. */
#include "made_up_report.h"
#include "../../../../core/report/table_counts.h"

/* A native op is CLI; through the table CALL, ENDBR, CLI, RET; patched CLI and NOP. */
static void count_cell(struct result *res)
{
	const struct cell *c = &res->cell;
	struct insn_words w = { .of = { [INSN_WORD_cli] = 1 } };

	if (c->mode == MODE_indirect)
		w.of[INSN_WORD_call] = w.of[INSN_WORD_endbr] = w.of[INSN_WORD_ret] = 1;
	if (c->mode == MODE_indirect && c->convention == CONVENTION_seed)
		w.of[INSN_WORD_push] = w.of[INSN_WORD_pop] = 9;
	if (c->mode == MODE_inline)
		w.of[INSN_WORD_nop] = 1;
	res->counted = res->has_words = true;
	res->words = w;
	res->instructions = 0;
	for (unsigned i = 0; i < INSN_WORD_COUNT; i++)
		res->instructions += w.of[i];
	if (c->mode == MODE_retpoline) {
		res->has_words = false;
		res->instructions = 10;
	}
	res->has_vs = res->has_cycles = false;
}

static void build_counted(void)
{
	build();
	run.clock = (struct clock){ CLOCK_instructions, 128, "" };
	for (size_t i = 0; i < run.plan.cells; i++)
		count_cell(&results[i]);
}

static void test_table(void)
{
	build_counted();
	table();
	ok(narrow, "at most 80 columns");
	ok(count_of("\nirq_disable ") == 2 && count_of("\nsave_fl ") == 2,
	   "a row for each op and convention, whatever the layout and state");
	ok(strstr(bytes, "\nirq_disable ccall 16 1 4 [+3: call, ret, endbr] 2 [+1: NOP]\n"),
	   "a row");
	ok(strstr(bytes, "\nirq_disable seed 16 1 22 [+21: call, ret, endbr; 9x push, pop]\n"
		  " 2 [+1: NOP]\n"), "what has no room stands below");
	ok(strstr(bytes, "The clock counts instructions, 128 ticks each.")
	   && strstr(bytes, "6\n batches at 8 code offsets, in layout dense, line, work"),
	   "how they were counted");
	ok(!strchr(bytes, '%') && !strstr(bytes, "Anchors") && !strstr(bytes, "twins")
	   && !strstr(bytes, "Batches:") && !strstr(bytes, "77"),
	   "nothing of times, nor what another run has otherwise");
	ok(report_status(&run, &findings) == REPORT_COMPLETE, "it is complete");
	run.differ = 2;
	strcpy(run.differs, "irq_disable has 3 instructions");
	table();
	ok(strstr(bytes, "\nparapatch: layouts do not agree: irq_disable has 3 instructions; 2")
	   && report_status(&run, &findings) == REPORT_CHECK_FAILED,
	   "layouts that do not agree are named, and fail the check");
}

static void test_others(void)
{
	many = true;
	build_counted();
	table();
	ok(narrow && count_of("\nbackend xen\n") == 1, "each backend has its rows");
	ok(count_of("\nothers B\n") == 1
	   && strstr(bytes, "\nirq_disable\n native seed inline+prefix 16 2 [+1: NOP]\n"
		     " native seed retpoline 16 10 [+9]\n"),
	   "what has no column has a row, and what could not be followed its number alone");
	ok(count_of("kept-too-small") + count_of(" mixed\n") > 3, "what is not as its mode says");
	many = false;
}

static bool apart_is(uint16_t push, uint16_t nop, uint16_t than_push, const char *want)
{
	struct result a = { .instructions = (uint32_t)push + nop, .has_words = true };
	struct result b = { .instructions = than_push, .has_words = true };
	char text[WORDS_APART_ROOM];

	a.words.of[INSN_WORD_push] = push;
	a.words.of[INSN_WORD_nop] = nop;
	b.words.of[INSN_WORD_push] = than_push;
	words_apart(text, &a, &b);
	if (strcmp(text, want))
		diag("%s", text);
	return !strcmp(text, want);
}

static void test_apart(void)
{
	ok1(apart_is(0, 1, 0, "[+1: NOP]"));
	ok1(apart_is(1, 1, 0, "[+2: push, NOP]"));
	ok1(apart_is(2, 2, 0, "[+4: 2x push, NOP]"));
	ok1(apart_is(2, 1, 0, "[+3: 2x push; NOP]"));
	ok1(apart_is(1, 3, 0, "[+4: push; 3x NOP]"));
	ok1(apart_is(1, 3, 2, "[+2: -1x push; 3x NOP]"));
	ok1(apart_is(0, 1, 3, "[-2: -3x push; NOP]"));
	ok1(apart_is(0, 1, 1, "[+0: -1x push; NOP]"));
	ok1(apart_is(2, 0, 2, "[=]"));
}

static void test_json(void)
{
	static const char *const counted[] = {
		".clock == \"instructions\" and .clock_step_ticks == 128",
		"has(\"anchors\") or has(\"clock_why\") or has(\"instructions_differ\") | not",
		"[.benchmarks[] | .instructions == (.instructions | floor)] | all",
		"[.benchmarks[] | has(\"vs\") or has(\"median_ticks\") or has(\"real_time\")"
			" or has(\"cycles\")] | any | not",
		"[.benchmarks[] | .ticks_n, .ticks_2n | length == 8 and all(length == 6)] | all",
	};
	static const char *const differ[] = {
		".status == \"check-failed\" and .instructions_differ == 3"
			" and .instructions_differ_first == \"one\"",
	};

	int fd = mkstemp(path);

	build_counted();
	save(&run);
	ASK(counted);
	run.differ = 3;
	strcpy(run.differs, "one");
	save(&run);
	ASK(differ);
	close(fd);
	unlink(path);
}

int main(void)
{
	test_table();
	test_others();
	test_apart();
	test_json();
	return done();
}
