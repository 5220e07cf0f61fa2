/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run whose counts are made up and summarised by core, its report in any of its faces,
 * and questions about that: to jq, to the report tool, or to the text.
 */
#ifndef MADE_UP_REPORT_H
#define MADE_UP_REPORT_H

#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "backend/backends.h"
#include "lib/line_wrap.h"
#include "report/report.h"
#include "run/summary.h"
#include "workload/code_table.h"

/* run.h has a plan() too. */
#define plan tap_plan
#include "sets.h"
#include "tap.h"
#undef plan

/* core/workload/code_table.c's table is the image's; nothing here runs. */
const struct workload_code workload_code[CONVENTION_COUNT][WORKLOAD_COUNT];

enum { OFFSETS = 8, EACH = 6, REPS = 10, CELLS_MAX = 1600, GROUPS_MAX = 240 };

/* More backends, conventions, modes and paddings than the preset; no native; and
 * nothing that the seed had. */
static bool many, orphan, bare;

static struct config config;
static struct platform machine;
static struct environment env;
static struct findings findings;
static struct run run;
static struct group groups[GROUPS_MAX];
static struct result results[CELLS_MAX];
static struct batch *batches;
static int64_t *scratch;

static char bytes[1 << 25];
static struct memory_sink sink;

static uint64_t seed = 0x9e3779b97f4a7c15;

static inline uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

static inline void environment(void)
{
	env = (struct environment){
		.version = "1-g\"quoted\"", .arch = "x86_64",
		.compiler = "gcc 12", .flags = "-O2 -I\\dir",
		.cpu = { "GenuineIntel", 6, 0x97, 2 },
		.brand = "A \"CPU\" \\ with\ttab\x01\x7f and \xe9",
		.firmware = "EDK II", .date = "2026-11-23T20:00:00",
		.tsc_hz = 2000000000, .tsc_source = "CPUID leaf 15h",
		.text_addr = 0x7ffffff0000000, .text_len = 4096,
		.ops_addr = 0x7ffffff0002000,
		.invariant_tsc = true,
		.control = { .apic = "xapic", .pge = true },
	};
	findings = (struct findings){
		.ops = { .checked = 31, .failed = 0, .not_run = 20, .trapping = 14 },
	};
}

static inline uint64_t counter(void)
{
	return 0;
}

/* Thousandths of a tick that one copy takes, filler included. */
static inline uint32_t cost(const struct cell *c, const struct group *g, unsigned twin)
{
	static const uint32_t filler[LAYOUT_COUNT] = {
		[LAYOUT_line] = 8000, [LAYOUT_work] = 16000,
	};
	uint32_t op = 10000 + 5000 * (g->workload == WORKLOAD_save_fl);

	if (c->workload == WORKLOAD_imul_chain)
		return 1500;			/* two ticks are four cycles */
	if (c->workload == WORKLOAD_lfence)
		op = 5976;			/* as published: 11.951 cycles */
	if (c->workload == WORKLOAD_pushf_popf)
		op = 15220;			/* 30.441 */
	if (c->role == ROLE_empty)
		op = 0;
	if (c->role == ROLE_twin)
		op += op * twin / 1000;
	if (c->mode == MODE_indirect)
		op = 5 * op / 2;
	if (c->mode == MODE_retpoline)
		op *= 3;
	return op + filler[g->layout];
}

/* What copies take in one timing, give or take a thousandth. */
static inline uint32_t timed(unsigned copies, uint32_t milli)
{
	uint32_t t = copies * REPS * (milli / 8) / 125;

	return 120 + t + t * rnd(21) / 10000;
}

static inline void fill(struct batch *b, uint32_t milli)
{
	for (unsigned i = 0; i < OFFSETS * EACH; i++)
		b[i] = (struct batch){ timed(WORKLOAD_N, milli),
				       timed(2 * WORKLOAD_N, milli) };
}

static inline void measured(struct result *r, const struct group *g, size_t i,
		     unsigned twin)
{
	size_t each = OFFSETS * EACH * (machine.cycles ? 2 : 1);
	struct batch *at = batches + i * each;

	r->series = (struct series){ .reps = REPS, .each = EACH, .ticks = at, .cycles = NULL };
	fill(at, cost(&r->cell, g, twin));
	for (unsigned o = 0; o < OFFSETS; o++)
		r->address[o] = 0x7fffff000000000 + i * 4096 + o * 8;
	if (machine.cycles) {
		fill(at + OFFSETS * EACH, 2 * cost(&r->cell, g, twin));
		r->series.cycles = at + OFFSETS * EACH;
	}
	if (!conventions[r->cell.convention].sites)
		return;
	r->sites = r->shown = 2;
	r->site_len[0] = r->cell.convention == CONVENTION_wide32 ? 48 : 6;
	r->site_len[1] = r->cell.convention == CONVENTION_wide32 ? 48 : 10;
	r->site_bytes = r->site_len[0] + r->site_len[1];
	r->site_nops = 3;
	r->call_at = 5 + 4 * r->cell.convention;
	r->counts.sites = 2;
	r->counts.outcome[r->cell.mode == MODE_indirect ? KEPT_AS_BUILT
			  : PATCHED_INLINE] = 2;
	if (r->cell.mode == MODE_nop || r->cell.mode == MODE_key_jmp) {
		r->counts.outcome[PATCHED_INLINE] = r->cell.mode == MODE_nop;
		r->counts.outcome[KEPT_TOO_SMALL] = 1 + (r->cell.mode == MODE_key_jmp);
	}
	for (unsigned k = 0; k < 16; k++)
		r->bytes[k] = (uint8_t)(k * 16 + k);
}

static inline void summarise_all(void)
{
	const struct summary_rules rules = summary_rules_of(&run);

	for (size_t i = 0; i < run.plan.groups; i++)
		summarise(&groups[i], results, &rules);
}

/* Named workloads in all layouts, and some states. */
static inline void configure(void)
{
	config_preset(&config);
	config.offsets = OFFSETS;
	config.from[CONFIG_offsets] = (struct config_origin){ FROM_FILE, 3 };
	config.batches = EACH;
	config.from[CONFIG_batches] = (struct config_origin){ FROM_OPTIONS, 2 };
	config.workloads = these(1 << WORKLOAD_irq_disable | 1 << WORKLOAD_save_fl
		| 1 << WORKLOAD_imul_chain | 1 << WORKLOAD_lfence
		| 1 << WORKLOAD_pushf_popf);
	config.states = these(1 << STATE_warm | 1 << STATE_cold_branch);
	if (many) {
		config.workloads.bits[0] |= 1 << WORKLOAD_irq_save_restore;
		config.backends.bits[0] |= 1 << BACKEND_xen;
		config.conventions.bits[0] |= 1 << CONVENTION_callee | 1 << CONVENTION_wide32;
		config.modes.bits[0] |= 1 << MODE_retpoline | 1 << MODE_nop | 1 << MODE_key_jmp;
		config.paddings.bits[0] |= 1 << PADDING_prefix;
	}
	if (bare)
		config.modes = these(1 << MODE_retpoline);
	if (orphan)
		config.conventions.bits[0] &= ~(1u << CONVENTION_native);
}

static inline const struct nop_table *nopl(void)
{
	unsigned t = 0;

	while (strcmp(nop_tables[t]->name, "nopl"))
		t++;
	return nop_tables[t];
}

static inline void plan_run(void)
{
	memset(results, 0, sizeof(results));
	memset(groups, 0, sizeof(groups));
	run = (struct run){
		.config = &config, .machine = &machine, .nops = nopl(),
		.group = groups, .results = results, .seed = 77,
		.chain_cycles = 3, .pass_ticks = 4000,
		.before = { .step = 2 },
		.quality = { .largest_gap = 12345, .longest_window = 31000000 },
	};
	run.plan = plan(&config, &machine, groups, results);
	free(batches);
	free(scratch);
	batches = malloc(run_batches(&config, &run.plan, &machine) * sizeof(*batches));
	scratch = malloc(run_scratch(&config, &run.plan, &machine) * sizeof(*scratch));
	run.batches = batches;
	run.scratch = scratch;
}

/* A finished run; the twins are that many thousandths off. */
static inline void build_with(unsigned twin)
{
	environment();
	configure();
	plan_run();
	for (size_t i = 0; i < run.plan.groups; i++) {
		struct group *g = &groups[i];

		for (unsigned o = 0; o < OFFSETS; o++)
			g->taken[o] = EACH;
		g->quality = (struct quality){
			.tried = OFFSETS * EACH + 2, .dropped = { [DROPPED_gap] = 2 },
			.windows = 3, .overran = !i,
		};
		run.quality.tried += g->quality.tried;
		run.quality.dropped[DROPPED_gap] += 2;
		run.quality.windows += 3;
		run.quality.overran += !i;
		for (size_t k = g->first; k < g->first + g->count; k++)
			measured(&results[k], g, k, twin);
	}
	summarise_all();
	run.was_applied[BACKEND_native][MODE_inline] = true;
	run.applied[BACKEND_native][MODE_inline] = (struct text_counts){
		.sites = 120, .nops = 200, .max_nops = 3,
		.outcome = { [PATCHED_INLINE] = 112, [KEPT_NO_FORM] = 8 },
	};
}

static inline void build(void)
{
	machine = (struct platform){ .features = { UINT64_MAX } };
	build_with(0);
}

static inline void refuse(size_t i)
{
	results[i].refused = true;
	strcpy(results[i].why, "body of one copy: IF is \"1\"");
	results[i].site_bytes = results[i].sites = results[i].shown = 0;
	results[i].has_vs = false;
}

/* No batch of that group counted. */
static inline void empty_group(size_t i)
{
	memset(groups[i].taken, 0, sizeof(groups[i].taken));
	groups[i].quality = (struct quality){ .tried = 0 };
	for (size_t k = groups[i].first; k < groups[i].first + groups[i].count; k++)
		results[k].has_vs = results[k].has_cycles = false;
	summarise_all();
}

/* So it came: of 26 tries all were dropped, so many for what varies by itself. */
static inline void drop_all(uint32_t own)
{
	groups[0].quality = (struct quality){
		.tried = 26, .dropped = { [DROPPED_smi] = 3, [DROPPED_gap] = 23 },
		.gap_bound = 26000, .gap_own = own,
	};
}

static inline void sink_begin(void)
{
	memset(bytes, 0, sink.len + 1);
	sink = memory_sink(bytes, sizeof(bytes) - 1);
}

/* JSON, by the letter of RFC 8259: jq takes NaN and more. */

static inline const char *after_number(const char *p)
{
	p += *p == '-';
	if (*p == '0')
		p++;
	else if (*p >= '1' && *p <= '9')
		p += strspn(p, "0123456789");
	else
		return NULL;
	if (*p == '.') {
		if (!strspn(p + 1, "0123456789"))
			return NULL;
		p += 1 + strspn(p + 1, "0123456789");
	}
	return p;
}

static inline const char *after_string(const char *p)
{
	for (p++; *p != '"'; p++) {
		if (*p < ' ' || *p > '~')
			return NULL;
		if (*p == '\\' && !strchr("\"\\u", *++p))
			return NULL;
	}
	return p + 1;
}

/* Outside of strings: brackets, numbers, true and false; and nothing else. */
static inline bool strict(const char *p)
{
	while (p && *p) {
		if (strchr("{}[],: \n", *p))
			p++;
		else if (*p == '"')
			p = after_string(p);
		else if (!strncmp(p, "true", 4) || !strncmp(p, "false", 5))
			p += *p == 't' ? 4 : 5;
		else
			p = after_number(p);
	}
	return p != NULL;
}

static char path[] = "/tmp/run-report.XXXXXX";

static inline void save(const struct run *r)
{
	FILE *f = fopen(path, "w");

	sink_begin();
	report_json(r, &config, &env, &findings, &sink.sink);
	if (f) {
		fwrite(bytes, 1, sink.len, f);
		fclose(f);
	}
}

/* As jq -e has it, of each filter: its last value is neither false nor null, and it does
 * not fail.  All by one jq, for it is the starting that takes time. */
static inline void jq_all(const char *const *filter, size_t n, bool *good)
{
	char name[sizeof(path) + 4], command[200], word[8];
	FILE *f;

	snprintf(name, sizeof(name), "%s.jq", path);
	memset(good, 0, n * sizeof(*good));
	f = fopen(name, "w");
	for (size_t i = 0; f && i < n; i++)
		fprintf(f, "%s(try [%s] catch [false] | last | . != null and . != false)\n",
			i ? ", " : "", filter[i]);
	if (!f || fclose(f))
		return;
	snprintf(command, sizeof(command), "jq -f %s %s 2>&1", name, path);
	f = popen(command, "r");
	for (size_t i = 0; f && i < n && fscanf(f, "%7s", word) == 1; i++)
		good[i] = !strcmp(word, "true");
	if (f && pclose(f))
		memset(good, 0, n * sizeof(*good));
	unlink(name);
}

static inline bool jq(const char *filter)
{
	bool good;

	jq_all(&filter, 1, &good);
	return good;
}

/* What was asked about, for all_are_valid(). */
static char kept[] = "/tmp/run-reports.XXXXXX";
static bool keeps;

static inline void keep(const char *what)
{
	char name[sizeof(kept) + 100];
	FILE *f;

	keeps = keeps || mkdtemp(kept);
	snprintf(name, sizeof(name), "%s/%s.json", kept, what);
	f = fopen(name, "w");
	if (f) {
		fwrite(bytes, 1, sink.len, f);
		fclose(f);
	}
}

/* Is each as its JSON Schema says?  By one validator, which takes a while to start. */
static inline void all_are_valid(void)
{
	char command[200];

	snprintf(command, sizeof(command), "host/report/valid.py %s/*.json 2>&1 | sed 's/^/# /'"
		 " | grep .", kept);
	ok(keeps && system(command), "all of them are as their schema says");
	snprintf(command, sizeof(command), "rm -r %s", kept);
	ok(!keeps || !system(command), "and put away");
}

static inline void ask(const char *what, const char *const *filter, size_t n)
{
	bool good[100];

	keep(what);
	jq_all(filter, n, good);
	ok(!sink.sink.failed && jq(".") && strict(bytes), "%s: is JSON", what);
	ok(sink.len < report_room(&run), "%s: in the room for it", what);
	for (size_t i = 0; i < n; i++)
		ok(good[i], "%s: %s", what, filter[i]);
}
#define ASK(list)	do {						\
	_Static_assert(sizeof(list) / sizeof(list[0]) <= 100, "room for answers"); \
	ask(#list, list, sizeof(list) / sizeof(list[0]));		\
} while (0)

/* What the report tool says of the file. */
static char tool_words[1 << 20];

static inline void tool(void)
{
	char command[200];
	size_t n = 0;
	FILE *f;

	snprintf(command, sizeof(command), "out/test/report %s 2>&1", path);
	f = popen(command, "r");
	if (f) {
		n = fread(tool_words, 1, sizeof(tool_words) - 1, f);
		pclose(f);
	}
	tool_words[n] = '\0';
}

/* Is there such a line?  @words: as grep has them. */
static inline bool tool_says(const char *words)
{
	regex_t r;
	bool found;

	if (regcomp(&r, words, REG_NEWLINE))
		return false;
	found = !regexec(&r, tool_words, 0, NULL, 0);
	regfree(&r);
	return found;
}

/* Everything that a machine may say, as long as it can be: printable() lets a
 * backslash through, which takes two bytes. */
static inline void longest_environment(void)
{
	static char flags[1500], line[180];
	char *const strings[] = {
		env.brand, env.firmware, env.firmware_vendor,
		env.smbios.bios_vendor, env.smbios.bios_version,
		env.smbios.system_maker, env.smbios.system_product,
		env.smbios.board_maker, env.smbios.board_product,
		env.smbios.board_version,
	};

	memset(flags, 'f', sizeof(flags) - 1);
	memset(line, 'w', sizeof(line) - 1);
	for (unsigned i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		memset(strings[i], '\\', i ? 59 : 48);
	memset(env.tsc.doubt, 'd', sizeof(env.tsc.doubt) - 1);
	memset(env.cycles_why, 'c', sizeof(env.cycles_why) - 1);
	memset(&env.features, 0xff, sizeof(env.features));
	env.version = env.compiler = env.flags = flags;
	env.lfence = env.microcode_why = env.smbios.why = line;
	env.secure_boot = env.text_written.found = env.text_written.mapped = line;
	env.text_written.by = env.text_written.why = env.text_written.cet = line;
	for (unsigned k = 0; k < TSC_KIND_COUNT; k++)
		env.tsc_sources[k] = (struct tsc_source){
			.kind = k, .hz = UINT64_MAX, .why = line };
	for (findings.ops.notes = 0; findings.ops.notes < OP_COUNT; findings.ops.notes++)
		findings.ops.note[findings.ops.notes] = (struct op_note){
			op_info[findings.ops.notes].name, "not run", line };
}

/* A cell's numbers, all as long as they can be. */
static inline void longest_result(struct result *r, bool is_refused)
{
	const struct interval all = { true, INT64_MIN, INT64_MIN };

	r->ticks = (struct spread){ UINT32_MAX, INT64_MIN, INT64_MIN, INT64_MIN,
		INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN };
	r->gross = r->offset_min = r->offset_max = r->cycles = INT64_MIN;
	r->low_half = r->high_half = INT64_MIN;
	r->has_low_half = r->has_high_half = r->has_cycles = r->has_vs = true;
	r->call_at = UINT32_MAX;
	r->vs = (struct comparison){ true, INT64_MIN, all, INT64_MIN, all,
		MARGIN_SAME_MOST, VERDICT_inconclusive, false, 0, false, 0, 0 };
	r->refused = is_refused;
	memset(r->why, '"', sizeof(r->why) - 1);
	r->sites = r->shown = CELL_SITES_MAX;
	for (unsigned i = 0; i < CELL_SITES_MAX; i++)
		r->site_len[i] = CELL_BYTES_MAX / CELL_SITES_MAX;
	memset(r->address, 0xff, sizeof(r->address));
}

/* The line that begins with @start and has @word; NULL if there is none. */
static inline const char *line_with(const char *start, const char *word)
{
	for (const char *l = bytes; *l; l = strchr(l, '\n') + 1) {
		const char *end = strchr(l, '\n'), *at = strstr(l, word);

		if (!strncmp(l, start, strlen(start)) && at && at < end)
			return l;
	}
	return NULL;
}

static inline unsigned lines_with(const char *start)
{
	unsigned n = 0;

	for (const char *l = bytes; *l; l = strchr(l, '\n') + 1)
		n += !strncmp(l, start, strlen(start));
	return n;
}

static inline void lines(void)
{
	sink_begin();
	report_lines(&run, &env, &sink.sink);
}

static inline bool fits(unsigned columns)
{
	for (const char *p = bytes; *p; p += strcspn(p, "\n") + 1)
		if (strcspn(p, "\n") > columns) {
			diag("%.*s", (int)strcspn(p, "\n"), p);
			return false;
		}
	return !sink.sink.failed;
}

/* How wide a column is does not matter to most of what is asked. */
static inline void squeeze(char *to, const char *from)
{
	for (; *from; from++)
		if (*from != ' ' || (from[1] != ' ' && from[1] != '\n'))
			*to++ = *from;
	*to = '\0';
}

static bool narrow;

/* Of a screen with so many columns. */
static inline void table_of(unsigned screen)
{
	sink_begin();
	report_table(&run, &env, screen, &sink.sink);
	narrow = fits(screen > 98 ? 98 : 80);
	squeeze(bytes, bytes);
}

static inline void table(void)
{
	table_of(80);
}

static inline unsigned count_of(const char *word)
{
	unsigned n = 0;

	for (const char *p = bytes; (p = strstr(p, word)); p++)
		n++;
	return n;
}

#endif
