/* SPDX-License-Identifier: GPL-2.0-only */
/* Kinds of core, by what CPUs of both kinds answer. */
#include <string.h>
#include "machine/core_kind.h"
#include "tap.h"

/* What a CPU answers; of leaf 1 the signature. */
static struct answers {
	const char *what;
	const char *vendor;		/* as in EBX, EDX, ECX of leaf 0 */
	uint32_t max_basic, max_extended;
	uint32_t signature;		/* leaf 1, EAX */
	uint32_t native;		/* leaf 1Ah, EAX */
	uint32_t topology_eax, topology_ebx;	/* leaf 80000026h */
	enum core_kind kind;		/* right */
} *now;

#define INTEL	"GenuineIntel"
#define AMD	"AuthenticAMD"

static struct answers cpus[] = {
	/* Alder Lake, 6_97h: Golden Cove is 40000001h, Gracemont 20000001h. */
	{ "Alder Lake, a performance core", INTEL, 0x20, 0x80000008, 0x90672, 0x40000001,
	  0, 0, CORE_performance },
	{ "Alder Lake, an efficiency core", INTEL, 0x20, 0x80000008, 0x90672, 0x20000001,
	  0, 0, CORE_efficiency },
	/* Meteor Lake, 6_AAh. */
	{ "Meteor Lake, Redwood Cove", INTEL, 0x23, 0x80000008, 0xa06a4, 0x40000002, 0, 0,
	  CORE_performance },
	{ "Meteor Lake, Crestmont", INTEL, 0x23, 0x80000008, 0xa06a4, 0x20000002, 0, 0,
	  CORE_efficiency },
	{ "a hypervisor that answers leaf 1Ah with zeros: Alder Lake has both kinds",
	  INTEL, 0x20, 0x80000008, 0x90672, 0, 0, 0, CORE_unknown },
	{ "a kind that is not known", INTEL, 0x20, 0x80000008, 0x90672, 0x30000001, 0, 0,
	  CORE_unknown },
	/* One that has no leaf 1Ah: its last leaf would answer. */
	{ "Skylake, leaf 1Ah is beyond its last", INTEL, 0x16, 0x80000008, 0x506e3,
	  0x20000001, 0, 0, CORE_performance },
	{ "Alder Lake N, by its model", INTEL, 0x20, 0x80000008, 0xb06e0, 0, 0, 0,
	  CORE_efficiency },
	{ "Gemini Lake", INTEL, 0x18, 0x80000008, 0x706a8, 0, 0, 0, CORE_efficiency },
	{ "Silvermont", INTEL, 0xb, 0x80000008, 0x30678, 0, 0, 0, CORE_efficiency },
	{ "Sierra Forest", INTEL, 0x23, 0x80000008, 0xa06f3, 0, 0, 0, CORE_efficiency },
	{ "Sapphire Rapids", INTEL, 0x20, 0x80000008, 0x806f8, 0, 0, 0, CORE_performance },
	{ "Pentium 4", INTEL, 5, 0x80000008, 0xf4a, 0, 0, 0, CORE_unknown },
	/* Strix Point, 1Ah_24h: leaf 80000026h, level 0 of the core. */
	{ "Strix Point, Zen 5", AMD, 0x10, 0x80000028, 0xb20f40, 0, 0x60000001, 0x00000002,
	  CORE_performance },
	{ "Strix Point, Zen 5c", AMD, 0x10, 0x80000028, 0xb20f40, 0, 0x60000001, 0x10000002,
	  CORE_efficiency },
	{ "a type of AMD's that is not known: by model", AMD, 0x10, 0x80000028, 0xb20f40, 0,
	  0x60000001, 0x20000002, CORE_performance },
	{ "Zen 4, all of one kind: the type says nothing", AMD, 0x10, 0x80000028, 0xa60f12,
	  0, 0x00000001, 0x10000002, CORE_performance },
	{ "Bergamo, Zen 4c, by its model", AMD, 0x10, 0x80000028, 0xaa0f02, 0, 1, 2,
	  CORE_efficiency },
	{ "Zen 3, without the leaf", AMD, 0x10, 0x80000023, 0xa20f10, 0, 0x60000001,
	  0x10000002, CORE_performance },
	{ "AMD's leaf is not asked of Intel", INTEL, 0x16, 0x80000028, 0x506e3, 0,
	  0x60000001, 0x10000002, CORE_performance },
	{ "Hygon", "HygonGenuine", 0xd, 0x8000001f, 0x900f02, 0, 0, 0, CORE_performance },
	{ "Bulldozer", AMD, 0xd, 0x8000001e, 0x600f12, 0, 0, 0, CORE_unknown },
	{ "another vendor", "CentaurHauls", 1, 0x80000006, 0x6fe, 0x20000001, 0, 0,
	  CORE_unknown },
};

static uint32_t word(const char *s)
{
	uint32_t v;

	memcpy(&v, s, 4);
	return v;
}

static void answer(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	(void)sub;
	memset(r, 0, 16);
	switch (leaf) {
	case 0:
		r[CPUID_EAX] = now->max_basic;
		r[CPUID_EBX] = word(now->vendor);
		r[CPUID_EDX] = word(now->vendor + 4);
		r[CPUID_ECX] = word(now->vendor + 8);
		break;
	case 1:
		r[CPUID_EAX] = now->signature;
		break;
	case 0x1a:
		r[CPUID_EAX] = now->native;
		break;
	case 0x80000000:
		r[CPUID_EAX] = now->max_extended;
		break;
	case 0x80000026:
		r[CPUID_EAX] = now->topology_eax;
		r[CPUID_EBX] = now->topology_ebx;
		break;
	}
}

int main(void)
{
	const unsigned n = sizeof(cpus) / sizeof(cpus[0]);

	plan(n + 1);
	for (now = cpus; now < cpus + n; now++) {
		const struct cpuid c = cpuid_open(answer);

		ok(core_kind(&c) == now->kind, "%s: %s", now->what,
		   core_kind_names[now->kind]);
	}
	ok(!strcmp(core_kind_names[CORE_efficiency], "efficiency"), "by name");
	return done();
}
