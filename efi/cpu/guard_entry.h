/* SPDX-License-Identifier: GPL-2.0-only */
/* What guard.c and its like share with guard_entry.S, which has no C of its own. */
#ifndef GUARD_ENTRY_H
#define GUARD_ENTRY_H

#include <stdint.h>

#define GUARD_VECTORS	256
#define GUARD_ENTRY_BYTES	32	/* of a vector's entry */

/* The entries, one after the other; where a vector ends that goes to no one else; and
 * where an exception does that has no gate of the firmware's. */
extern const uint8_t guard_entries[], guard_end_here[], guard_stop[];

/* What lies between these two may fault, and goes on there. */
extern const uint8_t guard_try[], guard_tried[];
extern const uint8_t guard_landed_6[], guard_landed_13[], guard_landed_14[];

/* Where each vector goes on. */
extern uintptr_t guard_chain[GUARD_VECTORS];

/* Counted by the entries. */
extern volatile uint32_t guard_nmis, guard_interrupts;
extern volatile uint8_t guard_last_vector;

/* The vector of the last fault of an instruction that may. */
extern volatile uint8_t guard_fault;

#endif
