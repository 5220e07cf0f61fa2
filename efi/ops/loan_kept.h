/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ops change of a CPU: read, put back, compared.
 *
 * KEPT(name, what): in the order in which they are put back: TR and LDTR while the GDT that
 * has their descriptors is in force.
 */
#ifndef LOAN_KEPT_H
#define LOAN_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#define LOAN_KEPT(KEPT)							\
	KEPT(cr0, "CR0")						\
	KEPT(cr2, "CR2")						\
	KEPT(cr3, "CR3")						\
	KEPT(cr4, "CR4")						\
	KEPT(dr0, "DR0")						\
	KEPT(iopl, "IOPL")						\
	KEPT(sysenter_esp, "IA32_SYSENTER_ESP")				\
	KEPT(efer, "IA32_EFER")						\
	KEPT(star, "IA32_STAR")						\
	KEPT(lstar, "IA32_LSTAR")					\
	KEPT(fmask, "IA32_FMASK")					\
	KEPT(fs_base, "the base of %fs")				\
	KEPT(gs_base, "the base of %gs")				\
	KEPT(kernel_gs_base, "IA32_KERNEL_GS_BASE")			\
	KEPT(priority, "the task priority")				\
	KEPT(tr, "TR")							\
	KEPT(ldtr, "LDTR")						\
	KEPT(gdtr, "GDTR")						\
	KEPT(idtr, "IDTR")

enum kept {
#define KEPT(name, what) KEPT_##name,
	LOAN_KEPT(KEPT)
#undef KEPT
	KEPT_COUNT
};

/* A register, or a base and a limit. */
struct kept_value {
	uint64_t word;
	uint16_t limit;
};

/* Sets of them: bits 1 << KEPT_name. */

/* Reads those of the set; the others of @v are not touched. */
void kept_read(uint32_t set, struct kept_value v[KEPT_COUNT]);

/* The first of the set that is not the same in both, by the bits that are kept; NULL: all
 * are. */
const char *kept_difference(uint32_t set, const struct kept_value *a,
			    const struct kept_value *b);

/* Makes those of the set what @v says, if they are not.  TR is another matter: see
 * own_gdt.h. */
void kept_put(uint32_t set, const struct kept_value *v);

#endif
