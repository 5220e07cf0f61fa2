/* SPDX-License-Identifier: GPL-2.0-only */
/* The three faces of a report, of a run that is made up: the JSON file as jq
 * reads it, the lines, the table. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "report.h"
#include "workload.h"

/* run.h has a plan() too. */
#define plan tap_plan
#include "tap.h"
#undef plan

/* run.c is linked for run_find(); nothing here runs. */
const struct workload_code workload_code[CONVENTION_COUNT][WORKLOAD_COUNT];

enum { ROUNDS = 2, BATCHES = 3, EACH = ROUNDS * BATCHES };

static struct config config;
static struct environment env;
static struct result results[WORKLOAD_COUNT * 5];
static struct batch batches[WORKLOAD_COUNT * 5 * EACH];
static int64_t scratch[WORKLOAD_COUNT * 5 + EACH];
static struct run run;

static char bytes[1 << 20];
static struct memory_sink sink;

static void environment(void)
{
	env = (struct environment){
		.version = "1-g\"quoted\"", .arch = "x86_64",
		.compiler = "gcc 12", .flags = "-O2 -I\\dir",
		.cpu = { "GenuineIntel", 6, 0x3a, 9 },
		.brand = "A \"CPU\" \\ with\ttab\x01\x7f and \xe9",
		.hypervisor = "KVMKVMKVM", .invariant_tsc = true,
		.firmware = "EDK II", .date = "2026-11-23T20:00:00Z",
		.tsc_hz = 2000000000, .tsc_source = "CPUID leaf 15h",
		.text_addr = 0xfffffffff0000000, .text_len = 4096,
		.ops = { .checked = 31, .failed = 0, .not_run = 20, .trapping = 14 },
	};
}

/* Cell i's op took 1000 * (i + 1) thousandths of a tick. */
static void result(size_t i)
{
	struct result *r = &results[i];
	struct batch *b = batches + i * EACH;

	for (uint32_t k = 0; k < EACH; k++)
		b[k] = (struct batch){ 100, 100 + 24 * 2 * (uint32_t)(i + 1) };
	r->series = (struct series){ 2, EACH, b };
	r->summary = summarise(&r->series, scratch);
	if (!conventions[r->cell.convention].sites)
		return;
	r->sites = 2;
	r->site_len[0] = 6;
	r->site_len[1] = 10;
	r->site_bytes = 16;
	r->site_nops = 3;
	for (unsigned k = 0; k < 16; k++)
		r->bytes[k] = (uint8_t)(k * 16 + k);
}

static void refuse(size_t i)
{
	results[i].refused = true;
	strcpy(results[i].why, "body of one copy: IF is \"1\"");
	results[i].series = (struct series){ 0, 0, NULL };
	results[i].summary = (struct summary){ 0 };
}

static void build(void)
{
	static struct cell cells[WORKLOAD_COUNT * 5];
	unsigned t = 0;

	environment();
	config_preset(&config);
	config.rounds = ROUNDS;
	config.batches = BATCHES;
	memset(results, 0, sizeof(results));
	while (strcmp(nop_tables[t]->name, "nopl"))
		t++;
	run = (struct run){
		.config = &config, .nops = nop_tables[t], .results = results,
		.batches = batches, .scratch = scratch,
		.cells = plan(&config, cells),
	};
	for (size_t i = 0; i < run.cells; i++) {
		results[i].cell = cells[i];
		result(i);
	}
	run.was_applied[MODE_inline] = true;
	run.applied[MODE_inline] = (struct text_counts){
		.sites = 1898, .nops = 2000, .max_nops = 3,
		.outcome = { [PATCHED_INLINE] = 1890, [KEPT_NO_FORM] = 8 },
	};
}

static void sink_begin(void)
{
	memset(bytes, 0, sizeof(bytes));
	sink = memory_sink(bytes, sizeof(bytes) - 1);
}

/* JSON, through jq. */

static char path[] = "/tmp/run-report.XXXXXX";

static void save(const struct run *r)
{
	FILE *f = fopen(path, "w");

	sink_begin();
	report_json(r, &config, &env, &sink.sink);
	if (f) {
		fwrite(bytes, 1, sink.len, f);
		fclose(f);
	}
}

static bool jq(const char *filter)
{
	char command[1000];

	snprintf(command, sizeof(command), "jq -e '%s' %s >/dev/null 2>&1",
		 filter, path);
	return system(command) == 0;
}

/* Of the complete report. */
static const char *const complete[] = {
	".schema == \"parapatch-report/1\"",
	".status == \"complete\"",
	".benchmarks | length == 40",
	".context.date == \"2026-11-23T20:00:00Z\"",
	".context.parapatch_version == \"1-g\\\"quoted\\\"\"",
	".context.flags == \"-O2 -I\\\\dir\"",
	".context.cpu.name == \"A \\\"CPU\\\" \\\\ with\\ttab\\u0001\\u007f and \\u00e9\"",
	".context.cpu.vendor == \"GenuineIntel\" and .context.cpu.family == 6"
		" and .context.cpu.model == 58 and .context.cpu.stepping == 9",
	".context.cpu.tsc_hz == 2000000000 and .context.mhz_per_cpu == 2000",
	".context.cpu.invariant_tsc == true",
	".context.cpu.hypervisor == \"KVMKVMKVM\"",
	".context.ops_check == {checked: 31, failed: 0, not_run: 20, trapping: 14}",
	".config | startswith(\"rounds = 2\\nbatches = 3\\n\")",
	".applied | keys == [\"inline\"]",
	".applied.inline | .sites == 1898 and .inline == 1890"
		" and .[\"kept-no-form\"] == 8 and .[\"direct-call\"] == 0"
		" and .nops == 2000 and .most_nops_in_a_site == 3",
	".nop_table == \"nopl\"",
	"[.benchmarks[].name] | unique | length == 40",
	".benchmarks[0].name == \"irq_disable/native/native/native\"",
	".benchmarks[0] | .median_ticks == 1 and .real_time == 0.5"
		" and .cpu_time == 0.5 and .time_unit == \"ns\" and .iterations == 288",
	".benchmarks[39] | .median_ticks == 40 and .real_time == 20",
	".benchmarks[0].site == []",
	".benchmarks[1].site == [\"00 11 22 33 44 55\","
		" \"66 77 88 99 aa bb cc dd ee ff\"]",
	".benchmarks[1] | .sites == 2 and .site_bytes == 16 and .site_nops == 3",
	".benchmarks[1].ticks_n == [100,100,100,100,100,100]",
	".benchmarks[1].ticks_2n == [196,196,196,196,196,196]",
	"[.benchmarks[] | (.ticks_2n[0] - .ticks_n[0]) / (.copies_n * .reps)"
		" == .median_ticks] | all",
	"[.benchmarks[] | has(\"error_occurred\") | not] | all",
	/* Every number that a benchmark has is explained. */
	". as $r | [.benchmarks[0] | to_entries[] | select(.value | type == \"number\")"
		" | .key] - [\"repetitions\", \"repetition_index\", \"threads\","
		" \"iterations\", \"cpu_time\", \"copies_n\"]"
		" | all(in($r.fields))",
};

static const char *const running[] = {
	".status == \"running\"",
	".benchmarks == []",
	".schema == \"parapatch-report/1\"",
	".context.arch == \"x86_64\"",
	"has(\"applied\") | not",
	".config | length > 0",
};

static const char *const refused[] = {
	".status == \"check-failed\"",
	".benchmarks[1] | .error_occurred == true"
		" and .error_message == \"body of one copy: IF is \\\"1\\\"\"",
	".benchmarks[1] | .ticks_n == [] and .ticks_2n == [] and (has(\"iterations\") or has(\"median_ticks\") | not)",
	"[.benchmarks[] | select(.error_occurred)] | length == 1",
};

static const char *const no_rate[] = {
	"[.benchmarks[] | has(\"real_time\") or has(\"time_unit\")] | any | not",
	".benchmarks[0].median_ticks == 1",
};

static const char *const nothing[] = {
	".status == \"complete\" and .benchmarks == []",
	".applied == {}",
};

static void ask(const char *what, const char *const *filter, size_t n)
{
	ok(!sink.sink.failed && jq("."), "%s: is JSON", what);
	for (size_t i = 0; i < n; i++)
		ok(jq(filter[i]), "%s: %s", what, filter[i]);
}
#define ASK(list)	ask(#list, list, sizeof(list) / sizeof(list[0]))

static void test_json(void)
{
	int fd = mkstemp(path);

	build();
	save(&run);
	ASK(complete);
	save(NULL);
	ASK(running);
	refuse(1);
	save(&run);
	ASK(refused);
	build();
	env.tsc_hz = 0;
	save(&run);
	ASK(no_rate);
	build();
	run.cells = 0;
	run.was_applied[MODE_inline] = false;
	save(&run);
	ASK(nothing);
	close(fd);
	unlink(path);
}

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
		wrong += !jq(filter);
		for (size_t i = 0; i < sink.len; i++)
			outside += bytes[i] != '\n' && (bytes[i] < ' ' || bytes[i] > '~');
	}
	ok(!wrong, "every byte of a string comes back as that code point");
	ok(!outside, "and the file is ASCII");
	close(fd);
	unlink(path);
}

/* What cannot take all says so, wherever it is full. */
static void test_full(void)
{
	unsigned unsaid = 0;
	size_t len;

	build();
	sink_begin();
	report_json(&run, &config, &env, &sink.sink);
	len = sink.len;
	for (size_t room = 0; room < len; room += 1 + room / 50) {
		sink = memory_sink(bytes, room);
		report_json(&run, &config, &env, &sink.sink);
		unsaid += !sink.sink.failed;
	}
	ok(!unsaid, "a full sink is a failed one, at every length");
}

/* Lines. */

static const char *const fields[] = {
#define TEXT(name, value)			#name,
#define COUNT(name, value, unit)		#name,
#define MILLI(name, value, unit, better)	#name,
#include "record.def"
#undef TEXT
#undef COUNT
#undef MILLI
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static bool has_field(const char *line, const char *end, const char *name)
{
	char want[40];
	const char *found;

	snprintf(want, sizeof(want), " %s=", name);
	found = strstr(line, want);
	return found && found < end;
}

/* The line that begins with @start and has @word; NULL if there is none. */
static const char *line_with(const char *start, const char *word)
{
	for (const char *l = bytes; *l; l = strchr(l, '\n') + 1) {
		const char *end = strchr(l, '\n'), *at = strstr(l, word);

		if (!strncmp(l, start, strlen(start)) && at && at < end)
			return l;
	}
	return NULL;
}

static void test_lines(void)
{
	unsigned lines = 0, missing = 0;
	const char *l;

	build();
	sink_begin();
	report_lines(&run, &env, &sink.sink);
	for (l = bytes; *l; l = strchr(l, '\n') + 1) {
		if (strncmp(l, "cell status=ok ", 15))
			continue;
		lines++;
		for (unsigned i = 0; i < FIELDS; i++)
			missing += !has_field(l, strchr(l, '\n'), fields[i]);
	}
	ok(lines == 40 && !missing && !sink.sink.failed,
	   "%u lines, each with every field of record.def", lines);
	ok(line_with("cell ", " op=irq_disable backend=native convention=seed "
		     "mode=indirect sites=2 site_bytes=16 site_nops=3 reps=2 n=6 "
		     "median_ticks=2.000 min_ticks=2.000")
	   && line_with("cell ", " bytes=001122334455,66778899aabbccddeeff\n"),
	   "a line's values");
	refuse(1);
	sink_begin();
	report_lines(&run, &env, &sink.sink);
	l = line_with("cell status=refused ", " why=\"body of one copy");
	ok(l && !has_field(l, strchr(l, '\n'), "median_ticks"),
	   "a refused cell says why and has no times");
}

/* The table. */

static bool fits_80(void)
{
	unsigned column = 0;

	for (const char *p = bytes; *p; p++) {
		column = *p == '\n' ? 0 : column + 1;
		if (column > 80) {
			while (p > bytes && p[-1] != '\n')
				p--;
			diag("%.*s", (int)strcspn(p, "\n"), p);
			return false;
		}
	}
	return !sink.sink.failed;
}

/* How wide a column is does not matter to most of what is asked. */
static void squeeze(char *to, const char *from)
{
	for (; *from; from++)
		if (*from != ' ' || (from[1] != ' ' && from[1] != '\n'))
			*to++ = *from;
	*to = '\0';
}

static bool narrow;

static void table(void)
{
	sink_begin();
	report_table(&run, &env, &sink.sink);
	narrow = fits_80();
	squeeze(bytes, bytes);
}

/* A rounded median of any size: six digits and more. */
static void scale(int64_t factor)
{
	for (size_t i = 0; i < run.cells; i++)
		results[i].summary.median *= factor;
}

static unsigned count_of(const char *word)
{
	unsigned n = 0;

	for (const char *p = bytes; (p = strstr(p, word)); p++)
		n++;
	return n;
}

static void test_table(void)
{
	build();
	table();
	ok(narrow, "at most 80 columns");
	ok(count_of("\nirq_disable ") == 2 && count_of(" seed ") == WORKLOAD_COUNT
	   && count_of(" ccall ") == WORKLOAD_COUNT, "a row for each op and convention");
	ok(strstr(bytes, "\nirq_disable seed 16 1.0 0.5 2.0 1.0 [+100%]"
		  " 3.0 1.5 [+200%]\n"), "a row's values");
	ok(strstr(bytes, "1890 inline") && strstr(bytes, "8 kept-no-form")
	   && strstr(bytes, "of 1898 sites; nopl NOPs"), "the counts of sites");
	ok(strstr(bytes, "median of 6 batches")
	   && strstr(bytes, "hypervisor or emulator"), "what to know of the numbers");
	scale(100);
	table();
	ok(narrow, "thousands of ticks: at most 80 columns");
	build();
	scale(-1);
	table();
	ok(!strstr(bytes, "%]\n"), "negative medians have no ratio");
	build();
	env.tsc_hz = 0;
	env.hypervisor[0] = '\0';
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 1.0 - 2.0 - [+100%] 3.0 - [")
	   && !strstr(bytes, "hypervisor"), "no ns where the rate is not known");
}

/* What the plan does not have is a dash, never another cell's number. */
static void test_table_parts(void)
{
	build();
	refuse(1);
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 1.0 0.5 - - [-] 3.0 1.5 [+200%]\n"),
	   "a refused cell is a dash");
	ok(strstr(bytes, "not timed: irq_disable, seed, indirect: body of one copy"),
	   "and is said");
	build();
	results[0].cell.mode = MODE_native;
	run.cells = 1;
	table();
	ok(strstr(bytes, "\nirq_disable - 0 1.0 0.5 - - [-] - - [-]\n"),
	   "native alone has a row");
	run.cells = 0;
	table();
	ok(strstr(bytes, "\nop call B ticks ns ticks ns ticks ns\nparavirt-patch:"),
	   "no cells, no rows");
}

int main(void)
{
	test_json();
	test_escapes();
	test_full();
	test_lines();
	test_table();
	test_table_parts();
	return done();
}
