/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "cpuid_0": the cheapest leaf; dear where a hypervisor answers.  EBX is
 * the caller's: a copy keeps it. */
#include "arch.h"
#include "workload/workload.h"

#if ARCH_WORD == 8
#define SAVE	mov R(rbx), R(r8)
#define BACK	mov R(r8), R(rbx)
#else
#define SAVE	push R(ebx)
#define BACK	pop R(ebx)
#endif

WORKLOAD_PLAIN(cpuid_0, SAVE; xor R(eax), R(eax); xor R(ecx), R(ecx); cpuid; BACK)
