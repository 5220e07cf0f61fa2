/* SPDX-License-Identifier: GPL-2.0-only */
/* The check every workload passes before it is timed, see workload_check.h. */
#include "lib/mem.h"
#include "check/path_promise.h"
#include "check/promise.h"
#include "check/workload_check.h"
#include "measure/measure.h"
#include "paravirt/pv_memory.h"
#include "lib/sink.h"

/* One run of one body. */
struct trial {
	const struct held *held;
	const struct checked *code;
	unsigned number;
	unsigned passes;		/* how often it is run */
	bool before, arg, pending;
};

static struct trial trial_of(const struct held *h, const struct checked *c,
			     unsigned number)
{
	return (struct trial){
		.held = h, .code = c, .number = number, .passes = 1, .before = number & 1,
		.arg = number & 2, .pending = number & 4,
	};
}

/* Can it be made, and is it asked for? */
static bool is_trial(const struct platform *m, const struct trial *t)
{
	const struct virtual_if *vif = t->held->vif;

	if (t->pending && !(vif && vif->pend))
		return false;
	/* The CPU's IF is on and stays on in ring 3. */
	if (m->ring && !vif && !(t->before && t->arg))
		return false;
	/* An op of the table by itself is given no flags that ask for anything. */
	if (workload_is_tables(t->held->wl) && t->before != t->arg)
		return false;
	/* Nobody asks it to turn interrupts off by restoring. */
	return !(t->held->effect == EFFECT_weak && t->held->wl->after == IF_ARG
		 && t->before && !t->arg);
}

static bool wanted(enum if_want want, const struct trial *t, bool *value)
{
	if (t->held->effect == EFFECT_nothing)
		want = promise_if_of_nothing(table_op_of(t->held->wl));
	switch (want) {
	case IF_OFF:
		*value = false;
		return true;
	case IF_ON:
		*value = true;
		return true;
	case IF_SAME:
		*value = t->before;
		return true;
	case IF_ARG:
		*value = t->arg;
		return true;
	case IF_ANY:
		break;
	}
	return false;
}

static bool say(const struct trial *t, const char *what, bool is, char *why,
		size_t room)
{
	text_format(why, room, "%s, IF %u before, %u asked for%s: IF is %u %s",
		    t->code->name, t->before, t->arg,
		    t->pending ? ", an event pending" : "", is, what);
	return false;
}

static bool say_other(const struct trial *t, const char *what, char *why,
		      size_t room)
{
	text_format(why, room, "%s, IF %u before, %u asked for%s: %s",
		    t->code->name, t->before, t->arg,
		    t->pending ? ", an event pending" : "", what);
	return false;
}

/* Poisoned first: all ones are no flags register.  What a hypervisor's backend
 * returns is none anyhow, but for IF. */
static bool are_flags(const struct trial *t, unsigned long seen)
{
	return t->held->vif || ((seen & FLAGS_ONE) && !(seen >> FLAGS_TOP));
}

typedef uint32_t any_word __attribute__((may_alias));

/* FNV-1a, a word at a time: @n bytes, a multiple of 4, and aligned to it.
 * Source: draft-eastlake-fnv, "The FNV Non-Cryptographic Hash Algorithm". */
static uint64_t hash(const void *p, size_t n)
{
	const any_word *at = p, *end = at + n / sizeof(*at);
	uint64_t h = 0xcbf29ce484222325u;

	for (; at < end; at++)
		h = (h ^ *at) * 0x100000001b3u;
	return h;
}

static void look_at_memory(struct after *left)
{
	const struct pv_memory *m = &pv_memory;
	size_t trace = offsetof(struct pv_memory, trace);
	size_t behind = trace + sizeof(m->trace);

	left->memory = hash(m, trace)
		^ hash((const char *)m + behind, sizeof(*m) - behind) << 1;
	left->calls = hash(m->trace, sizeof(m->trace));
}

/* IF as the backend has it; what else is in the word means nothing. */
static const struct virtual_if *looked_at;

static unsigned long look(void)
{
	return looked_at->get() ? FLAGS_IF : 0;
}

/* Of an op of the table: what it left of its operands, and what it returned. */
static void look_at_op(const struct trial *t, const struct scratch *began,
		       const struct work *w, struct after *left)
{
	const struct table_op *op = table_op_of(t->held->wl);
	const struct scratch now = scratch_of(w);
	/* What came back is the last pass's, and IF and memory are those of the first. */
	const bool looks = t->code->looks && t->passes == 1;

	if (!op)
		return;
	left->scratch = hash(&now, sizeof(now));
	left->got = looks ? promise_same(op, w->got) : 0;
	left->broken = promise_broken(op, t->held->effect, looks, t->before, began, w);
}

static unsigned copies_of(const struct held *h, enum copies c)
{
	const unsigned n = h->few ? 1 : workload_copies(h->wl);
	const unsigned of[COPIES_COUNT] = {
		[COPIES_one] = 1, [COPIES_three] = 3, [COPIES_n] = n, [COPIES_2n] = 2 * n,
	};

	return of[c];
}

/* Of a path: what it left of the kernel's memory. */
static void look_at_path(const struct trial *t, struct after *left)
{
	const struct workload *wl = t->held->wl;

	if (wl->kind == KIND_PATH)
		left->broken = path_broken(path_of(wl), kernel_left(),
					   copies_of(t->held, t->code->copies) * t->passes);
}

/* Runs it, from known memory.  @after: IF.  What was begun is ended, whatever ended it. */
static struct after run_trial(const struct platform *m, const struct trial *t,
			      struct work *w, bool *after, struct fault *f)
{
	const struct virtual_if *vif = t->held->vif;
	struct after left = { 0 }, found;
	struct scratch began;

	pv_memory_open();
	w->seen = ~0ul;
	looked_at = vif;
	w->look = vif ? look : m->flags;
	left.not_lent = begin_pass(m, t->held->wl, vif, t->before, w);
	if (left.not_lent)
		return left;
	w->flags = (w->flags & ~FLAGS_IF) | (t->arg ? FLAGS_IF : 0);
	if (vif && vif->pend)
		vif->pend(t->pending);
	look_at_memory(&found);
	began = scratch_of(w);
	left.faulted = !try_body(m, t->code->run, w, t->passes, f);
	left.flags = m->flags() & (FLAGS_IF | FLAGS_AC);
	*after = vif ? vif->get() : left.flags & FLAGS_IF;
	left.seen = t->code->looks ? w->seen & FLAGS_IF : 0;
	look_at_memory(&left);
	look_at_op(t, &began, w, &left);
	if (!left.faulted)
		look_at_path(t, &left);
	left.changed = left.memory != found.memory || left.calls != found.calls;
	if (vif && vif->pend)
		vif->pend(false);
	left.not_left = end_passes(m, t->held->wl, vif);
	return left;
}

/* Of an op of the table: did it do and return what the reference did? */
static bool op_as_reference(const struct trial *t, const struct after *left,
			    char *why, size_t room)
{
	const struct after *want =
		&t->held->want->after[t->code->copies][t->number];

	if (left->scratch != want->scratch)
		return say_other(t, "the op's memory is not as the reference mode leaves it",
				 why, room);
	return !t->code->looks || left->got == want->got
		|| say_other(t, "it returns another value than in the reference mode",
			     why, room);
}

/* Did it leave what the reference left? */
static bool as_reference(const struct trial *t, const struct after *left,
			 char *why, size_t room)
{
	const struct after *want =
		&t->held->want->after[t->code->copies][t->number];

	if (left->memory != want->memory)
		return say_other(t, "memory is not as the reference mode leaves it",
				 why, room);
	/* Another op was called in place of restore_fl. */
	if (left->calls != want->calls && t->held->effect != EFFECT_weak)
		return say_other(t, "ops were not called as often as in the reference mode",
				 why, room);
	if (left->flags != want->flags)
		return say_other(t, "the flags are not as the reference mode leaves them",
				 why, room);
	if (t->code->looks && t->held->wl->seen != IF_ANY
	    && left->seen != want->seen)
		return say_other(t, "it sees another IF than the reference mode", why,
				 room);
	return true;
}

static bool judge_seen(const struct trial *t, const struct work *w, char *why,
		       size_t room)
{
	bool want, seen = w->seen & FLAGS_IF, flags = are_flags(t, w->seen);

	if (!t->code->looks || t->held->effect == EFFECT_nothing
	    || !wanted(t->held->wl->seen, t, &want) || (flags && seen == want))
		return true;
	return say(t, flags ? "within it"
		   : "within it, in a word that is no flags register", seen, why,
		   room);
}

static bool judge_after(const struct trial *t, const struct work *w,
			const struct after *left, bool after, char *why, size_t room)
{
	bool want;

	if (left->not_left) {
		text_format(why, room, "%s: it does not leave %s as it was",
			    t->code->name, left->not_left);
		return false;
	}
	if (wanted(t->held->wl->after, t, &want) && after != want)
		return say(t, "after it", after, why, room);
	if (!judge_seen(t, w, why, room))
		return false;
	if (left->broken)
		return say_other(t, left->broken, why, room);
	if (t->held->effect == EFFECT_nothing)
		return !left->changed || say_other(t, "memory was changed", why, room);
	if (!t->held->want)
		return true;
	return (t->held->native || as_reference(t, left, why, room))
		&& op_as_reference(t, left, why, room);
}

/* Said of the code alone: it need not have to do with where the trial began. */
static void say_fault(const struct checked *c, const struct fault *f, char *why,
		      size_t room)
{
	const struct fault_code code = { c->name, (uintptr_t)c->run, c->end };

	fault_text(why, room, f, &code);
}

static enum check_end judge(const struct platform *m, const struct trial *t, char *why,
			    size_t room, struct fault *f)
{
	struct work w;
	bool after;
	struct after left = run_trial(m, t, &w, &after, f);

	if (left.not_lent) {
		text_format(why, room, "%s", left.not_lent);
		return CHECK_NOT_LENT;
	}
	if (left.faulted) {
		say_fault(t->code, f, why, room);
		return CHECK_FAULT;
	}
	return judge_after(t, &w, &left, after, why, room) ? CHECK_GOOD : CHECK_WRONG;
}

enum check_end check_workload(const struct platform *m, const struct held *h,
			      const struct checked *c, unsigned n, char *why, size_t room,
			      struct fault *f)
{
	for (unsigned i = 0; i < n * TRIALS; i++) {
		struct trial t = trial_of(h, &c[i / TRIALS], i % TRIALS);
		enum check_end end = is_trial(m, &t) ? judge(m, &t, why, room, f)
			: CHECK_GOOD;

		if (end != CHECK_GOOD)
			return end;
	}
	return CHECK_GOOD;
}

bool check_reference(const struct platform *m, const struct held *h,
		     const struct checked *c, struct reference *r)
{
	memset(r, 0, sizeof(*r));
	for (unsigned i = 0; i < COPIES_COUNT * TRIALS; i++) {
		struct trial t = trial_of(h, c, i % TRIALS);
		struct after *left = &r->after[i / TRIALS][i % TRIALS];
		struct fault ignored;
		struct work w;
		bool after;

		t.passes = copies_of(h, i / TRIALS);
		if (is_trial(m, &t))
			*left = run_trial(m, &t, &w, &after, &ignored);
		if (left->not_lent || left->faulted || left->broken)
			return false;
	}
	return true;
}
