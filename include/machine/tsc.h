/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How fast the TSC is: what each source says, and which one is believed.
 *
 * Everything here is bytes in, bytes out: who asks the CPU and reads the timers
 * is elsewhere, so that what a broken one would say can be tested.
 */
#ifndef TSC_H
#define TSC_H

#include <stdbool.h>
#include <stdint.h>
#include "machine/cpuid.h"

enum tsc_kind {
#define TSC_SOURCE(name, role, text) TSC_##name,
#include "list/tsc.def"
#undef TSC_SOURCE
	TSC_KIND_COUNT
};

/* For people and for reports. */
extern const char *const tsc_kind_names[TSC_KIND_COUNT];

/* What the TSC did while a timer was watched. */
enum tsc_motion { TSC_ADVANCED, TSC_STOOD_STILL, TSC_RAN_BACKWARDS };

/* One source and what it says. */
struct tsc_source {
	enum tsc_kind kind;
	uint64_t hz;			/* 0: it says nothing, see @why */
	uint32_t n;			/* measurements; 0: announced */
	uint32_t spread_ppm;		/* largest of them against the smallest */
	uint32_t resolution_ppm;	/* of one: a step of the timer and the
					 * width of the reads, in the interval */
	enum tsc_motion motion;
	const char *why;		/* why there is no rate, static, or NULL */
};

/* The TSC and a reference clock at both ends of an interval. */
struct tsc_span {
	uint64_t tsc0, tsc1;
	uint64_t ref0, ref1;
	uint64_t gap;		/* TSC ticks that the two paired reads took */
	bool backwards;		/* a TSC read in between was below the one before */
};

/* More measurements of one source than this are not looked at. */
#define TSC_SPANS_MAX	9

/**
 * tsc_measured - what a reference clock says.
 * @kind:     which.
 * @ref_hz:   its rate; 0 is a clock without one, which says nothing.
 * @ref_mask: its bits, for a counter that wraps.
 * @span, @n: the measurements.
 *
 * The median of the measurements, of Stall()'s the smallest.  Return: hz 0 with
 * @why, where the TSC did not move or ran backwards in any of them, where the
 * reference did not move, or where the result does not fit 64 bits.
 */
struct tsc_source tsc_measured(enum tsc_kind kind, uint64_t ref_hz,
			       uint64_t ref_mask, const struct tsc_span *span,
			       unsigned n);

/**
 * tsc_hpet_hz - an HPET's rate by its capability register.
 * @period_fs: bits 63:32 of it, the length of a tick in fs.
 *
 * Return: 0 for a period that cannot be: 0, above the specification's 100 ns, or
 * so short that its rate does not fit.
 *
 * Source: Intel, "IA-PC HPET Specification", "General Capabilities and ID
 * Register".
 */
uint32_t tsc_hpet_hz(uint32_t period_fs);

/* A source that says nothing, and why. */
struct tsc_source tsc_silent(enum tsc_kind kind, const char *why);

/**
 * tsc_by_hypervisor - CPUID leaf 40000010h, EAX in kHz.
 *
 * Source: VMware, "Mechanisms to determine if software is running in a VMware
 * virtual machine"; QEMU and others have the same leaf.
 */
struct tsc_source tsc_by_hypervisor(const struct cpuid *c);

/**
 * tsc_has_hyperv - may MSR 40000022h be asked?
 * Return: NULL if it may, or why not.
 *
 * Source: Microsoft, "Hypervisor Top Level Functional Specification", "Feature
 * Identification", "Timers": HV_X64_MSR_TSC_FREQUENCY.
 */
const char *tsc_has_hyperv(const struct cpuid *c);

/* What that MSR said: Hz. */
struct tsc_source tsc_by_hyperv(uint64_t msr);

/**
 * tsc_by_leaf15 - CPUID leaf 15h: crystal * EBX / EAX.
 *
 * Intel alone.  Where ECX, the crystal, is 0, it is known for some models.
 *
 * Source: Intel SDM Vol. 2A, "CPUID--CPU Identification"; Vol. 3B, "Determining
 * the Processor Base Frequency", table of nominal core crystal clocks.
 */
struct tsc_source tsc_by_leaf15(const struct cpuid *c);

/* What was chosen. */
struct tsc_choice {
	uint64_t hz;			/* 0: not known */
	int source;			/* index of it, or -1 */
	int cross;			/* of what it was held against, or -1 */
	uint32_t deviation_ppm;		/* of that from @hz */
	char doubt[320];		/* what speaks against it, or empty */
};

/**
 * tsc_choose - the source to believe.
 * @s, @n: all sources, at most one a kind, in any order.
 *
 * The best one by order of tsc.def that a timer confirms to 1 %.  What is
 * announced and no timer confirms is not believed: the timers decide, the
 * first of them that answers.  Where no timer answers, what is announced is
 * taken, and is said not to be cross-checked.  A TSC that stood still or ran
 * backwards while any timer was watched has no rate.
 */
struct tsc_choice tsc_choose(const struct tsc_source *s, unsigned n);

/* Adds to a choice's doubt; what does not fit is cut. */
void tsc_doubt(struct tsc_choice *c, const char *text);

/* How far @hz is from @of, in millionths of @of; UINT32_MAX where it is more
 * than that or @of is 0. */
uint32_t tsc_ppm(uint64_t hz, uint64_t of);

#endif
