/* SPDX-License-Identifier: GPL-2.0-only */
/* A report as key=value lines. */
#include "made_up_report.h"

static const char *const fields[] = {
#define TEXT(name, value)				#name,
#define COUNT(name, value, unit)			#name,
#define MICRO(name, value, decimals, has, unit, better)	#name,
#include "list/result_field.def"
#undef TEXT
#undef COUNT
#undef MICRO
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static const char *const vs_fields[] = {
	"vs_of",
#define WORD(name, value, what)			#name,
#define RATIO(name, value, has, what)		#name,
#define DIFFERENCE(name, value, has, what)	#name,
#include "list/comparison_field.def"
#undef WORD
#undef RATIO
#undef DIFFERENCE
};
#define VS_FIELDS (sizeof(vs_fields) / sizeof(vs_fields[0]))

static bool has_field(const char *line, const char *name)
{
	const char *found, *end = strchr(line, '\n');
	char key[40];

	snprintf(key, sizeof(key), " %s=", name);
	found = strstr(line, key);
	return found && found < end;
}

/* Is it a field that not every cell has?  Of halves: one site of 6 bytes, which
 * no cell has; and the clock here counts no instructions. */
static bool may_miss(const char *field)
{
	return strstr(field, "_half_") || !strcmp(field, "instructions");
}

/* A line of a cell has every field; of one that is compared, of those too. */
static unsigned missing_fields(void)
{
	unsigned missing = 0;

	for (const char *l = bytes; *l; l = strchr(l, '\n') + 1) {
		if (strncmp(l, "cell status=ok ", 15))
			continue;
		for (unsigned i = 0; i < FIELDS; i++)
			missing += has_field(l, fields[i]) == may_miss(fields[i]);
		for (unsigned i = 0; has_field(l, "verdict") && i < VS_FIELDS; i++)
			missing += !has_field(l, vs_fields[i]);
	}
	return missing;
}

static void test_lines(void)
{
	char want[200];

	build();
	lines();
	ok(!sink.sink.failed && lines_with("cell status=ok ") == 71,
	   "a line a cell");
	ok(!missing_fields(), "each with every field of result_field.def");
	ok(line_with("cell ", " group=irq_disable/native/dense/warm role=cell op=irq_disable"
		     " backend=native convention=seed mode=indirect padding=long"
		     " layout=dense state=warm outcome=kept-as-built sites=2"
		     " site_bytes=16 site_nops=3 call_at=9 reps=10 n=48"
		     " median_ticks=25.")
	   && line_with("cell ", " bytes=001122334455,66778899aabbccddeeff\n"),
	   "a line's values");
	ok(line_with("cell ", " vs_of=native verdict=slower by=ratio ratio=2.5")
	   || line_with("cell ", " vs_of=native verdict=slower by=ratio ratio=2.4"),
	   "what it is compared with");
	ok(line_with("cell ", " role=chain op=imul_chain ")
	   && line_with("cell ", " role=empty op=empty ")
	   && line_with("cell ", " role=twin op=save_fl "), "roles by name");
	ok(lines_with("group name=") == 11
	   && line_with("group ", "name=irq_disable/native/dense/warm taken=48 tried=50 "),
	   "a line a group");
	ok(lines_with("anchor name=") == ANCHOR_COUNT
	   && line_with("anchor ", "name=pushf_popf cycles=30.")
	   && line_with("anchor ", "name=cpuid_0 cycles=- published=123.227 verdict=not-measured "),
	   "a line an anchor, measured or not");
	ok(line_with("parapatch anchored=", "verified why=\"verified clock: "),
	   "and one for all of them");
	ok(line_with("parapatch applied ", "backend=native mode=inline sites=120 ")
	   && lines_with("parapatch applied ") == 1, "what was patched, by mode");
	run.results[0].ticks.n = 0;
	lines();
	ok(lines_with("cell status=ok ") == 70 && lines_with("cell status=not-timed ") == 1,
	   "a cell of which no batch counts is not ok");
	run.plan.skipped[SKIPPED_isa] = 3;
	run.plan.skipped[SKIPPED_crowded] = UINT32_MAX;
	lines();
	snprintf(want, sizeof(want), "skipped apart=%zu full=%zu once=%zu isa=3 feature=0"
		 " cold=%zu emulated=0 privileged=0 dangerous=0 crowded=4294967295\n",
		 run.plan.skipped[SKIPPED_apart], run.plan.skipped[SKIPPED_full],
		 run.plan.skipped[SKIPPED_once], run.plan.skipped[SKIPPED_cold]);
	ok(line_with("parapatch ", want) && lines_with("parapatch skipped ") == 1
	   && run.plan.skipped[SKIPPED_apart], "what was left out, by reason");
	ok(line_with("parapatch batches ", "seed=77 pass_ticks=4000 tsc_step_ticks=2"
		     " tried=550 dropped_smi=0 "), "what became of the batches");
}

static void test_lines_parts(void)
{
	const char *l;

	build();
	refuse(1);
	lines();
	l = line_with("cell status=refused ", " why=\"body of one copy");
	ok(l && !has_field(l, "median_ticks") && !has_field(l, "verdict"),
	   "a refused cell says why and has no times");
	results[1].left_out = results[1].faulted = true;
	results[1].fault = (struct fault){ 6, 0, 0xfff1 };
	lines();
	ok(line_with("cell status=left-out ", " fault_vector=6 fault_error=0x0 "
		     "fault_address=0xfff1 why=\"body of one copy"),
	   "one that is left out says so, and which exception it was");
	build();
	empty_group(0);
	lines();
	l = line_with("cell ", " group=irq_disable/native/dense/warm ");
	ok(l && !has_field(l, "median_ticks") && !has_field(l, "mad_ticks")
	   && line_with("cell ", " n=0 bytes="), "nothing counted, no times");
	ok(!line_with("cell status=ok group=irq_disable/native/dense/warm ", " verdict="),
	   "and no verdict");
	ok(line_with("group name=irq_disable/native/dense/warm taken=0 ",
		     " not_measured=\"nothing of it was timed\"\n")
	   && !line_with("group name=save_fl", " not_measured="), "and the group's line says why");
	drop_all(0);
	lines();
	ok(line_with("group name=irq_disable/native/dense/warm taken=0 ",
		     " gap_bound_ticks=26000 gap_own=0 not_measured=\"the machine disturbed"
		     " all of 26 tries: smi 3 gap 23\"\n"), "what it was");
	build();
	for (size_t i = 0; i < run.plan.cells; i++)
		longest_result(&results[i], i % 2);
	lines();
	ok(!sink.sink.failed && lines_with("cell ") == 71,
	   "numbers of 20 digits fit a line's sink");
}

int main(void)
{
	test_lines();
	test_lines_parts();
	free(batches);
	free(scratch);
	return done();
}
