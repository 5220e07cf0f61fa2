/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report says of the table's ops: exits, what is on record, what was left out. */
#include "made_up_report.h"
#include "run/left_out.h"
#include "workload/registry.h"

/* Thousandths of a tick that a workload's native cell takes; a cycle is half a tick. */
static void cost_is(unsigned workload, uint32_t milli)
{
	for (size_t i = 0; i < run.plan.groups; i++) {
		const struct group *g = &groups[i];

		for (size_t k = g->first; k < g->first + g->count; k++)
			if (g->workload == workload && g->layout == LAYOUT_dense
			    && results[k].cell.role == ROLE_cell
			    && results[k].cell.mode == MODE_native)
				fill((struct batch *)results[k].series.ticks, milli);
	}
}

/* A finished run of what is configured, by a Haswell under KVM. */
static void run_it(void)
{
	plan_run();
	for (size_t i = 0; i < run.plan.groups; i++) {
		for (unsigned o = 0; o < OFFSETS; o++)
			groups[i].taken[o] = EACH;
		groups[i].quality.tried = OFFSETS * EACH;
		run.quality.tried += OFFSETS * EACH;
		for (size_t k = groups[i].first; k < groups[i].first + groups[i].count; k++)
			measured(&results[k], &groups[i], k, 0);
	}
	environment();
	env.cpu = (struct cpu_id){ .vendor = "GenuineIntel", .family = 6, .model = 0x3c };
	strcpy(env.hypervisor, "KVMKVMKVM");
}

static void haswell(void)
{
	build();
	configure();
	config.workloads = these(1 << WORKLOAD_irq_disable | 1 << WORKLOAD_irq_enable
		| 1 << WORKLOAD_save_fl | 1 << WORKLOAD_restore_fl | 1 << WORKLOAD_cli_sti
		| 1 << WORKLOAD_imul_chain);
	run_it();
}

/* Plan ops, of a few ops. */
static void few_ops(void)
{
	build();
	config_preset(&config);
	config.plan = PLAN_OPS;
	config.offsets = OFFSETS;
	config.batches = EACH;
	config.workloads = these(1 << WORKLOAD_save_fl);
	set_add(&config.workloads, WORKLOAD_cpuid);
	set_add(&config.workloads, WORKLOAD_read_tsc);
	set_add(&config.workloads, WORKLOAD_write_cr4);
	set_add(&config.workloads, WORKLOAD_load_esp0);
	set_add(&config.workloads, WORKLOAD_set_pte);
	set_add(&config.workloads, WORKLOAD_set_pte_atomic);
	run_it();
	cost_is(WORKLOAD_cpuid, 700000);
	cost_is(WORKLOAD_read_tsc, 150000);
	summarise_all();
}

/* Of two ops, with what is given of one key. */
static void two_ops(struct set *of, enum config_key key, struct set to)
{
	build();
	config_preset(&config);
	config.plan = PLAN_OPS;
	config.offsets = OFFSETS;
	config.batches = EACH;
	config.workloads = these(1 << WORKLOAD_save_fl);
	set_add(&config.workloads, WORKLOAD_cpuid);
	if (of) {
		*of = to;
		config.from[key] = (struct config_origin){ FROM_OPTIONS, 1 };
	}
	run_it();
	summarise_all();
}

static struct result *native(unsigned workload)
{
	for (size_t i = 0; i < run.plan.groups; i++)
		if (groups[i].workload == workload && groups[i].layout == LAYOUT_dense)
			return &results[groups[i].first];
	return NULL;
}

/* Every sentence and number of it. */
static const char *const guest[] = {
	"[.ops[] | [.workload, .exits]] == [[\"save_fl\", \"no\"], [\"restore_fl\", \"yes\"],"
		" [\"irq_disable\", \"unknown\"], [\"irq_enable\", \"no\"]]",
	"[.ops[] | .op == .workload and .need == \"none\" and .where == \"any\""
		" and (.state | length > 3) and (has(\"left_out\") | not)] | all",
	"[.ops[].hazard] == [\"safe\", \"restored\", \"restored\", \"restored\"]",
	".ops[0] | .cycles_least > 29 and .cycles_least <= .cycles_most and .cycles_most < 31",
	".ops[1] | .cycles_least > 1390 and .cycles_most < 1410",
	".exits | .hypervisor == \"KVMKVMKVM\" and .no == 2 and .yes == 1 and .unknown == 1"
		" and .[\"not-judged\"] == 0",
	".exits.summary | startswith(\"exits here (KVMKVMKVM): restore_fl; no exit: save_fl, "
		"irq_enable; of 1 it is not known\")",
	".record | .timed == 4 and .with_figure == 2",
	"[.record.figures[].workload] == [\"save_fl\", \"restore_fl\", \"cli_sti\"]",
	".record.figures[1] == {workload: \"restore_fl\", least: 18, most: 18,"
		" unit: \"core cycles\", judges: true, of: \"Haswell\","
		" source: \"Agner Fog, Instruction tables, 2021-08-17\", what: \"POPF\"}",
	".record.figures[2] | .unit == \"TSC ticks\" and .judges == false"
		" and (.what | test(\"the loop included\"))",
	".record.summary == \"no figure is on record for 2 of 4 ops on this CPU: a report of "
		"its bare metal would be the first\"",
};

static const char *const metal[] = {
	"[.ops[].exits] == [\"no\", \"no\", \"no\", \"no\"]",
	".exits.summary == \"no op exits: no hypervisor is announced\" and .exits.no == 4"
		" and (.exits | has(\"hidden\") | not)",
	".record.summary == \"no figure is on record for 2 of 4 ops on this CPU: this report "
		"is the first; results/README.md says how to hand it in\"",
};

/* POPF takes 1400 cycles, on record are 18. */
static const char *const hidden[] = {
	"[.ops[].exits] | unique == [\"unknown\"]",
	".exits | .hypervisor == \"\" and .hidden == \"restore_fl\" and .unknown == 4",
	".exits.summary == \"no hypervisor is announced, yet restore_fl takes as long as an "
		"exit: not judged\"",
	".record.summary == \"no figure is on record for 2 of 4 ops on this CPU: a report of "
		"its bare metal would be the first\"",
};

/* QEMU's kvm64, by its name, with a Haswell's numbers. */
static const char *const invented[] = {
	"[.ops[] | [.workload, .exits]] == [[\"save_fl\", \"no\"], [\"restore_fl\","
		" \"unknown\"], [\"irq_disable\", \"unknown\"], [\"irq_enable\", \"no\"]]",
	".record | .figures == [] and .with_figure == 0",
	".record.summary == \"no figure is on record for 4 of 4 ops on this CPU: this model's "
		"name, Common KVM processor, says nothing of the silicon\"",
};

static const char *const invented_hidden[] = {
	"[.ops[].exits] | unique == [\"unknown\"]",
	".exits.hidden == \"the CPU's name\"",
	".exits.summary == \"no hypervisor is announced, yet the CPU's name is an invented one: "
		"not judged\"",
};

static const char *const emulated[] = {
	"[.ops[].exits] | unique == [\"not-judged\"]",
	".exits.summary == \"exits are not judged: an emulator runs this\"",
	".record | .figures == [] and .with_figure == 0 and .timed == 4",
	".record.summary | startswith(\"nothing is compared with figures on record\")",
};

static const char *const left_out[] = {
	"[.ops[] | [.workload, .left_out, .exits]] == [[\"save_fl\", null, \"no\"],"
		" [\"restore_fl\", null, \"yes\"],"
		" [\"irq_disable\", \"vector 13 at cli\", \"not-judged\"],"
		" [\"irq_enable\", \"vector 13 at cli\", \"not-judged\"]]",
	".record.timed == 2 and .exits.unknown == 0 and .exits[\"not-judged\"] == 2",
	"[.ops[2:][] | has(\"cycles_least\")] | any | not",
};

static const char *const none[] = {
	"(has(\"ops\") or has(\"exits\") or has(\"record\")) | not",
};

/* All cells of that group: its machine has not what it takes. */
static void leave_out(unsigned workload)
{
	for (size_t i = 0; i < run.plan.cells; i++)
		if (results[i].cell.workload == workload && results[i].cell.role != ROLE_chain) {
			refuse(i);
			results[i].left_out = true;
			strcpy(results[i].why, "vector 13 at cli");
		}
}

static void set_costs(void)
{
	haswell();
	cost_is(WORKLOAD_restore_fl, 700000);
	cost_is(WORKLOAD_irq_disable, 150000);
	summarise_all();
}

/* No hypervisor, and nothing that takes as long as one would. */
static void on_metal(void)
{
	haswell();
	cost_is(WORKLOAD_irq_disable, 150000);
	summarise_all();
	env.hypervisor[0] = '\0';
}

static void test_json(void)
{
	set_costs();
	save(&run);
	ASK(guest);
	tool();
	ok(tool_says("^[0-9]* of [0-9]* numbers stated follow") && !tool_says("ops, "),
	   "the report tool: they follow");
	env.hypervisor[0] = '\0';
	save(&run);
	ASK(hidden);
	tool();
	ok(tool_says("^[0-9]* of [0-9]* numbers stated follow") && !tool_says("ops, ")
	   && !tool_says("exits: "), "the report tool: they follow");
	ok(tool_says("^no hypervisor is announced, yet restore_fl tells of one"),
	   "and it says so");
	env.cpu.model = 0x3a;
	save(&run);
	ok(jq("[.ops[].exits] | unique == [\"no\"]"), "without a figure nothing tells it");
	on_metal();
	save(&run);
	ASK(metal);
	tool();
	ok(!tool_says("ops, ") && !tool_says("exits: "), "the report tool: they follow");
	set_costs();
	strcpy(env.hypervisor, "TCGTCGTCGTCG");
	env.emulator.name = env.emulator.sign = "QEMU";
	machine.emulated = true;
	save(&run);
	ASK(emulated);
	tool();
	ok(!tool_says("ops, ") && !tool_says("exits: "), "the report tool: they follow");
	machine.emulated = false;
	set_costs();
	leave_out(WORKLOAD_irq_disable);
	leave_out(WORKLOAD_irq_enable);
	save(&run);
	ASK(left_out);
	tool();
	ok(!tool_says("ops, ") && !tool_says("exits: ") && !tool_says("record: "),
	   "the report tool: they follow");
	config.workloads = these(1 << WORKLOAD_cli_sti | 1 << WORKLOAD_imul_chain);
	plan_run();
	save(&run);
	ASK(none);
	all_are_valid();
}

static void test_invented(void)
{
	char brand[sizeof(env.brand)];

	set_costs();
	memcpy(brand, env.brand, sizeof(brand));
	strcpy(env.brand, "Common KVM processor");
	env.cpu.invented = true;
	save(&run);
	ASK(invented);
	tool();
	ok(!tool_says("ops, ") && !tool_says("exits: ") && !tool_says("record: "),
	   "the report tool: they follow");
	env.hypervisor[0] = '\0';
	save(&run);
	ASK(invented_hidden);
	tool();
	ok(!tool_says("ops, ") && !tool_says("exits: "), "the report tool: they follow");
	machine.emulated = true;
	env.emulator.name = env.emulator.sign = "QEMU";
	save(&run);
	ok(jq("(.exits | has(\"hidden\") | not) and .exits.unknown == 0"), "in an emulator not");
	machine.emulated = false;
	memcpy(env.brand, brand, sizeof(brand));
}

static void test_between(void)
{
	/* 18 and 200 are 218 cycles, twice 18 and 400 are 436. */
	static const struct { uint32_t ticks; const char *word; } costs[] = {
		{ 105, "no" }, { 120, "unknown" }, { 210, "unknown" }, { 225, "yes" },
	};

	for (unsigned i = 0; i < 4; i++) {
		char filter[100];

		haswell();
		cost_is(WORKLOAD_restore_fl, costs[i].ticks * 1000);
		summarise_all();
		save(&run);
		snprintf(filter, sizeof(filter), ".ops[1].exits == \"%s\"", costs[i].word);
		ok(jq(filter), "POPF in %u ticks: %s", costs[i].ticks, costs[i].word);
		tool();
		ok(!tool_says("ops, "), "the report tool: it follows");
	}
}

static void test_lines(void)
{
	set_costs();
	lines();
	ok(strstr(bytes, "\nparapatch op name=restore_fl hazard=restored need=none where=any "
		  "exits=yes\n"), "a line an op");
	ok(strstr(bytes, "\nparapatch ops asked=4 timed=4 left-out=0 exits-no=2 exits-yes=1 "
		  "exits-unknown=1 exits-not-judged=0 why=\"exits here (KVMKVMKVM): "),
	   "a line of all");
	ok(strstr(bytes, "\nparapatch record of=\"Haswell\" timed=4 figures=2\n"),
	   "a line of what is on record");
	leave_out(WORKLOAD_irq_disable);
	lines();
	ok(strstr(bytes, "\nparapatch op name=irq_disable hazard=restored need=none where=any "
		  "exits=not-judged left-out=\"vector 13 at cli\"\n"), "one that is left out");
}

static void test_text(void)
{
	set_costs();
	table();
	ok(narrow && strstr(bytes, "\nexits here (KVMKVMKVM): restore_fl; no exit: save_fl, "
			 "irq_enable; of 1 "),
	   "the table for people says which exit");
	ok(strstr(bytes, "\nOn record for Haswell, core cycles, ours (theirs, of what): "
			 "save_fl 30.")
	   && strstr(bytes, " (18, POPF), cli_sti 10.0 ticks (7 ticks, "), "and what is on record");
	leave_out(WORKLOAD_irq_disable);
	leave_out(WORKLOAD_irq_enable);
	table();
	ok(narrow && strstr(bytes, "\nleft out, vector 13 at cli: irq_disable, irq_enable\n")
	   && !strstr(bytes, "not timed: irq_disable"), "what is left out, by reason");
	ok(native(WORKLOAD_irq_disable)->refused, "(it is)");
	env.hypervisor[0] = '\0';
	table();
	ok(strstr(bytes, "\nno hypervisor is announced, yet restore_fl takes as long as an exit: "),
	   "a hypervisor that hides");
	on_metal();
	table();
	env.cpu.model = 0;
	lines();
	ok(strstr(bytes, " why=\"no op exits: no hypervisor is announced, and none could be "
		  "seen\"\n"), "where no figure judges, that is said too");
	env.cpu.model = 0x3c;
	table();
	ok(!strstr(bytes, "exit"), "without a hypervisor and a table of ops: nothing of exits");
}

static unsigned lines_from(const char *at)
{
	unsigned n = 0;

	for (; at && *at; at++)
		n += *at == '\n';
	return n;
}

/* From that heading to the end: a row for each three, or each two, and @rest lines. */
static bool is_last(const char *heading, unsigned rows, unsigned rest)
{
	return lines_from(strstr(bytes, heading)) == 1 + rows + rest;
}

static bool ends_with(const char *text)
{
	size_t n = strlen(text), all = strlen(bytes);

	return all >= n && !strcmp(bytes + all - n, text);
}

static void test_ops_table(void)
{
	few_ops();
	native(WORKLOAD_set_pte)->ticks.median = 123456ll * MILLION;
	table();
	ok(narrow && strstr(bytes, "\nop, TSC ticks nat ind pat ex op, TSC ticks nat ind pat ex\n"
			    "save_fl 15.0 "), "plan ops: a table of two side by side");
	ok(line_with("save_fl 15.0", " n load_esp0 10.0"),
	   "two that do not exit, one on the left, one on the right");
	ok(line_with("cpuid 70", " y set_pte 123k "), "one that does, and thousands of ticks");
	ok(line_with("read_tsc 150 ", " ? set_pte_atomic 10.0 25.0 10.0")
	   && line_with("read_tsc 150 ", sizeof(long) == 4 ? "0c n\n" : "0 n\n"),
	   "between the bounds; native is a call too where a word is half of an entry");
	ok(strstr(bytes, "left out, what it touches cannot be lent here: write_cr4\n") == bytes,
	   "what is left out has no row, and is said first");
	ok(is_last("op, TSC ticks nat ", 3, 2),
	   "rows come last, behind all that is said of them: so they stay on a screen");
	ok(!strstr(bytes, "paravirt-patch\n") && !strstr(bytes, "op call B"),
	   "it stands in place of the others");
	ok(strstr(bytes, "\nn: 48 to 48 batches each; ") && strstr(bytes, "for 6 of 6 ops"),
	   "n and the spread, once");
	ok(ends_with("\nexits here (KVMKVMKVM): cpuid; no exit: 4; not known: 1.\n"),
	   "which exit, in the last line");
	ok(strstr(bytes, "\nno figure is on record for 3 of 6 ops on this CPU: a report of"),
	   "for how many no figure is on record");
	ok(!strstr(bytes, "cli+sti"), "and nothing else");
	few_ops();
	set_add(&config.workloads, WORKLOAD_cli_sti);
	set_add(&config.conventions, CONVENTION_ccall);
	run_it();
	summarise_all();
	table();
	ok(strstr(bytes, "op call B") && strstr(bytes, "\ncli+sti ccall ")
	   && line_with("save_fl 15.0", " n load_esp0 10.0"),
	   "what is no op by itself, and named, has its row in the other table");
	few_ops();
	native(WORKLOAD_save_fl)->ticks.median = 0;
	native(WORKLOAD_load_esp0)->ticks.median = -MILLION;
	table();
	ok(strstr(bytes, " median for 4 of 4 ops, within ") && strstr(bytes, "; of 2 the\n")
	   && strstr(bytes, " median is not above 0, and has no such share.\n"),
	   "what takes nothing has no spread that could be narrow");
	run.clock.id = CLOCK_instructions;
	run.clock.step = 1;
	for (size_t i = 0; i < run.plan.cells; i++) {
		results[i].counted = true;
		results[i].instructions = 7;
	}
	table();
	ok(narrow && strstr(bytes, "\nop, instr. nat ") && line_with("save_fl 7 7 7 - ", "7"),
	   "counts");
	ok(is_last("op, instr. nat ", 3, 2), "rows come last");
	ok(ends_with("\nexits are not judged: instructions are counted.\n"), "no exits");
}

/* What is asked for need not be dense, warm, native and ccall. */
static void test_elsewhere(void)
{
	two_ops(&config.layouts, CONFIG_layouts, these(1 << LAYOUT_line));
	lines();
	ok(strstr(bytes, "\nparapatch op name=cpuid ")
	   && strstr(bytes, " asked=2 timed=2 left-out=0 exits-no=2 "),
	   "layout line alone: lines of its ops");
	table();
	ok(line_with("save_fl 15.", "cpuid 10.") && strstr(bytes, "The numbers of 2 ops are of "
		  "layout line, state warm and backend native: "), "and a table of them");
	save(&run);
	tool();
	ok(tool_says("^[0-9]* of [0-9]* numbers stated follow") && !tool_says("ops, ")
	   && !tool_says("record: "), "the report tool: they follow");
	two_ops(&config.backends, CONFIG_backends, these(1 << BACKEND_trace));
	table();
	ok(line_with("save_fl 15.", "cpuid 10.") && strstr(bytes, "warm and backend trace: "),
	   "a backend alone");
	two_ops(&config.states, CONFIG_states, these(1 << STATE_cold_branch));
	config.layouts = these(1 << LAYOUT_dense);
	lines();
	ok(strstr(bytes, " asked=2 timed=2 left-out=0 exits-no=0 exits-yes=0 exits-unknown=0 "
		  "exits-not-judged=2 "), "cold: no cost tells of an exit");
	save(&run);
	tool();
	ok(!tool_says("ops, ") && !tool_says("exits: "), "the report tool: they follow");
	two_ops(&config.conventions, CONFIG_conventions, these(1 << CONVENTION_seed));
	lines();
	ok(strstr(bytes, " asked=2 timed=2 left-out=0 "), "no native cell: timed all the same");
	save(&run);
	tool();
	ok(!tool_says("ops, ") && !tool_says("record: "), "the report tool: they follow");
	table();
	ok(line_with("save_fl - 37.5", " cpuid - 25.0"), "a row that has no native number");
	for (size_t i = 0; i < run.plan.cells; i++)
		results[i].ticks.n = 0;
	table();
	ok(narrow && strstr(bytes, "\nNo table of ops: of 2 that were asked for none has a "
			    "number.\n"), "no number at all: that is said");
}

/* One of two has no batch that counts. */
static void test_unmeasured(void)
{
	two_ops(NULL, 0, these(0));
	for (size_t i = 0; i < run.plan.groups; i++) {
		struct group *g = &groups[i];

		if (g->workload != WORKLOAD_cpuid)
			continue;
		memset(g->taken, 0, sizeof(g->taken));
		g->quality.dropped[DROPPED_smi] = g->quality.tried;
		for (size_t k = g->first; k < g->first + g->count; k++)
			results[k].ticks.n = 0;
	}
	lines();
	ok(strstr(bytes, " exits=not-judged left-out=\"the machine disturbed all of 48 tries: "
		  "smi 48\"\n") && strstr(bytes, " asked=2 timed=1 left-out=1 "),
	   "an op that was not measured is counted, and says why");
	table();
	ok(strstr(bytes, "Not measured: cpuid, dense, warm: the machine disturbed all ")
	   && !strstr(bytes, "left out, the machine"), "for people by group, once");
}

static const char *lends(void *ctx, const struct table_op *op, struct work *w)
{
	(void)ctx, (void)op, (void)w;
	return NULL;
}

/* All ops there are, on a machine that has what they take. */
static void all_ops(void)
{
	build();
	machine.lend = lends;
	memset(&machine.features, 0xff, sizeof(machine.features));
	config_preset(&config);
	config.plan = PLAN_OPS;
	config.offsets = OFFSETS;
	config.batches = EACH;
	run_it();
	summarise_all();
}

/* Is each in a row, or in a line of those that need none? */
static bool all_are_there(const char *at)
{
	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		const struct workload *wl = workload_of(table_ops[i].workload);
		char column[20], name[40], why[LEFT_OUT_ROOM];

		if (op_left_out(&run, &table_ops[i], why, sizeof(why)))
			continue;
		snprintf(column, sizeof(column), "%s ", wl->column);
		snprintf(name, sizeof(name), "%s=", wl->column);
		if (strlen(wl->column) > 14 || (!strstr(at, column) && !strstr(at, name))) {
			diag("%s", wl->name);
			return false;
		}
	}
	return true;
}

/* Whatever a number's size, what stands behind it stays where it is. */
static void test_widths(void)
{
	static const struct { int64_t micro; const char *text; } sizes[] = {
		{ 0, " 0.0" }, { 9949999, " 9.9" }, { 99449999, "99.4" }, { 99500000, " 100" },
		{ 9994499999, "9994" }, { 9995000000, " 10k" }, { 994499999999, "994k" },
		{ 995000000000, "1.0M" }, { 9949999999999, "9.9M" }, { 99500000000000, "100M" },
		{ -50000, "-0.1" }, { -9949999, "-9.9" }, { -9950000, " -10" },
		{ -999000000, "-999" },
	};
	unsigned wrong = 0;

	few_ops();
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char want[40];
		const char *at;

		native(WORKLOAD_save_fl)->ticks.median = sizes[i].micro;
		sink_begin();
		report_table(&run, &env, 80, &sink.sink);
		at = strstr(bytes, "\nsave_fl   ");
		snprintf(want, sizeof(want), "\nsave_fl        %s ", sizes[i].text);
		if (at && !strncmp(at, want, strlen(want)) && at[32] == 'n' && at[33] == ' ')
			continue;
		diag("%.33s, not%s", at ? at : "none", want);
		wrong++;
	}
	ok(!wrong, "a number of any size has four columns");
}

/* A screen of 100 columns has 31 rows; three follow: where the report is, which key to
 * press, and the cursor's.  (With all ops there are, as no CPU has them; on ia32, where more
 * do natively nothing, that is a row more.  An ia32 machine's own come to 19.) */
static void test_screen(void)
{
	const char *at;

	all_ops();
	table_of(100);
	at = strstr(bytes, "\nop, TSC ticks nat ind pat ex op, TSC ticks nat ind pat ex "
		    "op, TSC ticks nat ind pat ex\n");
	ok(narrow && at && lines_from(at + 1) <= 31 - (sizeof(long) == 8 ? 3 : 2),
	   "all ops and which exit: %u rows of a screen that has 31", at ? lines_from(at + 1) : 0);
	ok(at && all_are_there(at), "each is there");
	ok(at && (sizeof(long) == 8
	   ? strstr(at, " kick=10.0/25.0/10.0. d direct call, c nat calls too; ex: exits y, ")
	   : strstr(at, " direct ") ? strstr(at, " judged\n") : NULL),
	   "a key stands behind the rows");
	ok(at && strstr(at, "\nNatively nothing, nat/ind/pat: pte_update=10.0/25.0/"),
	   "what natively does nothing has no row");
	ok(at && strstr(at, "\nNo call site: rdtscp 10.0 n, "),
	   "nor have instructions that no site has");
	machine.ring = 3;
	all_ops();
	machine.ring = 3;
	run_it();
	summarise_all();
	table_of(100);
	ok(strstr(bytes, "left out, this ring may not run it: ")
	   && strstr(bytes, " ops, see the report\n") && !strstr(bytes, ": irq_disable, "),
	   "many that are left out are counted, not named");
	machine.ring = 0;
	machine.lend = NULL;
}

int main(void)
{
	ok(close(mkstemp(path)) == 0, "a place for the report");
	test_json();
	test_invented();
	test_between();
	test_lines();
	test_text();
	test_ops_table();
	test_elsewhere();
	test_unmeasured();
	test_screen();
	test_widths();
	unlink(path);
	free(batches);
	free(scratch);
	return done();
}
