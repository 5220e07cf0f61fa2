/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs that come to nothing, on a machine that is made up: whatever fails, and
 * whenever, it is named, and text, table, IF and windows are put back.
 */
#include "made_up_run.h"
#include "sets.h"

/* Two workloads, so that each thing that may fail can fail in turn. */
static void small(void)
{
	begin();
	config.workloads = these(1u << WORKLOAD_cli_sti | 1u << WORKLOAD_nop);
	config.states = these(1u << STATE_warm);
}

/* Every quiet window that a run opens may be the one that cannot be had. */
static void test_no_quiet(void)
{
	unsigned good = 0, windows;

	small();
	go();
	windows = mu.opened;
	end();
	for (unsigned at = 1; at <= windows; at++) {
		small();
		mu.refuse = at;
		good += !go() && mu.opened == at && put_back()
			&& strstr(error.text, "no quiet window")
			&& run.failed == error.text;
		end();
	}
	ok(good == windows && windows > 20,
	   "no quiet window: all is put back: %u of %u", good, windows);
}

/* What a run that could not do it left. */
static void restore(void)
{
	struct text_error e;

	begin();
	text_restore(&text, machine.writer, &e);
}

/* Every time that code is opened for a store may be the one that cannot be had.
 * The eighth is the restore of the text, after those of the probes, which are four,
 * and three modes: then it stays as it was patched.  Then come the states' code and
 * the bodies of four groups at two offsets, each of them in one store. */
static void test_writer(void)
{
	unsigned good = 0, restored = 0, opened;

	small();
	go();
	opened = mu_writer.opened;
	end();
	for (unsigned at = 1; at <= opened; at++) {
		small();
		mu_writer.refuse_open = at;
		good += !go() && run.failed
			&& !strstr(error.text, "could not be put back") == (at != 8);
		restored += put_back();
		end();
	}
	ok(good == opened && restored == opened - 1 && opened == 8 + 1 + 2 * 4,
	   "code cannot be opened: the run ends, %u of %u, and all is put back, %u",
	   good, opened, restored);
}

/* Nothing of an earlier run is left to be taken for this one's. */
static void forget_code(void)
{
	mu_protect(RX | PROT_WRITE);
	memset(mu_code, 0, sizeof(mu_code));
	mu_protect(RX);
}

/* Every store may be lost: that is found. */
static void test_lost(void)
{
	unsigned good = 0, reached = 0, written;

	restore();
	small();
	go();
	written = mu_writer.written;
	end();
	for (unsigned at = 1; at <= written; at += 23) {
		bool done;

		small();
		mu_writer.drop = at;
		done = go();
		reached += mu_writer.written >= at;
		good += !done && (put_back()
				  || strstr(error.text, "could not be put back"))
			&& (strstr(error.text, "did not")
			    || strstr(error.text, "cannot be written"));
		end();
		restore();
	}
	/* How many there are differs a little, with what is disturbed. */
	ok(good == reached && reached > 100, "a lost store is found: %u of %u", good,
	   reached);
}

/* That of the probes is the first, then the states' code; then those of the bodies,
 * which would be run as they were before. */
static void test_lost_bodies(void)
{
	unsigned good = 0, n = 2 + 2 * 4;	/* four groups at two offsets */

	forget_code();
	for (unsigned at = 1; at <= n; at++) {
		small();
		mu_writer.drop_copy = at;
		good += !go() && put_back()
			&& strstr(error.text, at == 1
				  ? "did not take the probes" : at == 2
				  ? "cannot be written"
					  : "the memory for bodies did not take them");
		end();
		forget_code();
	}
	ok(good == n, "lost bodies are found before they are run: %u of %u", good, n);
}

/* Somebody else stores to code: what is measured there is worth nothing. */
static void test_stray(void)
{
	small();
	config.modes = these(1u << MODE_inline);
	config.conventions = these(1u << CONVENTION_ccall);
	mu_stray.armed = true;
	mu_stray.place = IN_TEXT;
	ok(!go() && !mu_stray.armed && put_back()
	   && strstr(error.text, "the text changed while it was checked")
	   && strstr(error.text, "site at 0x"), "a stray store to the text");
	diag("%s", error.text);
	end();
	small();
	config.modes = these(1u << MODE_inline);
	config.conventions = these(1u << CONVENTION_ccall);
	mu_stray.armed = true;
	mu_stray.place = IN_ARENA;
	ok(!go() && !mu_stray.armed && put_back()
	   && strstr(error.text, "a body changed while it was timed")
	   && strstr(error.text, "0x"), "a stray store to a body");
	diag("%s", error.text);
	end();
}

/* A clock that cannot be trusted, before anything is touched. */
static uint64_t still(void)
{
	return mu.now;
}

static uint64_t backwards(void)
{
	return mu.now -= 5;
}

static void test_clock(void)
{
	small();
	machine.begin = still;
	ok(!go() && strstr(error.text, "stands still") && put_back()
	   && run.before.stopped && !mu_writer.opened && mu.closed == 1,
	   "a clock that stands still ends the run before it begins");
	end();
	small();
	machine.begin = backwards;
	ok(!go() && strstr(error.text, "ran backwards") && put_back()
	   && run.before.backwards && !mu_writer.opened,
	   "so does one that runs backwards");
	end();
}

/* Half of the arena's memory is not enough for a group of such cells. */
static void test_arena(void)
{
	static struct arena_cell cells[5];
	struct cell c = { .workload = WORKLOAD_cli_sti, .mode = MODE_inline,
			  .convention = CONVENTION_seed, .layout = LAYOUT_line };
	struct rng rng = { 1 };
	void *memory = malloc(ARENA_MEMORY_BYTES);
	struct arena a;
	char why[200];

	begin();
	for (unsigned i = 0; i < 5; i++)
		cells[i].cell = &c;
	ok(arena_open(&a, &machine, &text, nopl(), memory)
	   && arena_build(&a, cells, 5, 8, &rng, why, sizeof(why)) == ARENA_BUILT,
	   "an arena of five cells");
	ok(cells[4].counts.sites == 2 * (1 + 24 + 48)
	   && cells[4].counts.outcome[PATCHED_INLINE] == cells[4].counts.sites
	   && arena_verify(&a, cells, 5, why, sizeof(why)),
	   "each with its sites, patched");
	a.code_len = a.text.where.len - 1;
	ok(arena_build(&a, cells, 5, 8, &rng, why, sizeof(why)) == ARENA_NO_FIT
	   && !strcmp(why, "no room for the bodies"), "one byte less is too little");
	mu_writer.refuse_open = mu_writer.opened + 1;
	ok(!arena_open(&a, &machine, &text, nopl(), memory), "cannot be opened");
	free(memory);
}

int main(void)
{
	if (!ok(text_begin(), "the made-up text is accepted"))
		return done();
	test_no_quiet();
	test_writer();
	test_lost();
	test_lost_bodies();
	test_stray();
	test_clock();
	test_arena();
	return text_done();
}
