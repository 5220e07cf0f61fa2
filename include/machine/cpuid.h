/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUID with its limits: a leaf above the largest one is absent, whatever comes
 * out of it.
 *
 * Beyond its largest leaf a CPU answers with the data of another one (Intel) or
 * with zeros (AMD); emulators do the first too.  So nothing is taken from a leaf
 * that its range does not announce.
 */
#ifndef CPUID_H
#define CPUID_H

#include <stdbool.h>
#include <stdint.h>

enum { CPUID_EAX, CPUID_EBX, CPUID_ECX, CPUID_EDX };

/* Filled by cpuid_open(). */
struct cpuid {
	void (*read)(uint32_t leaf, uint32_t sub, uint32_t r[4]);
	uint32_t max_basic;
	uint32_t max_hypervisor;	/* 0: no hypervisor */
	uint32_t max_extended;		/* 0: none */
};

/**
 * cpuid_open - learn the limits.
 * @read: the instruction itself.
 *
 * Source: Intel SDM Vol. 2A, "CPUID--CPU Identification"; for the hypervisor's
 * range, announced by leaf 1 ECX[31], Microsoft, "Hypervisor Top Level
 * Functional Specification", "Feature and Interface Discovery".
 */
struct cpuid cpuid_open(void (*read)(uint32_t leaf, uint32_t sub, uint32_t r[4]));

/**
 * cpuid_get - one leaf.
 * @r: EAX, EBX, ECX, EDX; zeros where the leaf is not there.
 *
 * Leaf 7 and others count their subleaves themselves; that is for the caller.
 *
 * Return: is it there?
 */
bool cpuid_get(const struct cpuid *c, uint32_t leaf, uint32_t sub, uint32_t r[4]);

/* One register of a leaf; 0 where it is not there. */
uint32_t cpuid_reg(const struct cpuid *c, uint32_t leaf, uint32_t sub, unsigned reg);

/* Which CPU it says it is: what NOPs and published figures are chosen by. */
struct cpu_id {
	char vendor[13];	/* leaf 0, a string that can be printed */
	unsigned family, model;	/* display family and model, leaf 1 */
	unsigned stepping;
	uint8_t vendor_bytes[12];	/* as the CPU has them */
	bool invented;		/* see cpu_is_invented(); left to the caller */
};

/* Family, model and stepping as they are displayed, and the vendor. */
void cpuid_id(const struct cpuid *c, struct cpu_id *id);

/* Is it of that vendor?  @vendor: all 12 characters of it. */
bool cpu_vendor_is(const struct cpu_id *id, const char *vendor);

/* The hypervisor's signature, "unnamed" if it is blank, empty without one. */
void cpuid_hypervisor(const struct cpuid *c, char name[13]);

/* The CPU's own name, or empty. */
void cpuid_brand(const struct cpuid *c, char name[49]);

/* Is it the name of a CPU that was never made?  Then its vendor, family and model say
 * nothing of the silicon: see list/invented.def. */
bool cpu_is_invented(const char *name);

/* Logical CPUs that this package announces; at least 1. */
unsigned cpuid_logical_cpus(const struct cpuid *c);

#endif
