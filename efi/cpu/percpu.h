/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The per-CPU segment: what makes %gs (x86-64) or %fs (ia32) reach pv_memory, lent
 * for each quiet window.
 */
#ifndef PERCPU_H
#define PERCPU_H

#include <stdint.h>
#include "paravirt/native.h"

/* What is lent.  What the architecture does not lend is 0. */
struct percpu_state {
	uint64_t gs_base;		/* x86-64 */
	struct native_dtr gdtr;		/* ia32 */
	uint16_t fs;			/* ia32 */
};

#if ARCH_WORD == 4
struct pv_memory;
/* The descriptor of a segment that is @to. */
uint64_t percpu_descriptor(const struct pv_memory *to);
#endif

/* As it is now. */
struct percpu_state percpu_read(void);

/* Makes it so.  On ia32 a selector that cannot be loaded is not. */
void percpu_put(const struct percpu_state *s);

/* Values that are none the machine had and none that a window gives it, and that
 * nothing depends on. */
struct percpu_state percpu_disguise(struct percpu_state s);

/* Return: the name of what is not the same in both; NULL: all is. */
const char *percpu_difference(const struct percpu_state *a,
			      const struct percpu_state *b);

/**
 * percpu_open - keep what is there, and let the segment reach pv_memory.
 *
 * To be called with IF off, the guard open, after pv_memory_open().  On ia32 a copy
 * of the GDT in force, with one descriptor more, takes its place: every selector
 * means what it meant, so gates and interrupted code find theirs.
 *
 * Return: NULL, or why it cannot be, to follow "for"; then nothing is changed.
 */
const char *percpu_open(void);

/* Puts back what percpu_open() kept; nothing where it is not open. */
void percpu_close(void);

#endif
