/* SPDX-License-Identifier: GPL-2.0-only */
/* LFENCE's state from the facts: every vendor, every answer of the MSR. */
#include "machine/lfence.h"
#include "tap.h"

static const struct {
	const char *what;
	struct lfence_facts facts;
	enum lfence_state want;
} cases[] = {
	{ "Intel",
	  { "GenuineIntel", 6, false, false, false }, LFENCE_ALWAYS },
	{ "Intel, whatever an MSR of that number holds",
	  { "GenuineIntel", 6, false, true, false }, LFENCE_ALWAYS },
	{ "K8 has no setting",
	  { "AuthenticAMD", 0xf, false, false, false }, LFENCE_ALWAYS },
	{ "nor has family 11h",
	  { "AuthenticAMD", 0x11, false, true, false }, LFENCE_ALWAYS },
	{ "K10, set",
	  { "AuthenticAMD", 0x10, false, true, true }, LFENCE_BY_SETTING },
	{ "K10, clear",
	  { "AuthenticAMD", 0x10, false, true, false }, LFENCE_NOT },
	{ "Zen, the MSR faults",
	  { "AuthenticAMD", 0x17, false, false, false }, LFENCE_UNKNOWN },
	{ "Zen, what was not read is not used",
	  { "AuthenticAMD", 0x17, false, false, true }, LFENCE_UNKNOWN },
	{ "Zen, clear",
	  { "AuthenticAMD", 0x17, false, true, false }, LFENCE_NOT },
	{ "Zen 3, by CPUID, the bit is clear",
	  { "AuthenticAMD", 0x19, true, true, false }, LFENCE_ALWAYS },
	{ "Zen 3, by CPUID, the MSR faults",
	  { "AuthenticAMD", 0x19, true, false, false }, LFENCE_ALWAYS },
	{ "Hygon, set",
	  { "HygonGenuine", 0x18, false, true, true }, LFENCE_BY_SETTING },
	{ "Hygon, clear",
	  { "HygonGenuine", 0x18, false, true, false }, LFENCE_NOT },
	{ "Centaur: nothing is known",
	  { "CentaurHauls", 7, false, true, true }, LFENCE_UNKNOWN },
	{ "no vendor",
	  { "", 0, false, false, false }, LFENCE_UNKNOWN },
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

int main(void)
{
	plan(CASES);
	for (unsigned i = 0; i < CASES; i++)
		ok(lfence_decide(&cases[i].facts) == cases[i].want, "%s",
		   cases[i].what);
	return done();
}
