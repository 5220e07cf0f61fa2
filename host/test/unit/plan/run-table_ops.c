/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops in a plan: which are asked for, how they are planned, and what is left
 * out of them; whatever table.def has. */
#include <stdlib.h>
#include <string.h>
#include "plan/plan.h"
#include "plan/table_ops.h"

#define plan tap_plan
#include "sets.h"
#include "tap.h"
#undef plan

#define BIT(x)		(1u << (x))
#define GROUPS		400
#define CELLS		4000

static struct group group[GROUPS];
static struct result result[CELLS];

static struct plan make(const struct config *c, const struct platform *m)
{
	struct plan p = plan(c, m, NULL, NULL), again;

	if (p.groups > GROUPS || p.cells > CELLS)
		return (struct plan){ 0 };
	memset(group, 0, sizeof(group));
	memset(result, 0, sizeof(result));
	again = plan(c, m, group, result);
	return memcmp(&p, &again, sizeof(p)) ? (struct plan){ 0 } : p;
}

static const char *lend(void *ctx, const struct table_op *op, struct work *w)
{
	(void)ctx, (void)op, (void)w;
	return NULL;
}

static struct platform machine(unsigned ring)
{
	return (struct platform){ .ring = ring, .features = { UINT64_MAX }, .lend = lend };
}

static struct config config_with(enum plan_id id)
{
	struct config c;

	config_preset(&c);
	c.plan = id;
	return c;
}

static void name_op(struct config *c, enum workload_id w)
{
	if (c->from[CONFIG_workloads].from == FROM_PRESET)
		c->workloads = (struct set){ { 0 } };
	c->from[CONFIG_workloads].from = FROM_FILE;
	set_add(&c->workloads, w);
}

/* As if a file said so. */
#define GIVE(c, key, value) do {					\
	(c)->key = (value);						\
	(c)->from[CONFIG_##key].from = FROM_FILE;			\
} while (0)

/* Groups of a workload; the last one is in *@g. */
static unsigned groups_of(const struct plan *p, enum workload_id w, const struct group **g)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->groups; i++)
		if (group[i].workload == w) {
			n++;
			*g = &group[i];
		}
	return n;
}

/* Cells of a group of that convention and mode, as long as they are asked for. */
static unsigned cells_of(const struct group *g, enum convention_id convention,
			 enum mode_id mode)
{
	unsigned n = 0;

	for (size_t i = g->first; i < g->first + g->count; i++)
		n += result[i].cell.role == ROLE_cell && result[i].cell.mode == mode
			&& result[i].cell.convention == convention;
	return n;
}

/* Its twin is the reference's: of the native cell, or, where that is a call too, of the one
 * that is called through the table. */
static bool twin_is_right(const struct group *g)
{
	const struct table_op *op = table_op_of(&workloads[g->workload]);
	enum mode_id want = op && op_calls_native(op) ? MODE_indirect : MODE_native;
	const struct result *twin = group_find(g, result, ROLE_twin, 0, 0);
	const struct result *reference = group_reference(g, result);

	return twin && reference && twin->cell.mode == want && reference->cell.mode == want
		&& twin->cell.convention == reference->cell.convention;
}

/* Native, called and patched, dense and warm, with a twin and the chain; an instruction
 * native alone. */
static bool is_planned_right(const struct group *g)
{
	bool op = workloads[g->workload].kind != KIND_INSTRUCTION;

	return twin_is_right(g) && g->layout == LAYOUT_dense && g->state == STATE_warm
		&& g->backend == BACKEND_native && g->count == (op ? 5 : 3)
		&& cells_of(g, CONVENTION_native, MODE_native) == 1
		&& cells_of(g, CONVENTION_ccall, MODE_indirect) == op
		&& cells_of(g, CONVENTION_ccall, MODE_best) == op;
}

static void test_ops(void)
{
	const struct platform m = machine(0);
	struct config c = config_with(PLAN_OPS);
	struct plan p = make(&c, &m);
	const struct group *g;
	unsigned right = 0, dangerous = 0;

	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		const struct table_op *op = &table_ops[i];

		if (op->hazard == HAZARD_dangerous)
			dangerous += !groups_of(&p, op->workload, &g)
				&& set_has(&p.dangerous, op->workload);
		else
			right += groups_of(&p, op->workload, &g) == 1 && is_planned_right(g);
	}
	ok(p.groups > 50 && right == p.groups && right + dangerous == TABLE_ROWS,
	   "plan ops: %u ops once each, %u dangerous ones left out, and nothing else", right,
	   dangerous);
	ok(p.skipped[SKIPPED_dangerous] == dangerous * 2 * 3u && !p.skipped[SKIPPED_privileged]
	   && set_size(&p.dangerous) == dangerous, "which are counted, six cells each");
}

/* A dangerous op is timed where it is named, in any plan. */
static void test_named(void)
{
	const struct platform m = machine(0);

	for (unsigned id = PLAN_DEFAULT; id <= PLAN_OPS; id++)
		for (unsigned i = 0; i < TABLE_ROWS; i++) {
			const struct table_op *op = &table_ops[i];
			struct config c = config_with(id);
			const struct group *g = NULL;
			struct plan p;

			if (id != PLAN_OPS && !workload_is_tables(&workloads[op->workload]))
				continue;
			name_op(&c, op->workload);
			p = make(&c, &m);
			if (p.groups != 1 || groups_of(&p, op->workload, &g) != 1
			    || !is_planned_right(g) || !set_is_empty(&p.dangerous)) {
				ok(false, "named alone: %s", workloads[op->workload].name);
				return;
			}
		}
	ok(true, "each op is planned where it is named, in every plan, dangerous or not");
}

/* Those of the default plan are as they were, with an op behind them. */
static void test_beside(void)
{
	const struct platform m = machine(0);
	struct config c = config_with(PLAN_DEFAULT);
	struct plan p = make(&c, &m), more;
	static struct result before[CELLS];
	const struct group *g;
	size_t cells = p.cells, groups = p.groups;

	memcpy(before, result, sizeof(before));
	ok(groups && !groups_of(&p, WORKLOAD_cpuid, &g), "the default plan has none of them");
	set_add(&c.workloads, WORKLOAD_cpuid);
	more = make(&c, &m);
	ok(more.groups == groups + 1 && more.cells == cells + 5
	   && !memcmp(before, result, cells * sizeof(before[0]))
	   && groups_of(&more, WORKLOAD_cpuid, &g) == 1 && is_planned_right(g),
	   "all and cpuid: cells as they were, and five more");
	c = config_with(PLAN_OPS);
	name_op(&c, WORKLOAD_cli_sti);
	set_add(&c.workloads, WORKLOAD_empty);
	more = make(&c, &m);
	ok(more.groups == 2 && groups_of(&more, WORKLOAD_cli_sti, &g) == 1 && is_planned_right(g)
	   && groups_of(&more, WORKLOAD_empty, &g) == 1, "plan ops times others that are named");
}

/* "all halt safe_halt": all that the plan has, and these. */
static void test_all_and(enum plan_id id)
{
	const struct platform m = machine(0);
	struct config c = config_with(id);
	const struct plan p = make(&c, &m);
	unsigned right = 0;
	struct plan more;

	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (table_ops[i].hazard == HAZARD_dangerous)
			set_add(&c.workloads, table_ops[i].workload);
	c.from[CONFIG_workloads].from = FROM_FILE;
	more = make(&c, &m);
	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		const struct group *g;

		right += table_ops[i].hazard == HAZARD_dangerous
			&& groups_of(&more, table_ops[i].workload, &g) == 1 && is_planned_right(g);
	}
	ok(right && more.groups == p.groups + right && more.cells == p.cells + 5 * right
	   && set_is_empty(&more.dangerous),
	   "plan %u, all and dangerous ones: %zu groups, and %u of these", id, p.groups, right);
}

/* Those that cannot be inline; without a call through the table they are all there is. */
static void test_called(void)
{
	const struct platform m = machine(0);
	const bool ia32 = sizeof(long) == 4;
	struct config c = config_with(PLAN_OPS);
	const struct group *g = NULL;
	unsigned calls = 0;
	struct plan p;

	for (unsigned i = 0; i < TABLE_ROWS; i++)
		calls += op_calls_native(&table_ops[i]);
	ok(calls == (ia32 ? 12 : 10) && op_calls_native(&table_ops[TABLE_ROW_load_tr_desc])
	   && op_calls_native(&table_ops[TABLE_ROW_apic_read])
	   && op_calls_native(&table_ops[TABLE_ROW_set_pmd]) == ia32
	   && !op_calls_native(&table_ops[TABLE_ROW_cpuid])
	   && !op_calls_native(&table_ops[TABLE_ROW_sldt]), "%u natives are calls", calls);
	name_op(&c, WORKLOAD_apic_read);
	GIVE(&c, modes, these(BIT(MODE_native) | BIT(MODE_best)));
	p = make(&c, &m);
	ok(groups_of(&p, WORKLOAD_apic_read, &g) == 1
	   && group_reference(g, result)->cell.mode == MODE_native,
	   "where nothing goes through the table the native cell is the reference");
}

/* What is given holds for them too. */
static void test_given(void)
{
	const struct platform m = machine(0);
	const struct group *g;
	struct config c;
	struct plan p;

	for (unsigned id = PLAN_DEFAULT; id <= PLAN_OPS; id++) {
		c = config_with(id);
		name_op(&c, WORKLOAD_cpuid);
		GIVE(&c, modes, these(BIT(MODE_native) | BIT(MODE_inline)));
		GIVE(&c, layouts, these(BIT(LAYOUT_line) | BIT(LAYOUT_dense)));
		p = make(&c, &m);
		ok(p.groups == 2 && groups_of(&p, WORKLOAD_cpuid, &g) == 2
		   && g->layout == LAYOUT_line && g->state == STATE_warm
		   && cells_of(g, CONVENTION_ccall, MODE_inline) == 1
		   && !cells_of(g, CONVENTION_ccall, MODE_indirect)
		   && !cells_of(g, CONVENTION_seed, MODE_inline),
		   "plan %u: modes and layouts that are given", id);
	}
	c = config_with(PLAN_OPS);
	name_op(&c, WORKLOAD_cpuid);
	GIVE(&c, backends, these(BIT(BACKEND_xen) | BIT(BACKEND_native)));
	GIVE(&c, states, these(BIT(STATE_cold_code)));
	GIVE(&c, conventions, these(BIT(CONVENTION_seed)));
	p = make(&c, &m);
	ok(p.groups == 2 && groups_of(&p, WORKLOAD_cpuid, &g) == 2
	   && g->state == STATE_cold_code && g->layout == LAYOUT_dense
	   && cells_of(g, CONVENTION_seed, MODE_best) == 1, "and the others");
}

/* What the CPU or the ring has not is left out, and counted. */
static void test_left_out(void)
{
	struct platform m = machine(0);
	struct config c = config_with(PLAN_OPS);
	unsigned needing = 0, privileged = 0, unlent = 0;
	struct plan p;

	m.features = (struct features){ 0 };
	p = make(&c, &m);
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		needing += table_ops[i].need < FEATURE_COUNT
			&& table_ops[i].hazard != HAZARD_dangerous;
	ok(needing && set_size(&p.needing) == needing && p.groups
	   && !(p.skipped[SKIPPED_feature] % 6) && p.skipped[SKIPPED_feature] == 6 * needing,
	   "%u that a CPU without any feature cannot", needing);
	m = machine(0);
	m.lend = NULL;
	p = make(&c, &m);
	for (size_t i = 0; i < p.groups; i++)
		unlent += workload_is_tables(&workloads[group[i].workload])
			&& workloads[group[i].workload].ring < 3;
	ok(p.groups && !unlent, "of a machine that lends nothing those of ring 3, %zu", p.groups);
	m = machine(3);
	p = make(&c, &m);
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		privileged += workloads[table_ops[i].workload].ring < 3;
	ok(p.groups && privileged && p.privileged == privileged
	   && set_size(&p.above) == privileged, "%u that ring 3 may not run, %zu that it may",
	   privileged, p.groups);
}

/* What is left out is said, and there is room for all of it. */
static void test_note(void)
{
	struct platform m = machine(0);
	struct config c = config_with(PLAN_OPS);
	char note[PLAN_NOTE_ROOM];
	struct plan p;
	const char *said;

	name_op(&c, WORKLOAD_cpuid);
	name_op(&c, WORKLOAD_rdtscp);
	name_op(&c, WORKLOAD_read_msr);
	m.features = (struct features){ 0 };
	p = make(&c, &m);
	said = plan_note(&c, &p, note, sizeof(note));
	ok(said && !strcmp(said, "Left out: read_msr (sep), rdtscp: this CPU lacks what they "
			   "need."), "a note: %s", said);
	c = config_with(PLAN_OPS);
	m = machine(3);
	m.features = (struct features){ 0 };
	p = make(&c, &m);
	said = plan_note(&c, &p, note, sizeof(note));
	ok(said && strstr(said, ": this ring may not run them.") && !strstr(said, "...")
	   && strstr(said, ", halt") && !strstr(said, "timed only where they are named"),
	   "the longest has %zu bytes of %u", said ? strlen(said) : 0, PLAN_NOTE_ROOM);
}

/* An op that is for the boot CPU alone: planned on all, left out on the others. */
static void test_where(void)
{
	struct run_cpu cpu[2] = { { .number = 1 }, { .number = 0, .boot = true } };
	struct platform m = { .cpu = cpu, .cpus = 2 };
	const struct table_op any = { .where = WHERE_any }, boot = { .where = WHERE_boot };

	ok(op_may_run_on(&m, &any, 0) && op_may_run_on(&m, &any, 1)
	   && !op_may_run_on(&m, &boot, 0) && op_may_run_on(&m, &boot, 1),
	   "for the boot CPU alone, where there are two");
	m.cpu = NULL;
	ok(op_may_run_on(&m, &boot, 0), "and where there is one");
}

int main(void)
{
	test_ops();
	test_named();
	test_beside();
	for (unsigned id = PLAN_DEFAULT; id <= PLAN_OPS; id++)
		test_all_and(id);
	test_called();
	test_given();
	test_left_out();
	test_where();
	test_note();
	return done();
}
