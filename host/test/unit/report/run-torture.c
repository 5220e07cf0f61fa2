/* SPDX-License-Identifier: GPL-2.0-only */
/* What patching under other CPUs came to, as lines, as a table and as JSON. */
#include <string.h>
#include "machine/environment.h"
#include "lib/json.h"
#include "report/report.h"
#include "workload/code_table.h"
#include "lib/rng.h"
#include "run/run.h"
#include "report/torture_report.h"
#include "workload/workload.h"
#define plan tap_plan		/* run.h has another */
#include "tap.h"
#undef plan

/* core/workload/code_table.c's table is the image's; nothing here runs. */
const struct workload_code workload_code[CONVENTION_COUNT][WORKLOAD_COUNT];

#define HZ	2000000000u

static char bytes[16384];

static struct torture sample(void)
{
	struct torture t = {
		.asked = true, .cpus = 2, .machine_cpus = 3, .sites = 35, .seed = 7,
		.apic = "x2APIC", .apic_id_max = 260,
		.serialise = SERIALISE_iret, .nmis = 4, .woken = 5,
	};

	t.way[WAY_live] = (struct torture_way){
		.ran = true, .asked = 99, .flips = 110, .changed = 99, .sites = 400,
		.ipis = 594, .resent = 7, .owed = 30, .strays = 1, .again = 2,
		.int3 = { [LIVE_call] = 5, [LIVE_wait] = 6 },
		.ticks = { .n = 99, .median = 4000ll * MILLION, .max = 9000ll * MILLION },
		/* 1000 passes in 1 << 20 ticks alone, 1000 in 4 << 20 while patched. */
		.passes_alone = 1000, .ticks_alone = 1 << 20, .passes = 1000,
		.ticks_patched = 4 << 20, .called = 5000000000u, .counted = 5000000000u,
	};
	t.cost[SERIALISE_iret].ticks = (struct spread){ .n = 64, .median = 180 * MILLION };
	t.cost[SERIALISE_cpuid].ticks = (struct spread){ .n = 64, .median = 42 * MILLION };
	return t;
}

static const char *face(void (*put)(const struct torture *t, uint64_t hz, struct sink *s),
			const struct torture *t, uint64_t hz)
{
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);

	put(t, hz, &m.sink);
	bytes[m.len] = '\0';
	return m.sink.failed ? "" : bytes;
}

static void put_json(const struct torture *t, uint64_t hz, struct sink *s)
{
	struct json j = { s, true };

	torture_json(t, hz, &j);
}

static bool has(const char *text, const char *what)
{
	return strstr(text, what);
}

static void lines(void)
{
	struct torture t = sample();
	const char *text = face(torture_lines, &t, HZ);

	ok1(has(text, "parapatch torture way=live asked=99 flips=110 changed=99 sites=400 "
		"ipis=594 resent=7 owed=30 strays=1 int3s=11 again=2 called=5000000000 "
		"counted=5000000000 wrong=0 "
		"n=99 median_ticks_a_site=4000 ns_a_site=2000 ipis_a_change_x100=600 "
		"throughput_permille=250\n"));
	ok1(has(text, "parapatch int3 way=live call=5 call_mem=0 nop=0 cli=0 sti=0 save=0 "
		"save_cli=0 restore=0 wait=6\n"));
	ok1(has(text, "sites=35 seed=7 nmis=4 woken=5 not_run=\"\" failed=\"\"\n"));
	ok1(!has(text, "way=stopped"));
	ok1(has(text, "name=iret used=1 n=64 median_ticks=180 "));
	ok1(has(text, "name=serialize used=0 n=0 "));
	text = face(torture_lines, &t, 0);
	ok1(has(text, "ns_a_site=0 "));		/* the rate is not known */
	t.asked = false;
	text = face(torture_lines, &t, HZ);
	ok1(!has(text, "way=") && has(text, "parapatch serialise name=iret"));
}

static void cost_table(const struct torture *t, uint64_t hz, struct sink *s)
{
	(void)hz;
	serialise_table(t, s);
}

static void table(void)
{
	struct torture t = sample();
	const char *text = face(cost_table, &t, HZ);

	ok1(has(text, "iret 180 (used) cpuid 42"));
	text = face(torture_table, &t, HZ);
	ok1(has(text, "live         110      99      400     99       2000        6.00      "
		      "  11    25.0%"));
	ok1(has(text, "under 2 other CPUs, 35 sites"));
	ok1(has(text, "No op lost") && !has(text, "FAILED") && !has(text, "time is up"));
	t.cpus = 1;
	t.way[WAY_live].asked = 100;
	text = face(torture_table, &t, HZ);
	ok1(has(text, "under 1 other CPU, 35 sites"));
	ok1(has(text, "live: 99 of 100 changes asked for (time is up)\n"));
	strcpy(t.failed, "live: it broke");
	text = face(torture_table, &t, HZ);
	ok1(has(text, "FAILED: live: it broke\n") && !has(text, "No op lost"));
	t.not_run = "there is one CPU";
	text = face(torture_table, &t, HZ);
	ok1(has(text, "not done: there is one CPU.\n") && !has(text, "flat out"));
}

static void json(void)
{
	struct torture t = sample();
	const char *text = face(put_json, &t, HZ);

	ok1(has(text, "\"used\": \"iret\""));
	ok1(has(text, "\"ns_a_site\": 2000.000"));
	ok1(has(text, "\"throughput_permille\": 250"));
	ok1(has(text, "\"changed\": 99") && has(text, "\"ipis_resent\": 7"));
	ok1(has(text, "\"nmis_woken\": 5") && has(text, "\"strays\": 1"));
	ok1(has(text, "\"apic\": \"x2APIC\"") && has(text, "\"apic_id_max\": 260"));
	ok1(!has(text, "\"failed\"") && !has(text, "\"not_run\"") && !has(text, "\"stopped\""));
	ok1(strlen(text) < TORTURE_ROOM);
	memset(t.failed, 'x', sizeof(t.failed) - 1);
	t.not_run = "another CPU's global descriptor table is too long to be copied";
	t.way[WAY_stopped] = t.way[WAY_live];
	for (unsigned i = 0; i < SERIALISE_COUNT; i++)
		t.cost[i].ticks = (struct spread){ 64, INT64_MAX, INT64_MAX, INT64_MAX,
			INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX };
	text = face(put_json, &t, HZ);
	ok(strlen(text) > 1000 && strlen(text) < TORTURE_ROOM, "the longest has room: %u of %u",
	   (unsigned)strlen(text), TORTURE_ROOM);
	t = (struct torture){ .asked = false };
	ok(!*face(put_json, &t, HZ), "where nothing was measured there is nothing");
}

/* As many as were asked for, and the last as likely kept as the first. */
static void shares_and_times(void)
{
	static int64_t at[64];
	struct torture_times t = { at, 64, 0 };
	struct rng rng = { .state = 1 };
	unsigned late = 0;
	bool good = true;

	for (uint32_t n = 0; n < 100; n++)
		for (unsigned parts = 1; parts < 5; parts++) {
			uint32_t sum = 0;

			for (unsigned i = 0; i < parts; i++)
				sum += torture_share(n, i, parts);
			good &= sum == n;
		}
	ok(good && torture_share(7, 3, 4) == 2 && torture_share(UINT32_MAX, 0, 1) == UINT32_MAX,
	   "parts of what is asked for are together what is asked for");
	for (unsigned i = 0; i < 64; i++)
		torture_time_keep(&t, &rng, i);
	for (unsigned i = 0; i < 64; i++)
		good &= at[i] == i;
	ok(good && torture_times_kept(&t) == 64, "times: all while there is room");
	for (unsigned i = 64; i < 6400; i++)
		torture_time_keep(&t, &rng, i);
	for (unsigned i = 0; i < 64; i++)
		late += at[i] >= 3200;
	ok(torture_times_kept(&t) == 64 && late > 16 && late < 48,
	   "times: then of all alike: %u of 64 of the second half", late);
}

/* A run that is complete but for that. */
static void status(void)
{
	static struct findings findings;
	static struct config config;
	static struct run run = { .config = &config };

	ok1(report_status(&run, &findings) == REPORT_COMPLETE);
	strcpy(findings.torture.failed, "live: it broke");
	ok1(report_status(&run, &findings) == REPORT_CHECK_FAILED);
}

int main(void)
{
	lines();
	table();
	json();
	shares_and_times();
	status();
	return done();
}
