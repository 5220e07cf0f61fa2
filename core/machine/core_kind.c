/* SPDX-License-Identifier: GPL-2.0-only */
/* Kinds of core, see core_kind.h. */
#include "machine/core_kind.h"

#define LEAF_NATIVE_MODEL	0x1au
#define NATIVE_ATOM		0x20u		/* EAX[31:24] */
#define NATIVE_CORE		0x40u

#define LEAF_AMD_TOPOLOGY	0x80000026u
#define AMD_HETEROGENEOUS	(1u << 30)	/* EAX */
#define AMD_PERFORMANCE		0u		/* EBX[31:28] */
#define AMD_EFFICIENCY		1u

#define ZEN			0x17u		/* the least family */

const char *const core_kind_names[CORE_KIND_COUNT] = {
#define CORE_KIND(name, what) #name,
#include "list/core_kind.def"
};

static const struct core_models {
	char vendor[13];
	uint8_t family, first, last;
	uint8_t kind;
} models[] = {
#define CORE_MODELS(vendor, family, first, last, kind) \
	{ vendor, family, first, last, CORE_##kind },
#include "list/core_kind.def"
};
#define MODELS_COUNT	(sizeof(models) / sizeof(models[0]))

/* What leaf 1Ah says; all zero where all cores are of one kind. */
static enum core_kind by_native_model(const struct cpuid *c)
{
	switch (cpuid_reg(c, LEAF_NATIVE_MODEL, 0, CPUID_EAX) >> 24) {
	case NATIVE_ATOM:
		return CORE_efficiency;
	case NATIVE_CORE:
		return CORE_performance;
	}
	return CORE_unknown;
}

/* The core's type is only there where there are several. */
static enum core_kind by_amd_topology(const struct cpuid *c)
{
	uint32_t r[4];

	if (!cpuid_get(c, LEAF_AMD_TOPOLOGY, 0, r) || !(r[CPUID_EAX] & AMD_HETEROGENEOUS))
		return CORE_unknown;
	switch (r[CPUID_EBX] >> 28) {
	case AMD_PERFORMANCE:
		return CORE_performance;
	case AMD_EFFICIENCY:
		return CORE_efficiency;
	}
	return CORE_unknown;
}

static enum core_kind by_model(const struct cpu_id *id)
{
	for (const struct core_models *m = models; m < models + MODELS_COUNT; m++)
		if (cpu_vendor_is(id, m->vendor) && id->family == m->family
		    && id->model >= m->first && id->model <= m->last)
			return (enum core_kind)m->kind;
	if (cpu_vendor_is(id, "GenuineIntel"))
		return id->family == 6 ? CORE_performance : CORE_unknown;
	if (cpu_vendor_is(id, "AuthenticAMD") || cpu_vendor_is(id, "HygonGenuine"))
		return id->family >= ZEN ? CORE_performance : CORE_unknown;
	return CORE_unknown;
}

enum core_kind core_kind(const struct cpuid *c)
{
	enum core_kind said = CORE_unknown;
	struct cpu_id id;

	cpuid_id(c, &id);
	if (cpu_vendor_is(&id, "GenuineIntel"))
		said = by_native_model(c);
	else if (cpu_vendor_is(&id, "AuthenticAMD"))
		said = by_amd_topology(c);
	return said != CORE_unknown ? said : by_model(&id);
}
