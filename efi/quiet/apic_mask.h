/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC's masks and task priority, lent for a quiet window. */
#ifndef APIC_MASK_H
#define APIC_MASK_H

#include <stdbool.h>
#include <stdint.h>

#define APIC_LVTS	7

/* What a window touches.  Entries the APIC does not have are 0. */
struct apic_state {
	uint32_t lvt[APIC_LVTS], tpr;
};

/* apic_learn(), and how many entries its table has.  Where it returns false the functions
 * below do nothing. */
bool apic_mask_learn(void);

/* As it is now, without the bits of the table that software does not set. */
struct apic_state apic_read(void);

/* NULL, or the name of what differs, of the bits that say something. */
const char *apic_difference(const struct apic_state *a, const struct apic_state *b);

/* Takes @tpr as the task priority. */
void apic_set_priority(uint32_t tpr);

/**
 * apic_mask - mask the local vector table, and keep what was there.
 *
 * LINT1 too, which is an NMI on most machines: one that comes by it while it is
 * masked is lost.
 *
 * Return: false if an entry did not take its mask; apic_unmask() is owed all the
 * same.
 */
bool apic_mask(void);

/* Masks what a handler has unmasked or armed since; that is then what is kept. */
void apic_mask_again(void);

/* Nothing is delivered from here on.  False: the priority did not take. */
bool apic_shut(void);

/* Puts back what apic_mask() kept, and arms a timer that ran out meanwhile. */
void apic_unmask(void);

#endif
