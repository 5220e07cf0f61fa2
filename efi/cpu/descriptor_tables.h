/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the CPU finds its descriptor tables: GDTR and IDTR, TR and LDTR.
 *
 * A limit is the last byte's offset.  What segment registers hold stays when GDTR changes:
 * the next load of one reads the new table, and so does the next interrupt, which loads
 * CS.  With IF off an NMI or an exception may still come: a new IDT has to be whole before
 * it is loaded.
 *
 * Source: Intel SDM Vol. 3A, "Memory-Management Registers"; Vol. 2A, "LGDT/LIDT--Load
 * Global/Interrupt Descriptor Table Register".
 */
#ifndef DESCRIPTOR_TABLES_H
#define DESCRIPTOR_TABLES_H

#include <stdbool.h>
#include "paravirt/native.h"

static inline struct native_dtr cpu_gdtr(void)
{
	struct native_dtr dtr;

	asm volatile("sgdt %0" : "=m" (dtr) : : "memory");
	return dtr;
}

static inline struct native_dtr cpu_idtr(void)
{
	struct native_dtr dtr;

	asm volatile("sidt %0" : "=m" (dtr) : : "memory");
	return dtr;
}

static inline void cpu_set_gdtr(const struct native_dtr *dtr)
{
	asm volatile("lgdt %0" : : "m" (*dtr) : "memory");
}

static inline void cpu_set_idtr(const struct native_dtr *dtr)
{
	asm volatile("lidt %0" : : "m" (*dtr) : "memory");
}

/* The selectors that TR and LDTR hold. */
static inline uint16_t cpu_tr(void)
{
	uint32_t v;

	asm volatile("str %0" : "=r" (v));
	return (uint16_t)v;
}

static inline uint16_t cpu_ldtr(void)
{
	uint32_t v;

	asm volatile("sldt %0" : "=r" (v));
	return (uint16_t)v;
}

/* The same table?  What is in it is not looked at. */
static inline bool dtr_is_same(const struct native_dtr *a, const struct native_dtr *b)
{
	return a->base == b->base && a->limit == b->limit;
}

#endif
