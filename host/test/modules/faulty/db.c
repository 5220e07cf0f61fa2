/* SPDX-License-Identifier: GPL-2.0-only */
/* #DB: a single step. */
#include "workload/workload.h"

#ifdef __x86_64__
#define SP	"%%rsp"
#else
#define SP	"%%esp"
#endif

WORKLOAD_SOURCE(db,
	w->flags = save_fl();
	asm volatile("pushf; orl $0x100, (" SP "); popf; nop" : : : "memory", "cc");
)
