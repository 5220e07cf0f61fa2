/* SPDX-License-Identifier: GPL-2.0-only */
/* Anchors: the list is sane, looking up a CPU, the verdicts at their edges, and
 * what a reader is told. */
#include <string.h>
#include "stats/anchor.h"
#include "tap.h"

static const struct {
	const char *uarch, *vendor;
	unsigned family, first, last;
} models[] = {
#define MODELS(uarch, vendor, family, first, last) \
	{ #uarch, vendor, family, first, last },
#include "list/anchor.def"
};
#define MODELS_N (sizeof(models) / sizeof(models[0]))

static const struct {
	const char *uarch;
	enum anchor anchor;
	unsigned milli;
	const char *source;
} lines[] = {
#define PUBLISHED(uarch, anchor, milli, source) \
	{ #uarch, ANCHOR_##anchor, milli, #source },
#include "list/anchor.def"
};
#define LINES_N (sizeof(lines) / sizeof(lines[0]))

static const struct { const char *id, *name; } uarchs[] = {
#define UARCH(id, name) { #id, name },
#include "list/anchor.def"
};
#define UARCHS_N (sizeof(uarchs) / sizeof(uarchs[0]))

static const struct { const char *id, *text; } sources[] = {
#define SOURCE(id, text) { #id, text },
#include "list/anchor.def"
};
#define SOURCES_N (sizeof(sources) / sizeof(sources[0]))

static struct cpu_id cpu(const char *vendor, unsigned family, unsigned model)
{
	struct cpu_id id = { .family = family, .model = model };

	memcpy(id.vendor, vendor, strlen(vendor));
	return id;
}

static bool overlap(unsigned i, unsigned j)
{
	return !strcmp(models[i].vendor, models[j].vendor)
		&& models[i].family == models[j].family
		&& models[i].first <= models[j].last
		&& models[j].first <= models[i].last;
}

static void test_models(void)
{
	for (unsigned i = 0; i < MODELS_N; i++) {
		unsigned alone = 0;

		for (unsigned j = 0; j < MODELS_N; j++)
			alone += j == i || !overlap(i, j);
		ok(alone == MODELS_N && models[i].first <= models[i].last
		   && models[i].last <= 0xff && strlen(models[i].vendor) == 12,
		   "%s: models %#x to %#x of family %#x are its own",
		   models[i].uarch, models[i].first, models[i].last,
		   models[i].family);
	}
}

/* Cycles that no such instruction takes are a slip of the pen. */
static bool plausible(enum anchor a, unsigned milli)
{
	static const unsigned least[] = { 2900, 500, 4000, 10000, 100, 20000, 80000 };
	static const unsigned most[] = { 15000, 1000, 60000, 100000, 400, 110000, 400000 };

	_Static_assert(sizeof(most) / sizeof(most[0]) == ANCHOR_COUNT, "one each");
	return milli >= least[a] && milli <= most[a];
}

static void test_figures(void)
{
	for (unsigned i = 0; i < LINES_N; i++) {
		unsigned same = 0;

		for (unsigned j = 0; j < LINES_N; j++)
			same += lines[j].anchor == lines[i].anchor
				&& !strcmp(lines[j].uarch, lines[i].uarch);
		ok(same == 1 && plausible(lines[i].anchor, lines[i].milli),
		   "%s: one %s, %u thousandths", lines[i].uarch,
		   anchor_names[lines[i].anchor], lines[i].milli);
	}
}

/* No name without figures and models, no source without a figure. */
static void test_uarchs(void)
{
	for (unsigned i = 0; i < UARCHS_N; i++) {
		unsigned figures = 0, ranges = 0;

		for (unsigned j = 0; j < LINES_N; j++)
			figures += !strcmp(lines[j].uarch, uarchs[i].id);
		for (unsigned j = 0; j < MODELS_N; j++)
			ranges += !strcmp(models[j].uarch, uarchs[i].id);
		ok(figures && ranges && *uarchs[i].name,
		   "%s: %u figures, %u ranges of models", uarchs[i].name, figures,
		   ranges);
	}
	for (unsigned i = 0; i < SOURCES_N; i++) {
		unsigned used = 0, alone = 0;

		for (unsigned j = 0; j < LINES_N; j++)
			used += !strcmp(lines[j].source, sources[i].id);
		for (unsigned j = 0; j < SOURCES_N; j++)
			alone += j == i || strcmp(sources[i].text, sources[j].text);
		ok(used && alone == SOURCES_N && strlen(sources[i].text) > 10,
		   "%u figures from %s", used, sources[i].text);
	}
}

/* Written again by hand, from the dumps and the book.  0: there is none. */
static const struct {
	const char *vendor;
	unsigned family, model;
	enum anchor anchor;
	unsigned milli;
	const char *source;		/* part of it */
} spots[] = {
	{ "GenuineIntel", 0xf, 2,    ANCHOR_imul_chain, 15000, "0000F29_P4" },
	{ "GenuineIntel", 0xf, 2,    ANCHOR_add_chain,	500,	"0000F29_P4" },
	{ "GenuineIntel", 0xf, 4,    ANCHOR_pushf_popf, 95920, "0000F43_P4" },
	{ "GenuineIntel", 0xf, 6,    ANCHOR_imul_chain, 10000, "0000F43_P4" },
	{ "GenuineIntel", 6, 0x0f,   ANCHOR_cpuid_0,	180250, "00006F6_Conroe" },
	{ "GenuineIntel", 6, 0x0f,   ANCHOR_add_chain,	0,	"" },
	{ "GenuineIntel", 6, 0x1e,   ANCHOR_lfence,	9000,	"00106E5_Lynnfield" },
	{ "GenuineIntel", 6, 0x2a,   ANCHOR_rdtsc,	28000,	"00206A7_Sandy" },
	{ "GenuineIntel", 6, 0x3e,   ANCHOR_imul_chain, 3000,	"Agner Fog" },
	{ "GenuineIntel", 6, 0x3e,   ANCHOR_lfence,	0,	"" },
	{ "GenuineIntel", 6, 0x3c,   ANCHOR_pushf_popf, 26000, "00306C3_Haswell" },
	{ "GenuineIntel", 6, 0x9e,   ANCHOR_lfence,	4250,	"00506E3_Skylake" },
	{ "GenuineIntel", 6, 0x55,   ANCHOR_cpuid_0,	100000, "0050654_SkylakeX" },
	{ "GenuineIntel", 6, 0x6a,   ANCHOR_lfence,	5170,	"00606A6_ICX" },
	{ "GenuineIntel", 6, 0x8c,   ANCHOR_rdtsc,	27373,	"00806C1_Tiger" },
	{ "GenuineIntel", 6, 0x8c,   ANCHOR_nop,	0,	"" },
	{ "GenuineIntel", 6, 0x97,   ANCHOR_lfence,	11951,	"0090672_AlderLake_01_BC" },
	{ "GenuineIntel", 6, 0xcf,   ANCHOR_pushf_popf, 30441, "0090672_AlderLake_01_BC" },
	{ "GenuineIntel", 6, 0xb7,   ANCHOR_cpuid_0,	123744, "00B0671_Raptor" },
	{ "GenuineIntel", 6, 0xbe,   ANCHOR_cpuid_0,	335080, "0090672_AlderLake_01_LC" },
	{ "GenuineIntel", 6, 0xbe,   ANCHOR_imul_chain, 0,	"" },
	{ "GenuineIntel", 6, 0xaa,   ANCHOR_nop,	167,	"00A06A4_Meteor" },
	{ "GenuineIntel", 6, 0xc6,   ANCHOR_lfence,	14915,	"00C0662_Arrow" },
	{ "AuthenticAMD", 0x17, 1,   ANCHOR_lfence,	0,	"" },
	{ "AuthenticAMD", 0x17, 1,   ANCHOR_rdtsc,	36000,	"Agner Fog" },
	{ "AuthenticAMD", 0x17, 0x71, ANCHOR_rdtsc,	37330,	"0870F10_K17_Matisse" },
	{ "AuthenticAMD", 0x19, 0x21, ANCHOR_pushf_popf, 21420, "0A20F10_K19_Vermeer" },
	{ "AuthenticAMD", 0x19, 0x21, ANCHOR_nop,	0,	"" },
	{ "AuthenticAMD", 0x19, 0x61, ANCHOR_cpuid_0,	147000, "0A60F12_K19_Raphael" },
	{ "AuthenticAMD", 0x19, 0x61, ANCHOR_nop,	0,	"" },
	{ "AuthenticAMD", 0x1a, 0x44, ANCHOR_lfence,	10936,	"0B40F40_K20_Granite" },
	{ "AuthenticAMD", 0x1a, 0x44, ANCHOR_imul_chain, 2980, "0B40F40_K20_Granite" },
};
#define SPOTS (sizeof(spots) / sizeof(spots[0]))

static void test_spots(void)
{
	for (unsigned i = 0; i < SPOTS; i++) {
		struct cpu_id id = cpu(spots[i].vendor, spots[i].family,
				       spots[i].model);
		const struct published *p = anchor_published(&id, spots[i].anchor);
		unsigned got = p ? p->millicycles : 0;

		if (!ok(got == spots[i].milli && (!p || (p->anchor == spots[i].anchor
			&& strstr(p->source, spots[i].source)
			&& !strcmp(p->uarch, anchor_uarch(&id)))),
			"%s %#x/%#x: %s is %u thousandths", spots[i].vendor,
			spots[i].family, spots[i].model,
			anchor_names[spots[i].anchor], spots[i].milli))
			diag("not %u, from %s", got, p ? p->source : "nowhere");
	}
}

/* CPUs that were sold, and the edges of the ranges.  imul 0: not sourced. */
static const struct {
	const char *what, *vendor;
	unsigned family, model;
	const char *uarch;
	unsigned imul;
} cpus[] = {
	{ "486",		"GenuineIntel", 4, 8,	 NULL, 0 },
	{ "Pentium III",	"GenuineIntel", 6, 0x8,	 NULL, 0 },
	{ "Willamette",		"GenuineIntel", 15, 1,	 NULL, 0 },
	{ "Northwood",		"GenuineIntel", 15, 2,	 "Pentium 4 (Northwood)", 15 },
	{ "Prescott",		"GenuineIntel", 15, 3,	 "Pentium 4 (Prescott)", 10 },
	{ "Cedar Mill",		"GenuineIntel", 15, 6,	 "Pentium 4 (Prescott)", 10 },
	{ "model 5 of it",	"GenuineIntel", 15, 5,	 NULL, 0 },
	{ "Conroe",		"GenuineIntel", 6, 0x0f, "Core 2", 3 },
	{ "Penryn",		"GenuineIntel", 6, 0x17, "Core 2", 3 },
	{ "Atom",		"GenuineIntel", 6, 0x1c, NULL, 0 },
	{ "Westmere",		"GenuineIntel", 6, 0x25, NULL, 0 },
	{ "Core i7 920",	"GenuineIntel", 6, 0x1a, "Nehalem", 3 },
	{ "Core i7 2600K",	"GenuineIntel", 6, 0x2a, "Sandy Bridge", 3 },
	{ "Core i7 3770",	"GenuineIntel", 6, 0x3a, "Ivy Bridge", 3 },
	{ "Xeon E5 v3",		"GenuineIntel", 6, 0x3f, "Haswell", 3 },
	{ "Xeon E5 v4",		"GenuineIntel", 6, 0x4f, "Broadwell", 3 },
	{ "Core i7 6700K",	"GenuineIntel", 6, 0x5e, "Skylake", 3 },
	{ "Core i9 9900K",	"GenuineIntel", 6, 0x9e, "Skylake", 3 },
	{ "Cascade Lake",	"GenuineIntel", 6, 0x55, "Skylake-X", 3 },
	{ "Cannon Lake",	"GenuineIntel", 6, 0x66, NULL, 0 },
	{ "Ice Lake-SP",	"GenuineIntel", 6, 0x6a, "Ice Lake-SP", 3 },
	{ "Core i7 1165G7",	"GenuineIntel", 6, 0x8c, "Tiger Lake", 3 },
	{ "Core i9 12900K",	"GenuineIntel", 6, 0x97, "Golden Cove", 3 },
	{ "Sapphire Rapids",	"GenuineIntel", 6, 0x8f, "Golden Cove", 3 },
	{ "Emerald Rapids",	"GenuineIntel", 6, 0xcf, "Golden Cove", 3 },
	{ "Core i9 13900K",	"GenuineIntel", 6, 0xb7, "Raptor Cove", 3 },
	{ "N100",		"GenuineIntel", 6, 0xbe, "Gracemont", 0 },
	{ "Core Ultra 9 285K",	"GenuineIntel", 6, 0xc6, "Lion Cove", 3 },
	{ "Lunar Lake",		"GenuineIntel", 6, 0xbd, NULL, 0 },
	{ "K8",			"AuthenticAMD", 15, 4,	 NULL, 0 },
	{ "Bulldozer",		"AuthenticAMD", 0x15, 1, NULL, 0 },
	{ "Ryzen 7 1800X",	"AuthenticAMD", 0x17, 0x01, "Zen 1", 3 },
	{ "Zen 1's last",	"AuthenticAMD", 0x17, 0x2f, "Zen 1", 3 },
	{ "Rome",		"AuthenticAMD", 0x17, 0x31, "Zen 2", 3 },
	{ "after Rome",		"AuthenticAMD", 0x17, 0x40, NULL, 0 },
	{ "Milan",		"AuthenticAMD", 0x19, 0x01, "Zen 3", 3 },
	{ "Genoa",		"AuthenticAMD", 0x19, 0x11, "Zen 4", 3 },
	{ "Ryzen 9 7950X",	"AuthenticAMD", 0x19, 0x61, "Zen 4", 3 },
	{ "Bergamo",		"AuthenticAMD", 0x19, 0xa0, "Zen 4", 3 },
	{ "Turin",		"AuthenticAMD", 0x1a, 0x02, "Zen 5", 3 },
	{ "Ryzen 9 9950X",	"AuthenticAMD", 0x1a, 0x44, "Zen 5", 3 },
	{ "a model to come",	"AuthenticAMD", 0x1a, 0x144, NULL, 0 },
	{ "Intel's number, AMD's name", "AuthenticAMD", 6, 0x97, NULL, 0 },
	{ "Dhyana",		"HygonGenuine", 0x18, 0, NULL, 0 },
	{ "no name",		"",		0, 0,	 NULL, 0 },
};
#define CPUS (sizeof(cpus) / sizeof(cpus[0]))

static void test_cpus(void)
{
	for (unsigned i = 0; i < CPUS; i++) {
		struct cpu_id id = cpu(cpus[i].vendor, cpus[i].family,
				       cpus[i].model);
		const char *uarch = anchor_uarch(&id), *want = cpus[i].uarch;
		bool sourced = !cpus[i].imul;
		unsigned imul = imul_cycles(&id, &sourced);

		ok(want ? uarch && !strcmp(uarch, want) : !uarch, "%s: %s",
		   cpus[i].what, want ? want : "not known");
		ok(sourced == !!cpus[i].imul
		   && imul == (cpus[i].imul ? cpus[i].imul : 3)
		   && imul_cycles(&id, NULL) == imul, "%s: IMUL is %u%s",
		   cpus[i].what, imul, sourced ? "" : ", not sourced");
	}
}

/* QEMU's kvm64 has a Pentium 4's numbers, whose IMUL takes 10 cycles. */
static void test_invented(void)
{
	struct cpu_id kvm64 = cpu("GenuineIntel", 0xf, 6);
	bool sourced = true;

	ok(anchor_uarch(&kvm64) && imul_cycles(&kvm64, NULL) == 10, "a Pentium 4");
	kvm64.invented = true;
	ok(!anchor_uarch(&kvm64) && !anchor_published(&kvm64, ANCHOR_cpuid_0)
	   && imul_cycles(&kvm64, &sourced) == 3 && !sourced,
	   "a CPU that was never made, with its numbers: nothing is known of it");
}

/* On Skylake LFENCE is 4.250, on the others what the row says. */
static const struct {
	const char *what;
	unsigned family, model;
	enum anchor anchor;
	int64_t measured;
	bool hypervisor, imul_clock;
	enum anchor_verdict want;
	int32_t permille;
} cases[] = {
	{ "exact", 6, 0x5e, ANCHOR_lfence, 4250, 0, 0, ANCHOR_AGREES, 0 },
	{ "10% above", 6, 0x5e, ANCHOR_lfence, 4675, 0, 0, ANCHOR_AGREES, 100 },
	{ "over 10% above", 6, 0x5e, ANCHOR_lfence, 4676, 0, 0, ANCHOR_OFF, 100 },
	{ "10% below", 6, 0x5e, ANCHOR_lfence, 3825, 0, 0, ANCHOR_AGREES, -100 },
	{ "over 10% below", 6, 0x5e, ANCHOR_lfence, 3824, 0, 0, ANCHOR_OFF, -100 },
	{ "twice", 6, 0x5e, ANCHOR_lfence, 8500, 0, 0, ANCHOR_OFF, 1000 },
	{ "a small figure, 10% above 174", 6, 0x97,
	  ANCHOR_nop, 191, 0, 0, ANCHOR_AGREES, 97 },
	{ "a small figure, more", 6, 0x97, ANCHOR_nop, 192, 0, 0, ANCHOR_OFF, 103 },
	{ "a small figure, 10% below", 6, 0x97,
	  ANCHOR_nop, 157, 0, 0, ANCHOR_AGREES, -97 },
	{ "a small figure, less", 6, 0x97,
	  ANCHOR_nop, 156, 0, 0, ANCHOR_OFF, -103 },
	{ "noise, nothing", 6, 0x5e, ANCHOR_nop, 0, 0, 0, ANCHOR_OFF, -1000 },
	{ "noise, negative", 6, 0x5e, ANCHOR_nop, -250, 0, 0, ANCHOR_OFF, -2000 },
	{ "the largest", 6, 0x97,
	  ANCHOR_nop, INT64_MAX, 0, 0, ANCHOR_OFF, INT32_MAX },
	{ "the smallest", 6, 0x97,
	  ANCHOR_nop, INT64_MIN + 1, 0, 0, ANCHOR_OFF, -INT32_MAX },
	{ "LFENCE orders at 2 cycles", 6, 0x5e,
	  ANCHOR_lfence, 2000, 0, 0, ANCHOR_OFF, -529 },
	{ "LFENCE does not below", 6, 0x5e,
	  ANCHOR_lfence, 1999, 0, 0, ANCHOR_UNORDERED, -529 },
	{ "nor in a guest", 6, 0x5e,
	  ANCHOR_lfence, 250, 1, 1, ANCHOR_UNORDERED, -941 },
	{ "nor on an unknown model", 6, 0x66,
	  ANCHOR_lfence, 250, 0, 0, ANCHOR_UNORDERED, 0 },
	{ "an unknown model", 6, 0x66,
	  ANCHOR_lfence, 4250, 0, 0, ANCHOR_UNKNOWN_MODEL, 0 },
	{ "a known one, no figure", 6, 0x5e,
	  ANCHOR_add_chain, 1000, 0, 0, ANCHOR_NO_FIGURE, 0 },
	{ "not measured", 6, 0x5e,
	  ANCHOR_lfence, ANCHOR_NOT_MEASURED, 0, 0, ANCHOR_NOT_TAKEN, 0 },
	{ "not measured, unknown", 6, 0x66,
	  ANCHOR_nop, ANCHOR_NOT_MEASURED, 0, 0, ANCHOR_NOT_TAKEN, 0 },
	{ "IMUL by counters", 6, 0x5e,
	  ANCHOR_imul_chain, 3000, 0, 0, ANCHOR_AGREES, 0 },
	{ "IMUL by itself", 6, 0x5e,
	  ANCHOR_imul_chain, 3000, 0, 1, ANCHOR_OWN_CLOCK, 0 },
	{ "ADD by IMUL", 6, 0x97, ANCHOR_add_chain, 1000, 0, 1, ANCHOR_AGREES, 0 },
	{ "RDTSC in a guest", 6, 0x5e,
	  ANCHOR_rdtsc, 25170, 1, 0, ANCHOR_MAY_EXIT, 0 },
	{ "CPUID in a guest", 6, 0x5e,
	  ANCHOR_cpuid_0, 40000000, 1, 0, ANCHOR_MAY_EXIT, 396693 },
	{ "NOP in a guest", 6, 0x5e, ANCHOR_nop, 250, 1, 0, ANCHOR_MAY_EXIT, 0 },
	{ "CPUID on bare metal", 6, 0x5e,
	  ANCHOR_cpuid_0, 100580, 0, 0, ANCHOR_AGREES, 0 },
	{ "LFENCE in a guest", 6, 0x5e,
	  ANCHOR_lfence, 4250, 1, 0, ANCHOR_AGREES, 0 },
	{ "ADD in a guest", 6, 0x97,
	  ANCHOR_add_chain, 2000, 1, 0, ANCHOR_OFF, 1000 },
	{ "PUSHF;POPF in a guest", 6, 0x97,
	  ANCHOR_pushf_popf, 30000, 1, 0, ANCHOR_AGREES, -14 },
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static void test_judge(void)
{
	for (unsigned i = 0; i < CASES; i++) {
		struct cpu_id id = cpu("GenuineIntel", cases[i].family,
				       cases[i].model);
		struct anchor_conditions how = { &id, cases[i].hypervisor,
						 cases[i].imul_clock };
		struct anchor_check c = anchor_judge(cases[i].anchor,
						     cases[i].measured, &how);

		if (!ok(c.verdict == cases[i].want && c.anchor == cases[i].anchor
			&& c.measured == cases[i].measured
			&& c.deviation_permille == cases[i].permille
			&& c.uarch == anchor_uarch(&id)
			&& c.published == anchor_published(&id, c.anchor),
			"%s: %s", cases[i].what,
			anchor_verdict_names[cases[i].want]))
			diag("not %s, %d permille", anchor_verdict_names[c.verdict],
			     c.deviation_permille);
	}
}

/* What was measured for all anchors, in the list's order; N: not measured. */
#define N ANCHOR_NOT_MEASURED
#define GUEST "; under a hypervisor rdtsc and cpuid may exit: only the chains," \
	      " lfence and pushf_popf are judged"

static const struct {
	unsigned family, model;
	bool hypervisor;
	int64_t measured[ANCHOR_COUNT];
	enum anchored want;
	const char *phrase;
} runs[] = {
	{ 6, 0x97, 0, { 3000, 1000, 11951, 30441, 174, 25900, 123227 },
	  ANCHORED_VERIFIED,
	  "verified clock: 6 of 6 anchors within 10% of published "
	  "figures for Golden Cove" },
	{ 6, 0x97, 1, { 3000, 1010, 11951, 30441, 999, 9999, 35000000 },
	  ANCHORED_VERIFIED,
	  "verified clock: 3 of 3 anchors within 10% of published "
	  "figures for Golden Cove" GUEST },
	{ 6, 0x97, 0, { 3000, 1000, 11951, 30441, 174, 25900, 35000000 },
	  ANCHORED_UNVERIFIED,
	  "unverified clock: 1 of 6 anchors more than 10% off published "
	  "figures for Golden Cove, "
	  "farthest cpuid_0: 35000.000 cycles, published 123.227" },
	{ 6, 0x97, 0, { 3000, 1300, 15536, 20000, N, 25900, N },
	  ANCHORED_UNVERIFIED,
	  "unverified clock: 3 of 4 anchors more than 10% off published "
	  "figures for Golden Cove, "
	  "farthest pushf_popf: 20.000 cycles, published 30.441" },
	{ 6, 0x97, 1, { 3000, 1000, 15000, N, N, N, N }, ANCHORED_UNVERIFIED,
	  "unverified clock: 1 of 2 anchors more than 10% off published "
	  "figures for Golden Cove, "
	  "farthest lfence: 15.000 cycles, published 11.951" GUEST },
	{ 6, 0x97, 0, { 3000, 1000, 250, 30441, 999, 25900, 123227 },
	  ANCHORED_NO_FENCE,
	  "unverified clock: LFENCE takes 0.250 cycles, it does not serialise: "
	  "the timer's fence does not work" },
	{ 6, 0x66, 0, { 3000, 1000, 1999, N, N, N, N }, ANCHORED_NO_FENCE,
	  "unverified clock: LFENCE takes 1.999 cycles, it does not serialise: "
	  "the timer's fence does not work" },
	{ 6, 0x66, 0, { 3000, 1000, 4250, 24000, 250, 25000, 100000 },
	  ANCHORED_UNKNOWN,
	  "no published figures for this model: the clock is not verified" },
	{ 6, 0x66, 1, { 3000, N, 4250, 24000, 250, 25000, 100000 },
	  ANCHORED_UNKNOWN,
	  "no published figures for this model: the clock is not verified" },
	{ 6, 0x3a, 0, { 3000, 1000, 4250, 24000, 250, 25000, 100000 },
	  ANCHORED_UNKNOWN,
	  "no published figure for Ivy Bridge "
	  "to compare with: the clock is not verified" },
	{ 6, 0x5e, 1, { 3000, N, N, N, 250, 25170, 100580 }, ANCHORED_UNKNOWN,
	  "no published figure for Skylake "
	  "to compare with: the clock is not verified" GUEST },
	{ 6, 0x97, 0, { N, N, N, N, N, N, N }, ANCHORED_NOT_MEASURED,
	  "no anchor was measured: the clock is not verified" },
	{ 0xf, 2, 1, { 15000, INT64_MIN + 1, 40000, 66000, N, N, N },
	  ANCHORED_UNVERIFIED,
	  "unverified clock: 1 of 3 anchors more than 10% off published "
	  "figures for Pentium 4 "
	  "(Northwood), farthest add_chain: -9223372036854775.807 cycles, published 0.500" GUEST },
};
#define RUNS (sizeof(runs) / sizeof(runs[0]))

static void test_summary(void)
{
	char to[ANCHOR_SUMMARY_ROOM], cut[20];

	for (unsigned i = 0; i < RUNS; i++) {
		struct cpu_id id = cpu("GenuineIntel", runs[i].family,
				       runs[i].model);
		struct anchor_conditions how = { &id, runs[i].hypervisor, true };
		struct anchor_check c[ANCHOR_COUNT];

		for (enum anchor a = 0; a < ANCHOR_COUNT; a++)
			c[a] = anchor_judge(a, runs[i].measured[a], &how);
		anchor_summary(to, sizeof(to), c, ANCHOR_COUNT, runs[i].hypervisor);
		if (!ok(anchored(c, ANCHOR_COUNT) == runs[i].want
			&& !strcmp(to, runs[i].phrase), "%s: %s",
			anchored_names[runs[i].want], runs[i].phrase))
			diag("not %s: %s", anchored_names[anchored(c, ANCHOR_COUNT)],
			     to);
		anchor_summary(cut, sizeof(cut), c, ANCHOR_COUNT, runs[i].hypervisor);
		ok(strlen(cut) == sizeof(cut) - 1
		   && !strncmp(cut, runs[i].phrase, strlen(cut)), "cut: %s", cut);
	}
	ok(anchored(NULL, 0) == ANCHORED_NOT_MEASURED, "no checks: not measured");
}

/* The phrase for guests names what the list allows to be judged there. */
static void test_guest(void)
{
	static const char *const judged[] = {
		"imul_chain", "add_chain", "lfence", "pushf_popf"
	};
	unsigned n = 0;

#define ANCHOR(name, in_guest, what) \
	n += (in_guest) && n < 4 && !strcmp(#name, judged[n]);
#include "list/anchor.def"
	ok(n == 4, "the chains, lfence and pushf_popf are judged in a guest");
}

int main(void)
{
	test_models();
	test_figures();
	test_uarchs();
	test_spots();
	test_cpus();
	test_invented();
	test_judge();
	test_summary();
	test_guest();
	return done();
}
