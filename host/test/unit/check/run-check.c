/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check: right functions pass, in ring 0 and in ring 3, by the CPU's IF and by a
 * backend's, and each wrong one is found, from each IF, and is named; so is one that
 * leaves something else than the reference.
 */
#include "made_up.h"
#include "check/workload_check.h"
#include "check/promise.h"
#include "paravirt/pv_memory.h"
#include "table_effect.h"
#include "tap.h"

/* What goes wrong, in which of three functions, from which IF. */
enum wrong { FAULT_NONE, FAULT_AFTER, FAULT_SEEN, FAULT_UNSEEN, FAULT_HIGH,
	     FAULT_LOW, FAULT_MEMORY, FAULT_TRACE, FAULT_AC, FAULT_VALUE, FAULT_ANSWER };

static struct {
	enum wrong fault;
	unsigned function;
	bool before, arg, pending;
} fault;

static enum workload_id now_checked;
static struct held held;
static unsigned ring, calls;
static struct fault met;
static bool ac;

/* The backend's IF, where there is one: a word of pv_memory. */

static void vif_set(bool on)
{
	pv_memory.lguest.irq_enabled = on;
}

static bool vif_get(void)
{
	return pv_memory.lguest.irq_enabled;
}

static void vif_pend(bool pending)
{
	pv_memory.lguest.irq_pending = pending;
}

static const struct virtual_if vif = { vif_set, vif_get, vif_pend };
static const struct virtual_if vif_without_events = { vif_set, vif_get, NULL };

static bool get_if(void)
{
	return held.vif ? vif_get() : mu.if_on;
}

/* In ring 3 nothing changes the CPU's. */
static void put_if(bool on)
{
	if (held.vif)
		vif_set(on);
	else if (!ring)
		mu.if_on = on;
}

static bool is_pending(void)
{
	return held.vif && pv_memory.lguest.irq_pending;
}

static unsigned long flags_and_ac(void)
{
	return mu_flags() | (ac ? FLAGS_AC : 0);
}

/* What a right body of the workload does. */
static void effect(struct work *w)
{
	const struct workload *wl = &workloads[now_checked];
	bool before = get_if(), arg = w->flags & FLAGS_IF;

	/* Nothing: not even the register that is looked at. */
	if (held.effect == EFFECT_nothing) {
		if (table_source(table_op_of(wl), w))
			put_if(true);
		return;
	}
	table_effect(table_op_of(wl), w, before);
	w->seen = FLAGS_ONE | (wl->seen == IF_OFF ? 0
			       : wl->seen == IF_ON || before ? FLAGS_IF : 0);
	if (wl->after == IF_OFF || wl->after == IF_ON)
		put_if(wl->after == IF_ON);
	/* A weak mode only ever enables. */
	if (wl->after == IF_ARG && (arg || held.effect == EFFECT_full))
		put_if(arg);
}

static void go_wrong(struct work *w)
{
	if (fault.fault == FAULT_AFTER && held.vif)
		vif_set(!vif_get());
	else if (fault.fault == FAULT_AFTER)
		mu.if_on = !mu.if_on;
	if (fault.fault == FAULT_MEMORY)
		pv_memory.delivered++;
	if (fault.fault == FAULT_TRACE)
		pv_memory.trace[OP_save_fl]++;
	if (fault.fault == FAULT_AC)
		ac = true;
	if (fault.fault == FAULT_VALUE)
		w->got ^= 4;
	if (fault.fault == FAULT_ANSWER)
		*(volatile uint8_t *)(w->arg[0] + 3) ^= 0x20;
	if (fault.fault == FAULT_SEEN)
		w->seen ^= FLAGS_IF;
	if (fault.fault == FAULT_UNSEEN)
		w->seen = ~0ul;
	if (fault.fault == FAULT_HIGH)
		w->seen |= 1ul << FLAGS_TOP;
	if (fault.fault == FAULT_LOW)
		w->seen &= ~FLAGS_ONE;
}

static void run(unsigned function, struct work *w)
{
	bool before = get_if(), arg = w->flags & FLAGS_IF, pending = is_pending();

	calls++;
	mu.misused |= !mu.quiet;
	ac = false;
	effect(w);
	if (fault.fault && function == fault.function && pending == fault.pending
	    && before == fault.before && arg == fault.arg)
		go_wrong(w);
}

static void first(struct work *w)
{
	run(0, w);
}

static void second(struct work *w)
{
	run(1, w);
}

static void third(struct work *w)
{
	run(2, w);
}

static const struct checked functions[] = {
	{ first, "the first of them", true, COPIES_one, 0 },
	{ second, "the second of them", false, COPIES_one, 0 },
	{ third, "the third of them", true, COPIES_one, 0 },
};
enum { FUNCTIONS = 3 };

static struct platform machine_of_check(void)
{
	struct platform m = mu_machine(ring);

	m.flags = flags_and_ac;
	mu.quiet = true;
	return m;
}

static bool check(char why[120])
{
	struct platform m = machine_of_check();
	bool good;

	memset(why, 0, 120);
	calls = 0;
	held.wl = &workloads[now_checked];
	good = check_workload(&m, &held, functions, FUNCTIONS, why, 120, &met) == CHECK_GOOD;
	/* A backend's is left on: nothing is shadowed. */
	mu.misused |= mu.if_on || (held.vif && (!vif_get() || is_pending()));
	return good && !mu.misused;
}

/* Every function, IF, argument and event that a fault may be about. */
enum { FAULTS = FUNCTIONS * TRIALS };

static bool fault_of(unsigned k, enum wrong how)
{
	fault.fault = how;
	fault.function = k / TRIALS;
	fault.before = k & 1;
	fault.arg = k & 2;
	fault.pending = k & 4;
	if (fault.pending && !(held.vif && held.vif->pend))
		return false;
	if (workload_is_tables(&workloads[now_checked]) && fault.before != fault.arg)
		return false;
	return !ring || held.vif || (fault.before && fault.arg);
}

/* By the CPU's IF ring 3 can make only one of four; an op of the table by itself is not
 * given flags. */
static unsigned trials(void)
{
	unsigned all = held.vif ? held.vif->pend ? 8 : 4 : ring ? 1 : 4;

	return all > 1 && workload_is_tables(&workloads[now_checked]) ? all / 2 : all;
}

static void test_after(void)
{
	bool checked = workloads[now_checked].after != IF_ANY;
	unsigned found = 0;

	for (unsigned k = 0; k < FAULTS; k++) {
		char why[120], want[100];

		if (!fault_of(k, FAULT_AFTER))
			continue;
		snprintf(want, sizeof(want), "%s, IF %u before, %u asked for%s: IF is ",
			 functions[fault.function].name, fault.before, fault.arg,
			 fault.pending ? ", an event pending" : "");
		found += !check(why) && !strncmp(why, want, strlen(want))
			&& strstr(why, "after it") && !mu.misused;
	}
	ok(checked && found == FUNCTIONS * trials(),
	   "ring %u, %s%s: wrong IF after: %u found and named", ring,
	   workloads[now_checked].name, held.vif ? ", a backend's IF" : "", found);
}

/* What is left in w->seen counts where a function looks. */
static void test_seen(enum wrong how, const char *text)
{
	bool looked_at = workloads[now_checked].seen != IF_ANY;
	unsigned found = 0, passed = 0, all = 0;

	for (unsigned k = 0; k < FAULTS; k++) {
		char why[120];

		if (!fault_of(k, how))
			continue;
		all++;
		if (check(why))
			passed++;
		else
			found += strstr(why, text) && functions[fault.function].looks
				&& strstr(why, functions[fault.function].name);
	}
	ok(found == (looked_at ? 2 * trials() : 0) && passed == all - found,
	   "ring %u, %s%s: %s: %u found", ring, workloads[now_checked].name,
	   held.vif ? ", a backend's IF" : "", text, found);
}

static void test_workload(void)
{
	char why[120];

	fault.fault = FAULT_NONE;
	ok(check(why) && !why[0] && calls == FUNCTIONS * trials(),
	   "ring %u, %s%s: the right functions pass, %u trials", ring,
	   workloads[now_checked].name, held.vif ? ", a backend's IF" : "",
	   trials());
	test_after();
	test_seen(FAULT_SEEN, "within it");
	if (!held.vif) {
		test_seen(FAULT_UNSEEN, "no flags register");
		test_seen(FAULT_HIGH, "no flags register");
		test_seen(FAULT_LOW, "no flags register");
	}
	fault.fault = FAULT_NONE;
}

/* A mode that does nothing must: whatever the workload promises. */
static void test_nothing(const struct virtual_if *v)
{
	char why[120];
	unsigned found = 0, wanted = 0;

	held = (struct held){ .vif = v, .effect = EFFECT_nothing };
	ok(check(why) && calls == FUNCTIONS * trials(),
	   "%s, nothing: what does nothing passes", workloads[now_checked].name);
	for (unsigned k = 0; k < FAULTS; k++) {
		if (fault_of(k, FAULT_AFTER))
			found += !check(why), wanted++;
		if (fault_of(k, FAULT_MEMORY))
			found += !check(why) && strstr(why, "memory was changed"),
			wanted++;
	}
	fault.fault = FAULT_NONE;
	ok(found == wanted && wanted == 2 * FUNCTIONS * trials(),
	   "%s, nothing: IF and memory that change are found: %u of %u",
	   workloads[now_checked].name, found, wanted);
	held = (struct held){ .vif = NULL };
}

/* A weak mode's restore_fl is not asked to turn interrupts off; all else is as ever,
 * and no other workload is let off anything. */
static void test_weak(void)
{
	bool arg = workloads[now_checked].after == IF_ARG;
	unsigned left_out = arg ? FUNCTIONS : 0, found = 0;
	char why[120];

	held = (struct held){ .effect = EFFECT_weak };
	ok(check(why) && calls == FUNCTIONS * trials() - left_out,
	   "%s, weak: passes, %u trials left out", workloads[now_checked].name,
	   left_out);
	for (unsigned k = 0; k < FAULTS; k++)
		if (fault_of(k, FAULT_AFTER))
			found += !check(why);
	fault.fault = FAULT_NONE;
	ok(found == FUNCTIONS * trials() - left_out, "%s, weak: wrong IF after: %u found",
	   workloads[now_checked].name, found);
	held = (struct held){ .vif = NULL };
}

/* What a function leaves is compared with what the reference left.  A weak mode calls
 * another op in place of restore_fl. */
static const struct {
	enum wrong fault;
	enum effect effect;
	const char *says;		/* NULL: passes */
} differences[] = {
	{ FAULT_MEMORY, EFFECT_full, "memory is not as the reference mode leaves it" },
	{ FAULT_MEMORY, EFFECT_weak, "memory is not as the reference mode leaves it" },
	{ FAULT_TRACE, EFFECT_full, "ops were not called as often as in the reference mode" },
	{ FAULT_TRACE, EFFECT_weak, NULL },
	{ FAULT_AC, EFFECT_full, "the flags are not as the reference mode leaves them" },
};
#define DIFFERENCES (sizeof(differences) / sizeof(differences[0]))

static void test_difference(unsigned d, const struct virtual_if *v)
{
	const char *says = differences[d].says;
	static struct reference want;
	unsigned right = 0, all = 0;
	struct platform m;
	char why[120];

	held = (struct held){ .wl = &workloads[now_checked], .vif = v,
			      .effect = differences[d].effect };
	m = machine_of_check();
	check_reference(&m, &held, &functions[0], &want);
	held.want = &want;
	right += check(why);
	for (unsigned k = 0; k < FAULTS; k++) {
		bool good;

		if (!fault_of(k, differences[d].fault))
			continue;
		good = check(why);
		/* Not asked of a weak mode. */
		if (held.effect == EFFECT_weak && fault.before && !fault.arg
		    && held.wl->after == IF_ARG)
			right += good;
		else if (says)
			right += !good && strstr(why, says);
		else
			right += good;
		all++;
	}
	fault.fault = FAULT_NONE;
	held = (struct held){ .vif = NULL };
	ok(right == all + 1, "%s%s: %s: %u of %u", workloads[now_checked].name,
	   v ? ", a backend's IF" : "", says ? says : "other calls are let pass",
	   right - 1, all);
}

static void test_reference(void)
{
	for (unsigned d = 0; d < DIFFERENCES; d++) {
		test_difference(d, NULL);
		test_difference(d, &vif);
	}
}

/* An op of the table: what it returns and leaves in memory is compared, natively too. */
static unsigned op_differences(enum wrong how, bool native, const char *says)
{
	static struct reference want;
	struct platform m;
	unsigned found = 0;
	char why[120];

	held = (struct held){ .wl = &workloads[now_checked] };
	m = machine_of_check();
	check_reference(&m, &held, &functions[0], &want);
	held.want = &want;
	held.native = native;
	if (!check(why))
		diag("%s: %s", workloads[now_checked].name, why);
	for (unsigned k = 0; k < FAULTS; k++)
		if (fault_of(k, how))
			found += !check(why) && strstr(why, says);
	fault.fault = FAULT_NONE;
	held = (struct held){ .vif = NULL };
	return found;
}

static void test_op(const struct table_op *op)
{
	static const char value[] = "another value than", memory[] = "the op's memory is not";
	bool known = promise_same(op, 4), answers = op->op == OP_cpuid
		|| op->op == OP_store_gdt || op->op == OP_store_idt;
	unsigned want;

	now_checked = op->workload;
	want = known ? 2 * trials() : 0;
	if (workloads[now_checked].seen != IF_ANY)
		return;
	ok(op_differences(FAULT_VALUE, false, value) == want
	   && op_differences(FAULT_VALUE, true, value) == want,
	   "%s: another value is %s", workloads[now_checked].name, known ? "found" : "let pass");
	if (answers)
		ok(op_differences(FAULT_ANSWER, false, memory) == FUNCTIONS * trials()
		   && op_differences(FAULT_ANSWER, true, memory) == FUNCTIONS * trials(),
		   "%s: another answer in memory is found", workloads[now_checked].name);
}

static const char *lend_nothing(void *ctx, const struct table_op *op, struct work *w)
{
	(void)ctx, (void)op, (void)w;
	return "there is none";
}

static void does_nothing(struct work *w)
{
	(void)w;
}

/* No reference, where none can be had. */
static void test_no_reference(void)
{
	static const struct checked nothing = { does_nothing, "nothing", true, COPIES_one, 0 };
	static struct reference want;
	struct platform m;
	struct fault met;
	char why[120] = "";

	now_checked = WORKLOAD_set_pte;
	held = (struct held){ .wl = &workloads[now_checked] };
	m = machine_of_check();
	ok(check_reference(&m, &held, &functions[0], &want), "a reference that is right");
	ok(!check_reference(&m, &held, &nothing, &want),
	   "one that does not do what the op does is none");
	m.lend = lend_nothing;
	calls = 0;
	ok(!check_reference(&m, &held, &functions[0], &want) && !calls
	   && check_workload(&m, &held, functions, 1, why, sizeof(why), &met)
	      == CHECK_NOT_LENT && !calls && !strcmp(why, "there is none"),
	   "nor one that is lent nothing: it is not run, and said why");
	held = (struct held){ .vif = NULL };
}

/* Copies of a workload that calls an op once, as a body of many has them: so many. */
static unsigned copies_run;

static void calls_once(struct work *w)
{
	(void)w;
	pv_memory.trace[OP_save_fl]++;
}

static void calls_often(struct work *w)
{
	for (unsigned i = 0; i < copies_run; i++)
		calls_once(w);
}

/* Every copy counts: one more or less is found in each body. */
static void test_copies(void)
{
	static const unsigned copies[COPIES_COUNT] = { 1, 3, 24, 48 };
	const struct checked one = { calls_once, "one", false, COPIES_one, 0 };
	static struct reference want;
	struct platform m;

	now_checked = WORKLOAD_live_regs;
	held = (struct held){ .wl = &workloads[WORKLOAD_empty] };
	m = machine_of_check();
	check_reference(&m, &held, &one, &want);
	held.want = &want;
	for (unsigned i = 0; i < COPIES_COUNT * 3; i++) {
		const struct checked c = { calls_often, "many", false, i / 3, 0 };
		unsigned missing = i % 3;	/* 0, 1, or one too many */
		char why[120] = "";
		bool good;

		copies_run = copies[i / 3] - (missing == 1) + (missing == 2);
		m = machine_of_check();
		good = check_workload(&m, &held, &c, 1, why, sizeof(why), &met) == CHECK_GOOD;
		ok(good == !missing && (good || strstr(why, "as often as")),
		   "%u calls of %u copies: %s", copies_run, copies[i / 3],
		   good ? "all" : "found");
	}
	held = (struct held){ .vif = NULL };
}

/* set_if() there does nothing, and IF is on: it must not be taken for left on. */
static void ring3_set_if(bool on)
{
	(void)on;
}

static void test_ring3(void)
{
	struct platform m = mu_machine(3);
	char why[120];

	m.set_if = ring3_set_if;
	mu.quiet = true;
	now_checked = WORKLOAD_restore_fl;
	calls = 0;
	held.wl = &workloads[now_checked];
	ok(check_workload(&m, &held, functions, FUNCTIONS, why, 120, &met) == CHECK_GOOD
	   && calls == 3 && mu.if_on, "ring 3: IF stays on, once each");
	ok(check_workload(&m, &held, functions, 0, why, 120, &met) == CHECK_GOOD
	   && calls == 3, "no functions: nothing is wrong with them");
}

int main(void)
{
	for (ring = 0; ring <= 3; ring += 3)
		for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
			now_checked = w;
			if (workloads[w].ring >= ring)
				test_workload();
		}
	ring = 0;
	test_no_reference();
	test_copies();
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (table_ops[i].op != OP_COUNT)
			test_op(&table_ops[i]);
	ring = 3;
	test_ring3();
	/* What a backend has for IF ring 3 may change. */
	for (ring = 0; ring <= 3; ring += 3)
		for (unsigned w = 0; w <= WORKLOAD_io_delay; w++) {
			now_checked = w;
			held.vif = &vif;
			test_workload();
			held.vif = &vif_without_events;
			test_workload();
			held.vif = NULL;
		}
	ring = 0;
	for (unsigned w = 0; w <= WORKLOAD_io_delay; w++) {
		now_checked = w;
		test_nothing(NULL);
		test_nothing(&vif);
		test_weak();
		test_reference();
	}
	/* Nor does a mode that does nothing, or a weak one, make an op of the table another. */
	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		now_checked = table_ops[i].workload;
		if (workload_is_tables(&workloads[now_checked])) {
			test_nothing(NULL);
			test_weak();
		}
	}
	return done();
}
