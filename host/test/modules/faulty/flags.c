/* SPDX-License-Identifier: GPL-2.0-only */
/* IF, AC, DF, DS and ES are others, and a word is on the stack; then #UD. */
#include "workload/workload.h"

#ifdef __x86_64__
#define SP	"%%rsp"
#else
#define SP	"%%esp"
#endif

WORKLOAD_SOURCE(flags,
	w->flags = save_fl();
	asm volatile("push %0; pushf; xorl $0x40600, (" SP "); popf;"
		     "mov %0, %%ds; mov %0, %%es; mov %%cr1, %0" : : "r" (0l) : "memory", "cc");
)
