/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "cpu": instructions and registers of the CPU that runs this, and what is
 * lent of them.  Nothing in it knows the firmware.
 *
 * This header has the instructions themselves: flags, MSRs, ports, CPUID, the TSC.
 */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stdint.h>
#include "measure/platform.h"	/* FLAGS_IF and its like */

/* Has it all that the application needs?  NULL, or what is missing. */
const char *cpu_lacks(void);

/**
 * cpu_tsc_begin, cpu_tsc_end - the TSC, in ticks, read in order.
 *
 * All that came before is done, and nothing that comes after has begun.  Two names, as
 * core asks for a clock by two: here they are one.
 */
uint64_t cpu_tsc_begin(void);
uint64_t cpu_tsc_end(void);

/* The flags register, as PUSHF has it. */
unsigned long cpu_flags(void);
/* Maskable interrupts on or off.  On: one that is pending is taken before this returns. */
void cpu_set_if(bool on);
/* IF off.  Return: was it on? */
bool cpu_irqs_off(void);
/* EFLAGS.AC: in ring 0 it checks nothing, but with CR4.SMAP lets user pages be
 * reached. */
void cpu_set_ac(bool on);

/*
 * MSRs that are there: an access to another raises #GP, and nobody catches it.  Those that
 * may not be are asked for by may_fault.h.
 */
static inline uint64_t cpu_rdmsr(uint32_t msr)
{
	uint32_t lo, hi;

	asm volatile("rdmsr" : "=a" (lo), "=d" (hi) : "c" (msr));
	return (uint64_t)hi << 32 | lo;
}

static inline void cpu_wrmsr(uint32_t msr, uint64_t v)
{
	asm volatile("wrmsr" : : "a" ((uint32_t)v), "d" ((uint32_t)(v >> 32)),
		     "c" (msr) : "memory");
}

/* Ports.  Nothing here faults in ring 0; what is not there reads as all ones. */
static inline uint8_t cpu_in8(uint16_t port)
{
	uint8_t v;

	asm volatile("inb %1, %0" : "=a" (v) : "Nd" (port));
	return v;
}

static inline uint32_t cpu_in32(uint16_t port)
{
	uint32_t v;

	asm volatile("inl %1, %0" : "=a" (v) : "Nd" (port));
	return v;
}

static inline void cpu_out8(uint16_t port, uint8_t v)
{
	asm volatile("outb %0, %1" : : "a" (v), "Nd" (port));
}

static inline void cpu_out32(uint16_t port, uint32_t v)
{
	asm volatile("outl %0, %1" : : "a" (v), "Nd" (port));
}

/* EAX, EBX, ECX, EDX into @r, in this order.  It serialises, and may exit to a
 * hypervisor, which answers what it likes. */
static inline void cpu_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	asm volatile("cpuid" : "=a" (r[0]), "=b" (r[1]), "=c" (r[2]), "=d" (r[3])
		     : "0" (leaf), "2" (sub));
}

#endif
