/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions of table.def that no call site has, each by itself, in convention native
 * alone.
 *
 * Source: Intel SDM Vol. 2A to 2D, on each.
 */
#include "arch.h"
#include "workload/workload.h"

#define COPY_rdtscp							\
	asm volatile("rdtscp" : : : ARCH_AX, "edx", "ecx")

/* By its bytes: assemblers of some years ago do not know it. */
#define COPY_wbnoinvd							\
	asm volatile(".byte 0xf3, 0x0f, 0x09" : : : "memory")

#define COPY_in_80							\
	asm volatile("inb $0x80, %%al" : : : ARCH_AX)

/* %k: as in native_store_tr(). */
#define COPY_sldt do {							\
	unsigned long selector_;					\
									\
	asm volatile("sldt %k0" : "=r" (selector_) : : "memory");	\
} while (0)

/* Type 0: the PCID and the address are where arg[0] leads. */
#define COPY_invpcid							\
	asm volatile("invpcid %0, %1" : : "m" (*(const struct invpcid *)w->arg[0]), \
		     "r" (0ul) : "memory")

struct invpcid {
	uint64_t pcid, address;
};

/* A call of what goes back by it (operands.h): a frame needs the address that it leads to,
 * and a copy must not know its own. */
#define COPY_iret	((void (*)(void))w->call)()

#define TABLE(name, ...)
#define INSTRUCTION(name, ...)	WORKLOAD_SOURCE(name, COPY_##name;)
#define TABLE_TOO(name, ...)
#include "list/table.def"
