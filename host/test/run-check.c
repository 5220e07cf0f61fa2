/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check: right functions pass, in ring 0 and in ring 3, and each wrong one is
 * found, from each IF, and is named.
 */
#include "made_up.h"
#include "measure.h"
#include "tap.h"

/* What goes wrong, in which of three functions, from which IF. */
enum fault { FAULT_NONE, FAULT_AFTER, FAULT_SEEN, FAULT_UNSEEN, FAULT_HIGH,
	     FAULT_LOW };

static struct {
	enum fault fault;
	unsigned function;
	bool before, arg;
} fault;

static enum workload_id now_checked;
static unsigned ring, calls;

/* In ring 3 nothing changes IF. */
static void put_if(bool on)
{
	if (!ring)
		mu.if_on = on;
}

/* What a right body of the workload does. */
static void effect(struct work *w)
{
	const struct workload *wl = &workloads[now_checked];
	bool before = mu.if_on, arg = w->flags & FLAGS_IF;

	w->seen = FLAGS_ONE | (wl->seen == IF_OFF ? 0
			       : wl->seen == IF_ON || before ? FLAGS_IF : 0);
	if (wl->after == IF_OFF || wl->after == IF_ON)
		put_if(wl->after == IF_ON);
	if (wl->after == IF_ARG)
		put_if(arg);
}

static void go_wrong(struct work *w)
{
	if (fault.fault == FAULT_AFTER)
		mu.if_on = !mu.if_on;
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
	bool before = mu.if_on, arg = w->flags & FLAGS_IF;

	calls++;
	mu.misused |= !mu.quiet;
	effect(w);
	if (fault.fault && function == fault.function
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
	{ first, "the first of them", true },
	{ second, "the second of them", false },
	{ third, "the third of them", true },
};
enum { FUNCTIONS = 3 };

static bool check(char why[120])
{
	struct machine m = mu_machine(ring);
	bool good;

	memset(why, 0, 120);
	calls = 0;
	mu.quiet = true;
	good = check_workload(&m, &workloads[now_checked], functions, FUNCTIONS,
			      why, 120);
	mu.misused |= mu.if_on;
	return good && !mu.misused;
}

/* Every function, IF and argument that a fault may be about. */
static bool fault_of(unsigned k, enum fault how)
{
	fault.fault = how;
	fault.function = k / 4;
	fault.before = k & 1;
	fault.arg = k & 2;
	return !ring || (fault.before && fault.arg);
}

/* From ring 3 only one of four. */
static unsigned trials(void)
{
	return ring ? 1 : 4;
}

static void test_after(void)
{
	bool checked = workloads[now_checked].after != IF_ANY;
	unsigned found = 0;

	for (unsigned k = 0; k < FUNCTIONS * 4; k++) {
		char why[120], want[80];

		if (!fault_of(k, FAULT_AFTER))
			continue;
		snprintf(want, sizeof(want), "%s, IF %u before, %u asked for: IF is ",
			 functions[fault.function].name, fault.before, fault.arg);
		found += !check(why) && !strncmp(why, want, strlen(want))
			&& strstr(why, "after it") && !mu.misused;
	}
	ok(checked && found == FUNCTIONS * trials(),
	   "ring %u, %s: wrong IF after: %u found and named", ring,
	   workloads[now_checked].name, found);
}

/* What is left in w->seen counts where a function looks. */
static void test_seen(enum fault how, const char *text)
{
	bool looked_at = workloads[now_checked].seen != IF_ANY;
	unsigned found = 0, passed = 0, all = 0;

	for (unsigned k = 0; k < FUNCTIONS * 4; k++) {
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
	   "ring %u, %s: %s: %u found", ring, workloads[now_checked].name, text,
	   found);
}

static void test_workload(void)
{
	char why[120];

	fault.fault = FAULT_NONE;
	ok(check(why) && !why[0] && calls == FUNCTIONS * trials(),
	   "ring %u, %s: the right functions pass", ring,
	   workloads[now_checked].name);
	test_after();
	test_seen(FAULT_SEEN, "within it");
	test_seen(FAULT_UNSEEN, "no flags register");
	test_seen(FAULT_HIGH, "no flags register");
	test_seen(FAULT_LOW, "no flags register");
	fault.fault = FAULT_NONE;
}

/* set_if() there does nothing, and IF is on: it must not be taken for left on. */
static void ring3_set_if(bool on)
{
	(void)on;
}

static void test_ring3(void)
{
	struct machine m = mu_machine(3);
	char why[120];

	m.set_if = ring3_set_if;
	mu.quiet = true;
	now_checked = WORKLOAD_restore_fl;
	calls = 0;
	ok(check_workload(&m, &workloads[now_checked], functions, FUNCTIONS, why,
			  120) && calls == 3 && mu.if_on,
	   "ring 3: IF stays on, once each");
	ok(check_workload(&m, &workloads[now_checked], functions, 0, why, 120)
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
	ring = 3;
	test_ring3();
	return done();
}
