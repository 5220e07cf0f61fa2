/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control registers, and of the debug registers three: what each holds, and another
 * value for it.
 *
 * They are the CPU's that calls.  A reserved bit, or bits that do not go together, raise
 * #GP, and nobody catches it: so a value is what was read with a bit changed.
 *
 * Source: Intel SDM Vol. 3A, "Control Registers", "Debug Registers".
 */
#ifndef CONTROL_H
#define CONTROL_H

#define CR4_PGE		(1ul << 7)
#define CR4_UMIP	(1ul << 11)
#define CR4_PCIDE	(1ul << 17)

#define CONTROL_REGISTER(name)						\
	static inline unsigned long cpu_##name(void)			\
	{								\
		unsigned long v;					\
									\
		asm volatile("mov %%" #name ", %0" : "=r" (v));		\
		return v;						\
	}								\
	static inline void cpu_set_##name(unsigned long v)		\
	{								\
		asm volatile("mov %0, %%" #name : : "r" (v) : "memory");	\
	}

/* cpu_cr0() is what it holds, cpu_set_cr0() gives it another value; and so on. */
CONTROL_REGISTER(cr0)
CONTROL_REGISTER(cr2)
CONTROL_REGISTER(cr3)
CONTROL_REGISTER(cr4)
CONTROL_REGISTER(dr0)
CONTROL_REGISTER(dr6)
CONTROL_REGISTER(dr7)

#undef CONTROL_REGISTER

#endif
