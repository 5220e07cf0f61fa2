/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * By the number of the local APIC.  1: vector 18, as a machine check comes: a #UD, for which
 * IDTR has been moved on by 12 gates.  2: a double fault: a #GP, whose gate is beyond the
 * limit that IDTR has been given.  Before it every segment is another that may be.
 */
#include "workload/workload.h"

#ifdef __x86_64__
#define WORD	"r"
#define LIMIT	"$143"		/* 9 gates of 16 bytes */
#define MOVE	"addq $192, 2+%0"
#define SPOIL	"mov %%eax, %%ds; mov %%eax, %%es;"
#else
#define WORD	"e"
#define LIMIT	"$71"
#define MOVE	"addl $96, 2+%0"
#define SPOIL	"mov %%eax, %%ds; mov %%eax, %%es; mov %%eax, %%fs; mov %%eax, %%gs;"
#endif

WORKLOAD_SOURCE(abort,
	w->flags = save_fl();
	asm volatile("mov $1, %%eax; cpuid; shr $24, %%ebx; xor %%eax, %%eax;"
		     "cmp $1, %%ebx; jne 1f; sidt %0; " MOVE "; lidt %0; " SPOIL
		     "mov %%cr1, %%" WORD "ax;"
		     "1: cmp $2, %%ebx; jne 2f; sidt %0; movw " LIMIT ", %0; lidt %0;" SPOIL
		     "mov $0xfff8, %%eax; mov %%eax, %%es; 2:"
		     : "+m" (w->value[0]) : : "eax", "ebx", "ecx", "edx", "cc", "memory");
)
