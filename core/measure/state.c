/* SPDX-License-Identifier: GPL-2.0-only */
/* The states: each an enter function and a row in state.def. */
#include "lib/mem.h"
#include "measure/measure.h"
#include "measure/state.h"

/* As often as it will be timed: what the first passes are like is no matter. */
static void enter_warm(const struct platform *m, const struct subject *s,
		       const struct body *b, struct work *w)
{
	run_body(m, body_code(b), w, s->reps);
}

static void (*other_branches)(void);

void state_code_at(void (*code)(void))
{
	other_branches = code;
}

#define BRANCH_BYTES	16

/* EB rel8, each to the next: taken branches, more than any predictor holds, of
 * other addresses than the bodies'.  Source: Intel SDM Vol. 2A, "JMP--Jump". */
void state_code(uint8_t *to)
{
	memset(to, 0xcc, STATE_CODE_BYTES);
	for (size_t i = 0; i < STATE_CODE_BYTES; i += BRANCH_BYTES) {
		to[i] = 0xeb;
		to[i + 1] = BRANCH_BYTES - 2;
	}
	to[STATE_CODE_BYTES - BRANCH_BYTES] = 0xc3;
}

static void enter_cold_branch(const struct platform *m, const struct subject *s,
			      const struct body *b, struct work *w)
{
	(void)s;
	run_body(m, body_code(b), w, 1);
	other_branches();
	if (m->flush_branches)
		m->flush_branches(m->ctx);
}

/* CLFLUSH takes a line out of every cache, the one for instructions too; MFENCE
 * waits for it.  Source: Intel SDM Vol. 2A, "CLFLUSH--Flush Cache Line". */
static void enter_cold_code(const struct platform *m, const struct subject *s,
			    const struct body *b, struct work *w)
{
	enter_cold_branch(m, s, b, w);
	for (uint64_t at = b->begin & ~(uint64_t)(LINE_BYTES - 1); at < b->end;
	     at += LINE_BYTES)
		asm volatile("clflush (%0)" : : "r" ((uintptr_t)at) : "memory");
	asm volatile("mfence" : : : "memory");
}

const struct state states[STATE_COUNT] = {
#define STATE(name, once, what) { #name, what, once, enter_##name },
#include "list/state.def"
#undef STATE
};
