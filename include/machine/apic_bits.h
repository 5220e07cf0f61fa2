/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC's registers: which of their bits say something when they are read
 * back. */
#ifndef APIC_BITS_H
#define APIC_BITS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * APIC_PRIORITY_ALL - the task priority that holds every maskable interrupt off.
 *
 * Its class, bits 7:4, is what is compared with an interrupt's; the sub-class, bits
 * 3:0, holds nothing off.  A hypervisor that keeps the priority as CR8 has it, as KVM
 * does for AMD's CPUs without AVIC, has no bits 3:0 to give back.  CR8 is bits 7:4.
 *
 * Source: Intel SDM Vol. 3A, "Task and Processor Priorities", "Interaction of Task
 * Priorities between CR8 and APIC".
 */
#define APIC_PRIORITY_ALL	0xf0u

/* The bits of an entry of the local vector table that software sets: vector, delivery
 * mode, polarity, trigger mode, mask, timer mode.  The others are status, or reserved
 * and whatever who answers makes of them.  Source: Intel SDM Vol. 3A, "Local Vector
 * Table". */
#define APIC_LVT_SET		(0xffu | 7u << 8 | 1u << 13 | 1u << 15 | 1u << 16 | 3u << 17)
/* Likewise of the spurious interrupt's register: vector, and whether the APIC is
 * enabled.  Source: Intel SDM Vol. 3A, "Spurious Interrupt". */
#define APIC_SPURIOUS_SET	(0xffu | 1u << 8)

/* The timer's mode, of its entry. */
#define LVT_MODE	(3u << 17)
#define LVT_ONE_SHOT	(0u << 17)
#define LVT_DEADLINE	(2u << 17)

/**
 * apic_count_owed - the initial count that makes a timer go on that was stopped.
 * @lvt, @initial, @current: as they were found.
 *
 * Any count that is written starts one: of one shot that has come none is owed, and it stays
 * at 0.  A deadline is no count.  Source: Intel SDM Vol. 3A, "APIC Timer".
 */
static inline uint32_t apic_count_owed(uint32_t lvt, uint32_t initial, uint32_t current)
{
	switch (lvt & LVT_MODE) {
	case LVT_DEADLINE:
		return 0;
	case LVT_ONE_SHOT:
		return current ? initial : 0;
	}
	return initial;
}

/* Do two task priorities hold off the same interrupts? */
static inline bool apic_same_priority(uint32_t a, uint32_t b)
{
	return !((a ^ b) & 0xf0);
}

/* Do two values of an entry mean the same to whoever set them? */
static inline bool apic_same_lvt(uint32_t a, uint32_t b)
{
	return !((a ^ b) & APIC_LVT_SET);
}

static inline bool apic_same_spurious(uint32_t a, uint32_t b)
{
	return !((a ^ b) & APIC_SPURIOUS_SET);
}

#endif
