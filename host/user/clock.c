/* SPDX-License-Identifier: GPL-2.0-only */
/* The process's clock, CPU and environment. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include "arch.h"
#include "build.h"
#include "machine/instructions.h"
#include "machine/lfence.h"
#include "lib/printable.h"
#include "user.h"

uint64_t user_tsc_read(void)
{
	return tsc_read_ordered();
}

void user_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	asm volatile("cpuid" : "=a" (r[0]), "=b" (r[1]), "=c" (r[2]), "=d" (r[3])
		     : "0" (leaf), "2" (sub));
}

static uint64_t raw_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Reads both clocks close together: the closest of nine. */
static uint64_t read_both(uint64_t *tsc, uint64_t *ns)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 9; i++) {
		uint64_t before = user_tsc_read(), t = raw_ns();
		uint64_t gap = user_tsc_read() - before;

		if (gap >= best)
			continue;
		best = gap;
		*tsc = before + gap / 2;
		*ns = t;
	}
	return best;
}

#define SPANS		5
#define SPAN_NS		20000000u

static struct tsc_source by_monotonic(void)
{
	struct tsc_span s[SPANS];

	for (unsigned i = 0; i < SPANS; i++) {
		s[i] = (struct tsc_span){ .gap = 0 };
		s[i].gap = read_both(&s[i].tsc0, &s[i].ref0);
		while (raw_ns() - s[i].ref0 < SPAN_NS)
			;
		s[i].gap += read_both(&s[i].tsc1, &s[i].ref1);
	}
	return tsc_measured(TSC_monotonic_raw, 1000000000u, UINT64_MAX, s, SPANS);
}

static void gather_clocks(struct tsc_source s[TSC_KIND_COUNT],
			  const struct cpuid *c)
{
	for (unsigned i = 0; i < TSC_KIND_COUNT; i++)
		s[i] = tsc_silent(i, "the kernel's");
	s[TSC_hypervisor] = tsc_by_hypervisor(c);
	s[TSC_leaf15] = tsc_by_leaf15(c);
	s[TSC_monotonic_raw] = by_monotonic();
}

/* Source: AMD64 APM Vol. 3, "CPUID Fn8000_0021_EAX". */
static const char *lfence_here(const struct environment *env)
{
	const struct lfence_facts f = {
		.vendor = env->cpu.vendor, .family = env->cpu.family,
		.always = has_feature(env->features, FEATURE_lfence_dispatch),
	};

	return lfence_decide(&f) == LFENCE_ALWAYS ? "always serialising"
		: "not known to serialise: ring 3 may not read the MSR that says it; "
		  "the anchor lfence shows it";
}

void user_environment(struct environment *env)
{
	const struct cpuid c = cpuid_open(user_cpuid);
	time_t now = time(NULL);
	struct utsname u;

	env->version = BUILD_VERSION;
	env->arch = ARCH_NAME;
	env->compiler = "gcc " __VERSION__;
	env->flags = ARCH_FLAGS " " BUILD_FLAGS;
	env->ops_addr = (uintptr_t)&paravirt_ops;
	env->cycles = "IMUL chain";
	env->smbios.why = "ring 3 does not look";
	env->microcode_why = "ring 3 may not read it";
	strftime(env->date, sizeof(env->date), "%Y-%m-%dT%H:%M:%S", gmtime(&now));
	if (!uname(&u)) {
		char os[200];

		snprintf(os, sizeof(os), "%s %s, as a process in ring 3", u.sysname,
			 u.release);
		printable(env->firmware, sizeof(env->firmware), os, strlen(os));
	}
	environment_cpu(env, &c);
	env->lfence = lfence_here(env);
	gather_clocks(env->tsc_sources, &c);
	environment_tsc(env);
}
