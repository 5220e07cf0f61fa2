/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The states: what is run and told before a timing, in what order; the code that
 * makes the CPU forget; and which lines are flushed: pages that may not be
 * touched say so.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "made_up.h"
#include "measure/measure.h"
#include "measure/state.h"
#include "tap.h"

/* What was done, a letter each. */
static char did[64];

static void note(char what)
{
	size_t n = strlen(did);

	if (n + 1 < sizeof(did))
		did[n] = what;
}

static void body(struct work *w)
{
	(void)w;
	note('b');
}

static void branches(void)
{
	note('j');
}

static void flush(void *ctx)
{
	mu_flush_branches(ctx);
	note('f');
}

/* The lines that were flushed, from their faults. */
static uintptr_t lines[64];
static unsigned flushed;

/* Bytes of a CLFLUSH of what a register points to; 0: it is none. */
static unsigned clflush_len(const uint8_t *at)
{
	unsigned rex = (at[0] & 0xf0) == 0x40, modrm = at[rex + 2];

	if (at[rex] != 0x0f || at[rex + 1] != 0xae || (modrm >> 3 & 7) != 7)
		return 0;
	return rex + 3 + (modrm >> 6 == 1) + ((modrm & 7) == 4);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	greg_t *at = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	unsigned len = clflush_len((const uint8_t *)*at);

	if (!len || flushed == 64)
		signal(sig, SIG_DFL);	/* and once more */
	else
		lines[flushed++] = (uintptr_t)info->si_addr;
	*at += len;
}

static void enter(enum state_id id, struct platform *m, struct body *b,
		  uint32_t reps)
{
	struct subject s = { .reps = reps, .state = &states[id] };
	struct work w = { .flags = 0 };

	memset(did, 0, sizeof(did));
	flushed = 0;
	mu.quiet = true;
	states[id].enter(m, &s, b, &w);
}

static void test_order(void)
{
	struct platform m = mu_machine(0);
	struct body b = { .entry = (uintptr_t)body };

	m.flush_branches = flush;
	state_code_at(branches);
	enter(STATE_warm, &m, &b, 5);
	ok(!strcmp(did, "bbbbb"), "warm: as many passes as will be timed");
	enter(STATE_cold_branch, &m, &b, 1);
	ok(!strcmp(did, "bjf"), "cold_branch: a pass, other branches, told to forget");
	enter(STATE_cold_code, &m, &b, 1);
	ok(!strcmp(did, "bjf"), "cold_code: likewise");
	m.flush_branches = NULL;
	enter(STATE_cold_branch, &m, &b, 1);
	ok(!strcmp(did, "bj"), "a CPU that cannot be told");
	ok(!mu.misused, "with the machine's own context");
	ok(!states[STATE_warm].once && states[STATE_cold_branch].once
	   && states[STATE_cold_code].once, "cold is only once");
}

/* Every line that the body has a byte of, once, and no other. */
static bool lines_are(uintptr_t begin, uintptr_t end)
{
	uintptr_t first = begin / LINE_BYTES, last = (end - 1) / LINE_BYTES;

	for (unsigned i = 0; i < flushed; i++)
		if (lines[i] / LINE_BYTES != first + i)
			return false;
	return flushed == last - first + 1;
}

static void test_flush(void)
{
	static const unsigned cases[][2] = {
		{ 0, 64 }, { 0, 65 }, { 63, 64 }, { 63, 65 }, { 1, 2 },
		{ 100, 1000 }, { 64, 128 }, { 130, 192 }, { 4000, 4096 },
	};
	struct sigaction act = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	struct platform m = mu_machine(0);
	uint8_t *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);

	sigaction(SIGSEGV, &act, NULL);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uintptr_t begin = (uintptr_t)page + cases[i][0];
		uintptr_t end = (uintptr_t)page + cases[i][1];
		struct body b = { (uintptr_t)body, begin, end, begin };

		enter(STATE_cold_code, &m, &b, 1);
		ok(lines_are(begin, end), "bytes %u to %u: %u lines flushed",
		   cases[i][0], cases[i][1], flushed);
	}
	enter(STATE_cold_branch, &m, &(struct body){ (uintptr_t)body,
	      (uintptr_t)page, (uintptr_t)page + 64, 0 }, 1);
	ok(!flushed, "cold_branch flushes none");
	signal(SIGSEGV, SIG_DFL);
}

/* Jumps, each to the next, and a return; INT3 between them.  It is run. */
static void test_code(void)
{
	uint8_t *code = mmap(NULL, STATE_CODE_BYTES + 4096, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t at = 0, jumps = 0, others = 0;

	state_code(code);
	for (; code[at] == 0xeb && at < STATE_CODE_BYTES; jumps++)
		at += 2u + code[at + 1];
	ok(jumps == 65536 - 1 && code[at] == 0xc3 && at < STATE_CODE_BYTES,
	   "65535 jumps and a return");
	for (size_t i = 0; i < STATE_CODE_BYTES; i++)
		others += code[i] == 0xcc;
	/* The last jump's displacement is left, behind the return. */
	ok(others == STATE_CODE_BYTES - 2 * (jumps + 1), "nothing but INT3 beside them");
	ok(!code[STATE_CODE_BYTES], "and no byte more");
	ok(!mprotect(code, STATE_CODE_BYTES, PROT_READ | PROT_EXEC),
	   "it may be executed");
	((void (*)(void))(uintptr_t)code)();
	ok(true, "and comes back");
}

int main(void)
{
	test_order();
	test_flush();
	test_code();
	return done();
}
