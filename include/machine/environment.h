/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a report was made: what must be known to read its numbers, and is known before
 * the run.  What the run finds is in run/findings.h.
 *
 * machine/ is facts: what CPUID, SMBIOS, page tables and clocks say, read from bytes and
 * registers that the caller gives.  It changes nothing.  This header is all of it together.
 *
 * Strings of the machine's are printable and without double quotes (printable.h);
 * an empty one is not known.  No serial numbers: reports are collected.
 */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>
#include "machine/cpuid.h"
#include "machine/emulator.h"
#include "machine/feature.h"
#include "machine/smbios.h"
#include "machine/tsc.h"

struct environment {
	/* The application. */
	const char *version;		/* of parapatch: git describe */
	const char *arch;
	const char *compiler, *flags;
	uint64_t text_addr, text_len;	/* of the running image */
	uint64_t ops_addr;		/* of the ops table; 0: not known */
	char date[21];			/* 2026-11-23T20:00:00 by the firmware's
					 * clock, or empty */

	/* The CPU. */
	struct cpu_id cpu;
	char brand[49];			/* its own name, or empty */
	char hypervisor[13];		/* its signature, or empty on bare metal */
	struct emulator emulator;	/* its name is NULL: none that is known */
	uint32_t max_leaf;		/* CPUID's largest basic leaf */
	uint32_t hypervisor_max_leaf;	/* 0 on bare metal */
	uint32_t microcode;		/* its revision, if @microcode_why is NULL */
	const char *microcode_why;
	unsigned logical_cpus;		/* announced by this package; 0: not known */
	unsigned arch_perfmon;		/* version, 0: none */
	struct features features;
	bool invariant_tsc;		/* as FEATURE_invariant_tsc */

	/* The firmware and the board. */
	char firmware[80];		/* vendor and revision, for people */
	char firmware_vendor[60];
	uint32_t firmware_revision;
	uint32_t uefi_revision;		/* major << 16 | minor; 0: not UEFI */
	struct smbios smbios;
	const char *secure_boot;	/* "on", "off"; NULL: not UEFI */

	/* The state that some ops' cost depends on, as the firmware has it; the run leaves
	 * it so. */
	struct control_state {
		const char *apic;	/* of the local APIC: "xapic", "x2apic", "off";
					 * NULL: none of this is known, as in ring 3 */
		bool pge, pcide, umip;	/* bits of CR4 */
	} control;

	/* How the application's text is protected; NULL: not known. */
	struct text_written {
		const char *found;	/* "read-only" or "writable" */
		const char *mapped;	/* the same, while it runs */
		const char *by;		/* what makes it writable for a store */
		const char *why;	/* why not the firmware's protocol, or "" */
		const char *cet;	/* "off", or that it is switched off */
	} text_written;

	/* The clocks. */
	uint64_t tsc_hz;		/* 0: not known, then there are no ns */
	const char *tsc_source;		/* what it was taken from */
	struct tsc_source tsc_sources[TSC_KIND_COUNT];	/* by kind */
	struct tsc_choice tsc;		/* its indices are of @tsc_sources */
	uint32_t base_mhz, max_mhz;	/* CPUID leaf 16h, as announced; 0: not */
	const char *cycles;		/* what counts core cycles, or "none" */
	char cycles_why[200];		/* why nothing better does, or empty */

	const char *lfence;		/* does it hold back RDTSC?  NULL: not known;
					 * filled by others */
};

/**
 * environment_cpu - fill what CPUID says: the part "the CPU" but the microcode,
 * and leaf 16h.
 */
void environment_cpu(struct environment *env, const struct cpuid *c);

/**
 * environment_tsc - choose among env->tsc_sources, by kind; after
 * environment_cpu().
 *
 * A TSC not said to be invariant is doubted, but not under a hypervisor, whose
 * CPUs often do not say it and whose TSCs hold their rate.
 */
void environment_tsc(struct environment *env);

#endif
