/* SPDX-License-Identifier: GPL-2.0-only */
/* NOP tables: the choice by CPU, and filling in the fewest instructions.  That
 * each entry is one NOP is run-decode's to show. */
#include <string.h>
#include "patch/nop.h"
#include "tap.h"

/* What Linux 5.4 would choose, on the CPUs where the choice changes. */
static const struct {
	const char *what, *vendor;
	unsigned family, model;
	const char *ia32, *x86_64;
} cpus[] = {
	{ "Pentium",		"GenuineIntel", 5, 2,	"i386", "nopl" },
	{ "486",		"GenuineIntel", 4, 8,	"i386", "nopl" },
	{ "Pentium Pro",	"GenuineIntel", 6, 1,	"nopl", "nopl" },
	{ "Pentium M",		"GenuineIntel", 6, 0xd,	"nopl", "nopl" },
	{ "Core Duo",		"GenuineIntel", 6, 0xe,	"nopl", "nopl" },
	{ "Core 2, the first",	"GenuineIntel", 6, 0xf,	"prefix", "prefix" },
	{ "Nehalem",		"GenuineIntel", 6, 0x1a, "prefix", "prefix" },
	{ "before Atom",	"GenuineIntel", 6, 0x1b, "prefix", "prefix" },
	{ "Atom",		"GenuineIntel", 6, 0x1c, "nopl", "nopl" },
	{ "after Atom",		"GenuineIntel", 6, 0x1d, "prefix", "prefix" },
	{ "Westmere",		"GenuineIntel", 6, 0x25, "prefix", "prefix" },
	{ "Atom Z6xx",		"GenuineIntel", 6, 0x26, "nopl", "nopl" },
	{ "Atom Medfield",	"GenuineIntel", 6, 0x27, "nopl", "nopl" },
	{ "Sandy Bridge",	"GenuineIntel", 6, 0x2a, "prefix", "prefix" },
	{ "Westmere-EX",	"GenuineIntel", 6, 0x2f, "prefix", "prefix" },
	{ "the first after",	"GenuineIntel", 6, 0x30, "nopl", "nopl" },
	{ "Ivy Bridge",		"GenuineIntel", 6, 0x3a, "nopl", "nopl" },
	{ "Sapphire Rapids",	"GenuineIntel", 6, 0x8f, "nopl", "nopl" },
	{ "Pentium 4",		"GenuineIntel", 15, 2,	"nopl", "nopl" },
	{ "Pentium 4, model 1f", "GenuineIntel", 15, 0x1f, "nopl", "nopl" },
	{ "a family to come",	"GenuineIntel", 19, 1,	"nopl", "nopl" },
	{ "K6",			"AuthenticAMD", 5, 8,	"i386", "nopl" },
	{ "Athlon",		"AuthenticAMD", 6, 0xf,	"i386", "nopl" },
	{ "K8",			"AuthenticAMD", 15, 5,	"nopl", "nopl" },
	{ "K8, model 2f",	"AuthenticAMD", 15, 0x2f, "nopl", "nopl" },
	{ "K10",		"AuthenticAMD", 16, 2,	"nopl", "nopl" },
	{ "Bulldozer",		"AuthenticAMD", 21, 1,	"nopl", "nopl" },
	{ "Zen",		"AuthenticAMD", 23, 1,	"nopl", "nopl" },
	{ "Zen 4",		"AuthenticAMD", 25, 0x61, "nopl", "nopl" },
	{ "Dhyana",		"HygonGenuine", 24, 0,	"nopl", "nopl" },
	{ "Nano",		"CentaurHauls", 6, 0xf,	"i386", "nopl" },
	{ "Crusoe",		"GenuineTMx86", 15, 2,	"i386", "nopl" },
	{ "Geode",		"Geode by NSC", 5, 5,	"i386", "nopl" },
	{ "no name",		"",		0, 0,	"i386", "nopl" },
};
#define CPUS (sizeof(cpus) / sizeof(cpus[0]))

static bool chooses(enum isa isa, unsigned i, const char *want)
{
	struct cpu_id id = { .family = cpus[i].family, .model = cpus[i].model };
	const struct nop_table *got;

	memcpy(id.vendor, cpus[i].vendor, strlen(cpus[i].vendor));
	got = nop_table_for(isa, &id);
	return got && !strcmp(got->name, want);
}

static void test_choice(void)
{
	for (unsigned i = 0; i < CPUS; i++) {
		ok(chooses(ISA_IA32, i, cpus[i].ia32), "%s, ia32: %s",
		   cpus[i].what, cpus[i].ia32);
		ok(chooses(ISA_X86_64, i, cpus[i].x86_64), "%s, x86_64: %s",
		   cpus[i].what, cpus[i].x86_64);
	}
}

/* Where a sequence of NOPs ends; reads none beyond the table's longest. */
static bool is_made_of(const struct nop_table *t, const uint8_t *buf,
		       unsigned len)
{
	unsigned at = 0;

	while (at < len) {
		unsigned k = len - at < t->max ? len - at : t->max;

		if (memcmp(buf + at, t->seq[k], k))
			return false;
		at += k;
	}
	return true;
}

static bool fills(const struct nop_table *t, unsigned len)
{
	uint8_t buf[64 + 2];
	unsigned n, want = (len + t->max - 1) / t->max;

	memset(buf, 0xee, sizeof(buf));
	n = nop_fill(t, buf + 1, len);
	return n == want && buf[0] == 0xee && buf[len + 1] == 0xee
		&& is_made_of(t, buf + 1, len);
}

static void test_fill(void)
{
	for (unsigned i = 0; nop_tables[i]; i++) {
		const struct nop_table *t = nop_tables[i];
		unsigned len = 0;

		while (len <= 64 && fills(t, len))
			len++;
		if (!ok(len == 65, "%s: fills 0 to 64 bytes", t->name))
			diag("not %u", len);
		ok(t->max >= 1 && t->max <= NOP_LEN_MAX, "%s: %u bytes at most",
		   t->name, t->max);
	}
}

/* How many instructions a pad takes, by hand. */
static const struct {
	const char *table;
	unsigned len, count;
} counts[] = {
	{ "nopl", 4, 1 }, { "nopl", 5, 1 }, { "nopl", 11, 1 },
	{ "nopl", 12, 2 }, { "nopl", 31, 3 },
	{ "prefix", 5, 1 }, { "prefix", 11, 1 }, { "prefix", 31, 3 },
	{ "i386", 5, 1 }, { "i386", 7, 1 }, { "i386", 8, 2 }, { "i386", 11, 2 },
};
#define COUNTS (sizeof(counts) / sizeof(counts[0]))

static void test_counts(void)
{
	for (unsigned i = 0; i < COUNTS; i++) {
		uint8_t buf[64];
		unsigned t = 0;

		while (nop_tables[t] && strcmp(nop_tables[t]->name, counts[i].table))
			t++;
		ok(nop_tables[t]
		   && nop_fill(nop_tables[t], buf, counts[i].len) == counts[i].count,
		   "%s: %u bytes are %u NOPs", counts[i].table, counts[i].len,
		   counts[i].count);
	}
}

int main(void)
{
	test_choice();
	test_fill();
	test_counts();
	return done();
}
