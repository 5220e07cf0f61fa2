/* SPDX-License-Identifier: GPL-2.0-only */
/* What the CPU has, see feature.h. */
#include "machine/feature.h"

const char *const feature_names[FEATURE_COUNT] = {
#define FEATURE(name, leaf, sub, reg, bit) [FEATURE_##name] = #name,
#define ALSO(name, leaf, sub, reg, bit)
#include "list/feature.def"
#undef FEATURE
#undef ALSO
};

static const struct place {
	uint8_t which, sub, reg, bit;
	uint32_t leaf;
} places[] = {
#define FEATURE(name, leaf, sub, reg, bit)	\
	{ FEATURE_##name, sub, CPUID_##reg, bit, leaf },
#define ALSO FEATURE
#include "list/feature.def"
#undef FEATURE
#undef ALSO
};

/* Leaf 7 counts its subleaves in EAX of the first. */
static bool is_there(const struct cpuid *c, const struct place *p)
{
	return !p->sub || (p->leaf == 7 && cpuid_reg(c, 7, 0, CPUID_EAX) >= p->sub);
}

struct features features_of(const struct cpuid *c)
{
	struct features f = { 0 };

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct place *p = &places[i];

		if (is_there(c, p)
		    && cpuid_reg(c, p->leaf, p->sub, p->reg) >> p->bit & 1)
			f.bits |= 1ull << p->which;
	}
	return f;
}
