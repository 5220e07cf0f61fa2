/* SPDX-License-Identifier: GPL-2.0-only */
/* When DR0 has counted so far, once: IF, AC, DF, DS and ES are others, and then #UD. */
#include "workload/workload.h"

#ifdef __x86_64__
#define SP	"%%rsp"
#else
#define SP	"%%esp"
#endif

WORKLOAD_SOURCE(late,
	w->flags = save_fl();
	asm volatile("mov %%dr0, %0; inc %0; mov %0, %%dr0; cmp $20000, %0; jne 1f;"
		     "pushf; xorl $0x40600, (" SP "); popf; xor %0, %0; mov %0, %%ds;"
		     "mov %0, %%es; mov %%cr1, %0; 1:" : "=&r" (w->value[0]) : : "cc", "memory");
)
