/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A caller of every op in every convention, run on this CPU: that the op's arguments
 * arrive where shape.h says, that its result comes back, and that nothing is lost that
 * the site promised to keep, whatever a C function may change being changed.  As built
 * and in every mode that ends in a call.
 */
#include "noting.h"

/* Are the arguments where they must be? */
static bool arrived(const char *shape, const struct caller_work *w)
{
	unsigned k = 0;

	for (unsigned i = 0; shape[2] != 'v' && shape[2 + i]; i++) {
		uint64_t v = as(shape[2 + i], w->in[i]);
		unsigned words = shape[2 + i] == 'q' && !X64 ? 2 : 1;

		for (; words; words--, k++, v >>= 32)
			if ((k < IN_REGISTERS ? noted.word[k] : noted.stack[k - IN_REGISTERS])
			    != (unsigned long)v)
				return false;
	}
	return true;
}

/* NULL, or what is wrong. */
static const char *call_one(unsigned op, caller call)
{
	struct caller_work w = { 0 };
	const char *shape = shapes[op];
	uint64_t before;

	give(&w);
	before = w.got;
	memset(&noted, 0, sizeof(noted));
	noted.result = value();
	call(&w);
	if (noted.calls != 1 || noted.op != op)
		return "the op was not called, or another";
	if (!arrived(shape, &w))
		return "an argument did not arrive";
	if (w.got != (shape[0] == 'v' ? before : as(shape[0], noted.result)))
		return "what came back is not the result";
	return kept(shape, &w) ? NULL : "a value that lived across the call is lost";
}

static void call_all(const char *how)
{
	for (unsigned k = 0; k < CONVENTIONS; k++) {
		const char *why = NULL;
		unsigned op, calls = 0;

		for (op = 0; op < OP_COUNT && !why; op++) {
			caller call = callers[k].of[op];

			why = call ? call_one(op, call) : NULL;
			calls += !!call;
		}
		if (!ok(!why && calls, "%s, %s: %u ops called", callers[k].name, how, calls))
			diag("%s: %s", op_info[op - 1].name, why);
	}
}

static const enum mode_id calling[] = {
	MODE_indirect, MODE_direct, MODE_retpoline, MODE_lfence, MODE_trampoline,
};
#define CALLING	(sizeof(calling) / sizeof(calling[0]))

int main(void)
{
	plan(1 + (int)(CALLING * 2 * CONVENTIONS));
	open_text();
	backend_install(&noting_backend);
	for (unsigned i = 0; i < CALLING; i++) {
		patch(&noting_backend, calling[i], PADDING_long);
		call_all(modes[calling[i]].name);
		patch(&noting_backend, calling[i], PADDING_poison);
		call_all("the same, poisoned");
	}
	return done();
}
