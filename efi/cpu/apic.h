/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC as a quiet window uses it, in xAPIC and in x2APIC mode. */
#ifndef APIC_H
#define APIC_H

#include <stdbool.h>
#include <stdint.h>

#define APIC_LVTS	7

/* What a window touches.  Entries the APIC does not have are 0. */
struct apic_state {
	uint32_t lvt[APIC_LVTS], tpr;
};

/* Finds out what there is, and in which mode.  False: no local APIC in use; then
 * the functions below do nothing. */
bool apic_learn(void);

/* What apic_learn() found. */
bool apic_is_in_use(void);

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

/*
 * Between CPUs: of the CPU that calls, once apic_learn() has found an APIC on the boot
 * CPU.  These do not use the guard.
 */

/* What a CPU that is to take interrupts lends. */
struct apic_here {
	uint32_t spurious, tpr, timer, lint0;
};

/* Is this CPU's APIC in the mode, and where, the boot CPU's is? */
bool apic_same_mode(void);
/* "xAPIC" or "x2APIC", after apic_learn(). */
const char *apic_mode(void);
/* Its number, for apic_send(). */
uint32_t apic_id(void);
void apic_eoi(void);
/* Is an EOI owed for that vector? */
bool apic_in_service(unsigned vector);
/* An interrupt for another CPU.  In xAPIC mode numbers from 255 on cannot be had. */
void apic_send(uint32_t id, uint8_t vector);
void apic_send_nmi(uint32_t id);
/* What is lent, as it is; as it is to be, for interrupts of CPUs alone; makes it so. */
struct apic_here apic_here(void);
struct apic_here apic_here_open(struct apic_here found);
void apic_here_put(const struct apic_here *s);
/* Are they the same, of the bits that say something? */
bool apic_here_same(const struct apic_here *a, const struct apic_here *b);

/* The vector of spurious interrupts, or 256 without a local APIC. */
unsigned apic_spurious_vector(void);

#endif
