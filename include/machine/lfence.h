/* SPDX-License-Identifier: GPL-2.0-only */
/* Does LFENCE hold back what follows it?  Decided from facts read elsewhere. */
#ifndef LFENCE_H
#define LFENCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The clock is read between two LFENCEs.  Intel's wait for all that came before
 * and hold back all that follows; AMD's does so where it is "dispatch
 * serialising", which on most of its CPUs is a setting.
 */
enum lfence_state {
	LFENCE_ALWAYS,		/* serialising, whatever any setting says */
	LFENCE_BY_SETTING,	/* serialising, as MSR C001_1029h bit 1 is set */
	LFENCE_NOT,		/* not serialising: that bit is clear */
	LFENCE_UNKNOWN,		/* the MSR cannot be read, or an unknown vendor */
};

/**
 * struct lfence_facts - what the decision rests on.
 * @vendor:   CPUID leaf 0's string.
 * @family:   display family, leaf 1.
 * @always:   CPUID 8000_0021h EAX bit 2; false where there is no such leaf.
 * @readable: MSR C001_1029h could be read.
 * @setting:  bit 1 of that MSR; of no meaning where it is not readable.
 */
struct lfence_facts {
	const char *vendor;
	unsigned family;
	bool always, readable, setting;
};

static inline bool lfence_vendor_is(const struct lfence_facts *f,
				    const char *vendor)
{
	for (unsigned i = 0; i < 12; i++)
		if (f->vendor[i] != vendor[i])
			return false;
	return true;
}

/* Is the setting there to be read?  AMD's families 0Fh and 11h have none, and
 * serialise. */
static inline bool lfence_has_setting(const struct lfence_facts *f)
{
	return lfence_vendor_is(f, "HygonGenuine")
		|| (lfence_vendor_is(f, "AuthenticAMD")
		    && f->family != 0xf && f->family != 0x11);
}

/**
 * lfence_decide - the state, from the facts.
 *
 * Source: AMD, "Software Techniques for Managing Speculation on AMD Processors",
 * mitigation G-2; AMD64 APM Vol. 3, "CPUID Fn8000_0021_EAX"; Intel SDM Vol. 2A,
 * "LFENCE--Load Fence".
 */
static inline enum lfence_state lfence_decide(const struct lfence_facts *f)
{
	if (lfence_has_setting(f)) {
		if (f->always)
			return LFENCE_ALWAYS;
		if (!f->readable)
			return LFENCE_UNKNOWN;
		return f->setting ? LFENCE_BY_SETTING : LFENCE_NOT;
	}
	return lfence_vendor_is(f, "GenuineIntel")
		|| lfence_vendor_is(f, "AuthenticAMD")
		? LFENCE_ALWAYS : LFENCE_UNKNOWN;
}

#endif
