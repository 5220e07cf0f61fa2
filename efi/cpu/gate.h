/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A gate of an interrupt descriptor table: where a vector leads, by which code segment,
 * and, on x86-64, on which stack (@ist; 0: the one in use).
 *
 * Source: Intel SDM Vol. 3A, "IDT Descriptors", "64-Bit Mode IDT".
 */
#ifndef GATE_H
#define GATE_H

#include <stdbool.h>
#include <stdint.h>
#include "arch.h"

#define GATE_INTERRUPT	0x8e	/* present, DPL 0 */

struct gate {
	uint16_t offset0, selector;
	uint8_t ist, type;
	uint16_t offset16;
#if ARCH_WORD == 8
	uint32_t offset32, reserved;
#endif
};

_Static_assert(sizeof(struct gate) == 2 * ARCH_WORD, "the CPU's gate");

/* Where it leads: its halves, put together. */
static inline uintptr_t gate_offset(const struct gate *g)
{
	uintptr_t offset = g->offset0 | (uintptr_t)g->offset16 << 16;

#if ARCH_WORD == 8
	offset |= (uintptr_t)g->offset32 << 32;
#endif
	return offset;
}

/* Makes it lead to @offset; the rest of it stays. */
static inline void gate_set_offset(struct gate *g, uintptr_t offset)
{
	g->offset0 = (uint16_t)offset;
	g->offset16 = (uint16_t)(offset >> 16);
#if ARCH_WORD == 8
	g->offset32 = (uint32_t)(offset >> 32);
#endif
}

/* One that is not raises #NP, and may be anything otherwise. */
static inline bool gate_is_present(const struct gate *g)
{
	return g->type & 0x80;
}

/* An interrupt gate of the code segment in force, without an offset. */
static inline struct gate gate_new(void)
{
	uint32_t cs;

	asm volatile("mov %%cs, %0" : "=r" (cs));
	return (struct gate){ .selector = (uint16_t)cs, .type = GATE_INTERRUPT };
}

#endif
