/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the two architectures in what ring 3 is lent. */
#ifndef RING3_ARCH_H
#define RING3_ARCH_H

#include "kernel/ring3.h"
#include "ops/own_gdt.h"

/* Registers of loan_kept.h that this architecture's way into the kernel changes. */
uint32_t ring3_arch_kept(void);

/* Makes segments in the own GDT's ring-3 slots, says which they are, and puts in force by what
 * ring 3 enters the kernel; NULL, or why it cannot. */
const char *ring3_arch_lend(const struct own_gdt *g, struct kernel_ring3 *to);

/* What is in no register; nothing where it was not changed. */
void ring3_arch_take_back(void);

/* Selectors of data segments, which IRET to ring 3 clears. */
struct ring3_segments {
	uint16_t ds, es, fs, gs;
};
/* NULL, or why they could not be put back. */
const char *ring3_segments_read(struct ring3_segments *s, const struct own_gdt *g);
/* With the own GDT in force, of which own slots are not needed any more. */
void ring3_segments_put(const struct ring3_segments *s, const struct own_gdt *g);

#endif
