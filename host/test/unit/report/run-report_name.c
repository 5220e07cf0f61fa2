/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of reports: safe on FAT whatever the vendor, and in order. */
#include <string.h>
#include "machine/cpuid.h"
#include "report/report_name.h"
#include "tap.h"

static const struct {
	const char *what, *vendor, *name;
} cases[] = {
	{ "Intel", "GenuineIntel", "GenuineIntel-06-9e-a-x86_64-0001.json" },
	{ "AMD", "AuthenticAMD", "AuthenticAMD-06-9e-a-x86_64-0001.json" },
	{ "blanks within", "Geode by NSC", "Geode_by_NSC-06-9e-a-x86_64-0001.json" },
	{ "blanks and dots at the end", "VIA VIA . .", "VIA_VIA____-06-9e-a-x86_64-0001.json" },
	{ "what FAT forbids", "A/:*?\"<>|\\BC", "A_________BC-06-9e-a-x86_64-0001.json" },
	{ "the long name's own characters", "+,;=[]", "______-06-9e-a-x86_64-0001.json" },
	{ "what stands between the parts", "A-B-C", "A_B_C-06-9e-a-x86_64-0001.json" },
	{ "a way out of the folder", "..\\..\\x", "______x-06-9e-a-x86_64-0001.json" },
	{ "control characters", "A\x01\x1f\x7f" "B", "A___B-06-9e-a-x86_64-0001.json" },
	{ "not ASCII", "\xc3\xa4\xff\x80", "____-06-9e-a-x86_64-0001.json" },
	{ "empty", "", "unknown-06-9e-a-x86_64-0001.json" },
	{ "blanks alone", "   ", "___-06-9e-a-x86_64-0001.json" },
};

static struct cpu_id cpu_of(const char *vendor)
{
	struct cpu_id id = { .family = 6, .model = 0x9e, .stepping = 10 };

	strcpy(id.vendor, vendor);
	return id;
}

static void vendors(void)
{
	char name[REPORT_NAME_ROOM];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cpu_id id = cpu_of(cases[i].vendor);

		report_name(name, &id, "x86_64", 1, false);
		ok(!strcmp(name, cases[i].name), "%s: %s", cases[i].what, name);
	}
}

/* A run's two names are neighbours, the running one first; numbers ascend. */
static void order(void)
{
	struct cpu_id id = cpu_of("GenuineIntel");
	char before[REPORT_NAME_ROOM] = "", name[REPORT_NAME_ROOM];
	unsigned good = 0;

	for (unsigned i = 1; i <= REPORT_NUMBER_MAX; i++)
		for (unsigned k = 2; k--; ) {
			report_name(name, &id, "x86_64", i, k);
			good += strcmp(before, name) < 0;
			memcpy(before, name, sizeof(before));
		}
	ok(good == 2 * REPORT_NUMBER_MAX, "%u of %u names sort behind the one before", good,
	   2 * REPORT_NUMBER_MAX);
	ok1(!strcmp(name, "GenuineIntel-06-9e-a-x86_64-9999.json"));
}

static void longest(void)
{
	struct cpu_id id = { .vendor = "WWWWWWWWWWWW", .family = 0x10e, .model = 0xff,
			     .stepping = 15 };
	char name[REPORT_NAME_ROOM];

	report_name(name, &id, "x86_64", 9999, true);
	ok1(!strcmp(name, "WWWWWWWWWWWW-10e-ff-f-x86_64-9999-running.json"));
}

int main(void)
{
	vendors();
	order();
	longest();
	return done();
}
