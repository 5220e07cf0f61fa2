/* SPDX-License-Identifier: GPL-2.0-only */
/* The report file: strings that are hostile, and the room that it takes at most. */
#include "made_up_report.h"

/* Every byte that can be in a string, and only ASCII comes out. */
static void test_escapes(void)
{
	unsigned wrong = 0, outside = 0;
	int fd = mkstemp(strcpy(path, "/tmp/run-report.XXXXXX"));

	build();
	for (unsigned at = 1; at < 256; at += 40) {
		char filter[200];

		for (unsigned i = 0; i < 40; i++)
			env.brand[i] = (char)(at + i < 256 ? at + i : 'x');
		env.brand[40] = '\0';
		save(NULL);
		snprintf(filter, sizeof(filter), ".context.cpu.name | explode |"
			 " . == [range(%u; %u)] + [range(%u) | 120]", at,
			 at + 40 < 256 ? at + 40 : 256,
			 at + 40 < 256 ? 0 : at + 40 - 256);
		wrong += !jq(filter) || !strict(bytes);
		for (size_t i = 0; i < sink.len; i++)
			outside += bytes[i] != '\n' && (bytes[i] < ' ' || bytes[i] > '~');
	}
	ok(!wrong, "every byte of a string comes back as that code point");
	ok(!outside, "and the file is ASCII");
	close(fd);
	unlink(path);
}

static const char hostile[] =
	"\",\"status\":\"complete\"}\\\"\n\r\t\x01\x7f\x80\xff NaN%s%n";

/* What is said wherever a string can be, none of it outside of quotes. */
static void test_hostile(void)
{
	int fd = mkstemp(strcpy(path, "/tmp/run-report.XXXXXX"));

	build();
	env.version = env.compiler = env.flags = env.tsc_source = hostile;
	env.lfence = env.cycles = env.microcode_why = env.smbios.why = hostile;
	text_format(env.brand, sizeof(env.brand), "%s", hostile);
	text_format(env.hypervisor, sizeof(env.hypervisor), "%s", hostile);
	text_format(env.cpu.vendor, sizeof(env.cpu.vendor), "%s", hostile);
	text_format(env.firmware, sizeof(env.firmware), "%s", hostile);
	text_format(env.smbios.bios_vendor, sizeof(env.smbios.bios_vendor), "%s", hostile);
	text_format(env.tsc.doubt, sizeof(env.tsc.doubt), "%s", hostile);
	findings.ops.note[0] = (struct op_note){ "cpuid", hostile, hostile };
	findings.ops.notes = 1;
	for (size_t i = 0; i < run.plan.cells; i++) {
		refuse(i);
		strcpy(results[i].why, hostile);
	}
	run.failed = hostile;
	save(&run);
	ok(strict(bytes) && jq(".status == \"failed\"")
	   && jq("[.benchmarks[].error_message, .error, .context.flags,"
		 " .context.smbios.why] | unique | length == 1"),
	   "strings that pretend to be JSON are strings");
	close(fd);
	unlink(path);
}

static void longest_quality(struct quality *q)
{
	memset(q, 0xff, sizeof(*q));
}

/* Nothing in the run can be longer. */
static void longest_run(unsigned count, bool counted_too)
{
	uint32_t each = count ? count : plan_batches(&config);

	machine = (struct platform){ .features = { UINT64_MAX },
				     .cycles = counted_too ? counter : NULL };
	environment();
	config_preset(&config);
	config.plan = PLAN_FULL;
	config.batches = each;
	plan_run();
	memset(batches, 0xff, run_batches(&config, &run.plan, &machine) * sizeof(*batches));
	for (size_t i = 0; i < run.plan.cells; i++) {
		results[i].series = (struct series){
			.reps = UINT32_MAX, .each = each, .ticks = batches,
			.cycles = counted_too ? batches : NULL,
		};
		longest_result(&results[i], false);
	}
	for (size_t i = 0; i < run.plan.groups; i++) {
		for (unsigned o = 0; o < OFFSETS_MAX; o++)
			groups[i].taken[o] = each;
		longest_quality(&groups[i].quality);
	}
	longest_quality(&run.quality);
	memset(&run.before, 0xff, offsetof(struct gaps, stopped));
	run.after = run.before;
	run.seed = UINT64_MAX;
	memset(run.was_applied, true, sizeof(run.was_applied));
	memset(run.applied, 0xff, sizeof(run.applied));
	longest_environment();
}

/* No configuration is longer, see run-config.c; nor is where it is from. */
static void longest_config(void)
{
#define NUMBER(key, preset, lowest, highest, what)	config.key = (uint32_t)(highest);
#define SET(key, list, preset, what)
#define CHOICE(key, list, preset, what)
#define NAMES(key, preset, what)	memset(config.key, 'x', CONFIG_NAMES_ROOM - 1);
#define PERCENT(key, preset, lowest, highest, what) \
	NUMBER(key, preset, lowest, highest, what)
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
	config.backends = set_below(BACKEND_COUNT);
	config.conventions = set_below(CONVENTION_COUNT);
	config.modes = set_below(MODE_COUNT);
	config.paddings = set_below(PADDING_poison);
	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		config.from[k] = (struct config_origin){ FROM_FILE, UINT32_MAX };
}

/* What a report has of its configuration is what config_print() says, all of it. */
static void test_whole_config(void)
{
	char want[3 * CONFIG_PRINTED_ROOM], filter[2 * CONFIG_PRINTED_ROOM];
	struct memory_sink m = memory_sink(want, sizeof(want) - 1);
	size_t n = 0;

	build();
	longest_config();
	config.offsets = OFFSETS;
	config_print(&config, &m.sink);
	for (size_t i = 0; i < m.len; i++) {
		if (want[i] == '\n')
			filter[n++] = '\\';
		filter[n++] = want[i] == '\n' ? 'n' : want[i];
	}
	filter[n] = '\0';
	snprintf(want, sizeof(want), ".config == \"%s\"", filter);
	save(NULL);
	ok(jq(want), "the longest configuration, %zu bytes, is in the report whole", m.len);
	ok(jq("[.config_from[] == \"\\\\parapatch.cfg line 4294967295\"] | length > 10 and all"),
	   "and whence each value is");
	configure();
}

static void test_room(void)
{
	for (unsigned i = 0; i < 4; i++) {
		unsigned count = i & 1 ? 13 : 1;

		longest_run(count, i & 2);
		sink_begin();
		report_json(&run, &config, &env, &findings, &sink.sink);
		ok(!sink.sink.failed && sink.len <= report_room(&run) && strict(bytes),
		   "all plans, %u batches%s: at most %zu bytes, of %zu", count,
		   i & 2 ? " of both clocks" : "", sink.len, report_room(&run));
		for (size_t k = 0; k < run.plan.cells; k++)
			longest_result(&results[k], true);
		sink_begin();
		report_json(&run, &config, &env, &findings, &sink.sink);
		ok(!sink.sink.failed && sink.len <= report_room(&run),
		   "and if all cells are refused: %zu bytes", sink.len);
	}
	longest_run(1, false);
	run.plan.groups = run.plan.cells = 0;
	longest_config();
	sink_begin();
	report_json(&run, &config, &env, &findings, &sink.sink);
	ok(!sink.sink.failed && sink.len <= report_room(&run),
	   "without any cell: %zu bytes of %zu", sink.len, report_room(&run));
	machine = (struct platform){ .features = { UINT64_MAX } };
}

/* What cannot take all says so, wherever it is full. */
static void test_full(void)
{
	unsigned unsaid = 0;
	size_t len;

	build();
	sink_begin();
	report_json(&run, &config, &env, &findings, &sink.sink);
	len = sink.len;
	for (size_t room = 0; room < len; room += 1 + room / 50) {
		sink = memory_sink(bytes, room);
		report_json(&run, &config, &env, &findings, &sink.sink);
		unsaid += !sink.sink.failed;
	}
	ok(!unsaid, "a full sink is a failed one, at every length");
}

int main(void)
{
	test_escapes();
	test_hostile();
	test_room();
	test_whole_config();
	test_full();
	free(batches);
	free(scratch);
	return done();
}
