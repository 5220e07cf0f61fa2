/* SPDX-License-Identifier: GPL-2.0-only */
/* Two of the serialising instructions, which any ring may run. */
#ifndef SERIALISE_INSN_H
#define SERIALISE_INSN_H

#include <stdbool.h>
#include <stdint.h>
#include "arch.h"

static inline void serialise_serialize(void)
{
	asm volatile(".byte 0x0f, 0x01, 0xe8" : : : "memory");
}

/*
 * The frame is what an interrupt here would have pushed: on x86-64 with the stack
 * pointer, on ia32 without, as the privilege stays.  Source: Intel SDM Vol. 2A,
 * "IRET/IRETD/IRETQ--Interrupt Return".
 */
static inline void serialise_iret(void)
{
	unsigned long word;

#if ARCH_WORD == 8
	unsigned long sp;

	asm volatile("mov %%rsp, %1\n\t"
		     "mov %%ss, %k0\n\tpush %0\n\t"
		     "push %1\n\t"
		     "pushfq\n\t"
		     "mov %%cs, %k0\n\tpush %0\n\t"
		     "lea 1f(%%rip), %0\n\tpush %0\n\t"
		     "iretq\n"
		     "1:" : "=&r" (word), "=&r" (sp) : : "memory", "cc");
#else
	asm volatile("pushfl\n\t"
		     "mov %%cs, %0\n\tpush %0\n\t"
		     "push $1f\n\t"
		     "iretl\n"
		     "1:" : "=&r" (word) : : "memory", "cc");
#endif
}

/* Source: Intel SDM Vol. 2A, "CPUID--CPU Identification", leaf 7. */
static inline bool cpu_has_serialize(void (*cpuid)(uint32_t leaf, uint32_t sub,
						   uint32_t r[4]))
{
	uint32_t r[4];

	cpuid(0, 0, r);
	if (r[0] < 7)
		return false;
	cpuid(7, 0, r);
	return r[3] & 1u << 14;		/* feature.def: serialize */
}

#endif
