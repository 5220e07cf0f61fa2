/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a path that goes to ring 3 is lent: segments, a TSS, for each program two pages (code,
 * stack) in an address space of its own, and a way in: the MSRs of SYSCALL (x86-64), a gate for
 * INT 80h (ia32).
 *
 * The machine's part is done before the path runs, and taken back behind it (platform.h,
 * lend_ring3).  The kernel's own code says itself where ring 3 enters it, for it runs at another
 * address in each cell.
 */
#ifndef KERNEL_RING3_H
#define KERNEL_RING3_H

/* Offsets, for assembly. */
#define RING3_IP		0
#define RING3_SP		8
#define RING3_CS		16
#define RING3_SS		24
#define RING3_TSS_SP0		32
#define RING3_GATE		40
#define RING3_RETURN_SP		48
#define RING3_KERNEL_SS		56
#define RING3_SP0		64

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

/* Programs of ring 3 that a path may have, each in an address space of its own. */
#define USER_PROGRAMS	2

/* A program of ring 3; of length 0: there is none.  It is position independent, and copied to a
 * page of its own.  The first begins with the number of units in USER_UNITS, and 0 in the other
 * registers but the stack pointer, and ends by the call KERNEL_EXIT; the second begins with 0 in
 * all, and has no end. */
struct user_code {
	const uint8_t *bytes;
	size_t len;			/* at most a page */
};

/**
 * struct kernel_ring3 - where ring 3 is.
 * @ip, @sp:    its program's first byte, and the end of its stack: a page.
 * @cs, @ss:    its selectors.
 * @tss_sp0:    the TSS's stack of ring 0, which the kernel sets.
 * @gate:       ia32: the gate of INT 80h, which leads nowhere yet; x86-64: 0.
 * @return_sp:  the kernel's own, while ring 3 runs: where its way out is.
 * @kernel_ss:  likewise.
 * @sp0:        where the kernel's stack begins when ring 3 enters it; the kernel sets it.
 * @cr3:        of the address space in which the program's two pages are ring 3's.
 * @other_ip, @other_sp, @other_cr3: of the second program, where there is one.
 * @tss:        the TSS, struct native_tss.
 */
struct kernel_ring3 {
	uint64_t ip, sp;
	uint64_t cs, ss;
	uint64_t tss_sp0, gate;
	uint64_t return_sp, kernel_ss, sp0;
	uint64_t cr3, other_ip, other_sp, other_cr3;
	uint64_t tss;
};

_Static_assert(offsetof(struct kernel_ring3, ip) == RING3_IP
	       && offsetof(struct kernel_ring3, sp) == RING3_SP
	       && offsetof(struct kernel_ring3, cs) == RING3_CS
	       && offsetof(struct kernel_ring3, ss) == RING3_SS
	       && offsetof(struct kernel_ring3, tss_sp0) == RING3_TSS_SP0
	       && offsetof(struct kernel_ring3, gate) == RING3_GATE
	       && offsetof(struct kernel_ring3, return_sp) == RING3_RETURN_SP
	       && offsetof(struct kernel_ring3, kernel_ss) == RING3_KERNEL_SS
	       && offsetof(struct kernel_ring3, sp0) == RING3_SP0,
	       "assembly has these offsets as numbers");

#endif
#endif
