/* SPDX-License-Identifier: GPL-2.0-only */
/* Exits: the list is sane, what is on record of a CPU, and the verdicts at their edges,
 * by made-up costs. */
#include <string.h>
#include "stats/anchor.h"
#include "stats/exits.h"
#include "tap.h"

static const struct line {
	const char *uarch, *workload;
	unsigned least, most, judges;
	enum op_unit unit;
	const char *what;
} lines[] = {
#define OP_REFERENCE(uarch, workload, least, most, unit, judges, source, what) \
	{ #uarch, #workload, least, most, judges, OP_UNIT_##unit, what },
#include "list/op_reference.def"
};
#define LINES_N (sizeof(lines) / sizeof(lines[0]))

static const char *const workloads[] = {
#define WORKLOAD(name, ...) #name,
#include "list/workload.def"
#undef WORKLOAD
};
#define WORKLOADS_N (sizeof(workloads) / sizeof(workloads[0]))

static bool is_workload(const char *name)
{
	for (unsigned i = 0; i < WORKLOADS_N; i++)
		if (!strcmp(workloads[i], name))
			return true;
	return false;
}

static bool is_again(unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (!strcmp(lines[i].uarch, lines[j].uarch)
		    && !strcmp(lines[i].workload, lines[j].workload))
			return true;
	return false;
}

static void test_list(void)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < LINES_N; i++) {
		const struct line *l = &lines[i];
		bool range = l->least && (l->most >= l->least || (!l->most && !l->judges));
		bool good = range && is_workload(l->workload) && !is_again(i) && l->what[0]
			&& (!l->judges || l->unit == OP_UNIT_core);

		if (!good)
			printf("# %s %s\n", l->uarch, l->workload);
		bad += !good;
	}
	ok(!bad && LINES_N >= 50, "%zu figures: of a workload each, once, judging in core "
	   "cycles and with an upper end", LINES_N);
#define OP_ANCHOR(name, anchor) \
	ok(is_workload(#name) && is_workload(#anchor), #name ": a workload, by one");
#include "list/op_reference.def"
}

static struct cpu_id cpu(const char *vendor, unsigned family, unsigned model)
{
	struct cpu_id id = { .family = family, .model = model };

	memcpy(id.vendor, vendor, strlen(vendor));
	return id;
}

static void test_lookup(void)
{
	struct cpu_id haswell = cpu("GenuineIntel", 6, 0x3c);
	struct cpu_id k8 = cpu("AuthenticAMD", 0xf, 0x05), p4 = cpu("GenuineIntel", 0xf, 3);
	struct cpu_id none = cpu("GenuineIntel", 6, 0x09);
	struct op_reference ref = { .uarch = "untouched" };

	ok(op_reference_of(&haswell, "restore_fl", &ref) && ref.most == 18000
	   && ref.judges && !strcmp(ref.uarch, "Haswell") && strstr(ref.source, "Agner"),
	   "Haswell, POPF: Agner's 18");
	ok(op_reference_of(&haswell, "cpuid", &ref) && ref.least == 98830 && ref.judges
	   && strstr(ref.what, "CPUID") && strstr(ref.source, "InstLatx64"),
	   "Haswell, CPUID: the anchor's");
	ok(op_reference_of(&haswell, "irq_save_restore", &ref) && ref.least == 37000
	   && ref.most == 38000 && ref.unit == OP_UNIT_tsc && !ref.judges,
	   "Haswell, the pair in a loop: TSC ticks, nothing is judged by it");
	ref.uarch = "untouched";
	ok(!op_reference_of(&haswell, "write_cr4", &ref) && !strcmp(ref.uarch, "untouched"),
	   "Haswell, MOV to CR4: none");
	ok(op_reference_of(&k8, "load_idt", &ref) && ref.most == 148000
	   && !strcmp(op_uarch(&k8), "K8") && !anchor_uarch(&k8),
	   "K8 has a figure, and no anchor");
	ok(!op_reference_of(&k8, "cpuid", &ref), "K8, CPUID: none");
	ok(op_reference_of(&p4, "io_delay", &ref) && !ref.most && !ref.judges
	   && ref.least == 1000000, "Prescott, OUT: more than 1000");
	k8.invented = p4.invented = haswell.invented = true;
	ok(!op_uarch(&k8) && !op_uarch(&p4) && !op_reference_of(&k8, "load_idt", &ref)
	   && !op_reference_of(&p4, "io_delay", &ref)
	   && !op_reference_of(&haswell, "cpuid", &ref), "a CPU that was never made: nothing");
	ok(!op_uarch(&none) && !op_reference_of(&none, "save_fl", &ref),
	   "an unknown model: nothing");
}

static const struct op_reference plain = {
	.uarch = "made up", .least = 90000, .most = 100000, .judges = true,
};
static const struct op_reference beside = { .uarch = "made up", .least = 7000, .most = 7000 };

#define GUEST	{ .hypervisor = true }
#define HIDDEN	{ .hidden = true }
static const struct {
	const char *what;
	int64_t least, most;
	const struct op_reference *ref;
	struct exits_conditions how;
	enum exits want;
} cases[] = {
	{ "as on bare metal", 95000, 105000, &plain, GUEST, EXITS_no },
	{ "at the lower bound", 95000, 300000, &plain, GUEST, EXITS_no },
	{ "above it at one offset", 95000, 300001, &plain, GUEST, EXITS_unknown },
	{ "below the upper bound at one", 599999, 9000000, &plain, GUEST, EXITS_unknown },
	{ "at the upper bound", 600000, 600000, &plain, GUEST, EXITS_yes },
	{ "KVM's CPUID", 1291000, 1300000, &plain, GUEST, EXITS_yes },
	{ "next to nothing", 0, 0, &plain, GUEST, EXITS_no },
	{ "without a figure", 5, 5, NULL, GUEST, EXITS_no },
	{ "without one, at half of an exit", 5, 200000, NULL, GUEST, EXITS_no },
	{ "without one, above it", 5, 200001, NULL, GUEST, EXITS_unknown },
	{ "without a figure, and slow", 90000000, 90000000, NULL, GUEST, EXITS_unknown },
	{ "with one that does not judge", 5, 5, &beside, GUEST, EXITS_no },
	{ "with it, as if it were none", 5, 200001, &beside, GUEST, EXITS_unknown },
	{ "with it, and slow", 90000000, 90000000, &beside, GUEST, EXITS_unknown },
	{ "no hypervisor, slow", 90000000, 90000000, &plain, { 0 }, EXITS_no },
	{ "no hypervisor, no figure", 5, 5, NULL, { 0 }, EXITS_no },
	{ "one that hides, quick", 5, 5, &plain, HIDDEN, EXITS_unknown },
	{ "one that hides, slow", 90000000, 90000000, &plain, HIDDEN, EXITS_unknown },
	{ "one that hides, no figure", 5, 5, NULL, HIDDEN, EXITS_unknown },
	{ "instructions", 5, 5, &plain, { .hypervisor = true, .counts = true },
	  EXITS_not_judged },
	{ "instructions, no hypervisor", 5, 5, &plain, { .counts = true },
	  EXITS_not_judged },
	{ "an emulator", 90000000, 90000000, &plain,
	  { .hypervisor = true, .emulated = true }, EXITS_not_judged },
	{ "an emulator that hides", 90000000, 90000000, &plain,
	  { .emulated = true, .hidden = true }, EXITS_not_judged },
};

static void test_judge(void)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct op_cost cost = { true, cases[i].least, cases[i].most };
		enum exits is = exits_judge(&cost, cases[i].ref, &cases[i].how);

		ok(is == cases[i].want, "%s: %s", cases[i].what, exits_names[is]);
		cost.known = false;
		ok(exits_judge(&cost, cases[i].ref, &cases[i].how) == EXITS_not_judged,
		   "%s, not timed: not judged", cases[i].what);
	}
}

/* What a hypervisor that hides is known by: the bound of a yes. */
static void test_takes(void)
{
	const struct op_cost quick = { true, 599999, 9000000 };
	const struct op_cost slow = { true, 600000, 600000 };
	const struct op_cost untimed = { false, 600000, 600000 };

	ok(takes_an_exit(&slow, &plain) && !takes_an_exit(&quick, &plain),
	   "as long as an exit: from twice the figure and one on");
	ok(!takes_an_exit(&untimed, &plain), "not what was not timed");
	ok(!takes_an_exit(&slow, NULL) && !takes_an_exit(&slow, &beside),
	   "nor what has no figure that judges");
}

/* No noise makes the wrong word of a right cost: the two bounds are an exit's half apart
 * at least, whatever the figure. */
static void test_apart(void)
{
	const struct exits_conditions guest = GUEST;
	unsigned wrong = 0;

	for (unsigned i = 0; i < LINES_N; i++) {
		struct op_reference ref = { .least = lines[i].least, .most = lines[i].most,
					    .judges = lines[i].judges };
		int64_t most = lines[i].most;
		/* Shared with another thread; and with an exit of 1181 cycles, as fast as
		 * any on record. */
		struct op_cost shared = { true, 2 * most, 2 * most };
		struct op_cost left = { true, most + 1181000, most + 1181000 };

		if (!ref.judges)
			continue;
		wrong += exits_judge(&shared, &ref, &guest) == EXITS_yes;
		wrong += exits_judge(&left, &ref, &guest) != EXITS_yes;
	}
	ok(!wrong, "every figure: twice as slow is no exit, the quickest exit on record is");
}

static void test_cost(void)
{
	struct op_cost c = op_cost_of(50000000, 60000000, 50000000, 100000000);

	ok(c.known && c.least == 100000 && c.most == 120000,
	   "two cycles a tick: ticks are scaled");
	c = op_cost_of(-3000, 2000000, 1000000, 500000);
	ok(c.least == 0 && c.most == 1000, "below 0: 0; half a cycle a tick");
	c = op_cost_of(5000000, 7000000, 0, 0);
	ok(c.least == 5000 && c.most == 7000, "nothing to scale by: a tick is a cycle");
	c = op_cost_of(INT64_MAX, INT64_MAX, 1, INT64_MAX);
	ok(c.most == INT64_MAX, "beyond 64 bits: the most there is");
}

int main(void)
{
	test_list();
	test_lookup();
	test_judge();
	test_takes();
	test_apart();
	test_cost();
	return done();
}
