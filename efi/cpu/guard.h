/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard: an interrupt table of our own, so that an NMI is counted and not
 * fatal, an interrupt that gets through is seen, and a privileged instruction
 * may fault and be answered "no" (may_fault.h).
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stdint.h>

/**
 * guard_open - put the application's IDT in the place of the firmware's.
 *
 * Every gate is a copy of the firmware's with another offset: selector, type,
 * and IST (x86-64) are inherited, and so is the stack; see guard.c.
 *
 * NMI (2):         counted, and ends there.  The firmware's handler would stop
 *                  the machine.
 * Interrupts (32 to 255, and the spurious vector where it is 15): counted, then
 *                  handed to the firmware's handler with the stack and the
 *                  registers as the CPU left them; it gives the EOI.  Where the
 *                  firmware has no gate: counted, and ends there.  No EOI is
 *                  given, so if the local APIC or an 8259 sent it, that one
 *                  delivers nothing of its priority or lower from then on; with
 *                  the firmware's table the machine would have stopped.
 * Spurious vector of the local APIC: counted, and ends there: none is owed an
 *                  EOI, and the firmware's handler may stop the machine.
 *                  One that shares its vector with an exception is taken for
 *                  the exception.
 * Exceptions:      those of may_fault.h and of paravirt/fixup.h are its; while an attempt
 *                  is on (attempt.h) others end that; all others go to the firmware's
 *                  handler likewise, error code included.
 *
 * Where a data segment in use is not marked as accessed, GDTR is lent with it: a copy
 * of the table that has the marks, since loading a segment would store to the
 * firmware's, which did not take that before.  (guard_check() refuses one of more than
 * 1024 slots.)
 *
 * Nests: only the outermost open and close load IDTR.  IF is as it was.
 */
void guard_open(void);

/**
 * guard_close - undo one guard_open(); the outermost puts IDTR back.
 *
 * Where IDTR is not the guard's any more somebody has loaded a table since, and
 * it stays.  Without an open guard it does nothing.
 */
void guard_close(void);

/**
 * guard_depth - how many guards are open; guard_close_to() closes what was opened since.
 *
 * For whoever goes on behind code that did not come to its end.
 */
unsigned guard_depth(void);
void guard_close_to(unsigned depth);

/**
 * guard_lost - is the guard's table in force, though no guard is open?
 *
 * Then an earlier guard_close() did not put IDTR back; nobody who compares it
 * before and after a guard can see that, for guard_open() leaves it alone.
 */
bool guard_lost(void);

/**
 * struct guard_counts - what came while a guard was open, since the start.
 * @nmi:         NMIs.
 * @interrupts:  vectors 32 to 255, and the spurious one.
 * @last_vector: of the last of @interrupts; 0 if there was none.
 */
struct guard_counts {
	uint32_t nmi, interrupts;
	uint8_t last_vector;
};

/* Could the firmware's GDT not be lent, for its length?  Of the last guard_open(). */
bool guard_gdt_is_too_long(void);

/**
 * guard_lend_vector - an interrupt's gate leads to @entry, by an interrupt gate of the code
 * segment in force; guard_return_vector() makes it what it was.
 *
 * With the guard open, IF off, one at a time.  What comes by it is not counted.
 */
void guard_lend_vector(unsigned vector, void (*entry)(void));
void guard_return_vector(void);

/* Cheap, at any time: three loads. */
struct guard_counts guard_counts(void);

/* Is its table in force on the CPU that calls? */
bool guard_is_here(void);

/**
 * guard_lands - of an instruction that may fault, where it goes on if it does.
 * @vector, @ip: of the exception.
 *
 * For CPUs that have a table of their own.  Return: 0: it is none of those, or may not
 * fault by that vector.
 */
uintptr_t guard_lands(unsigned vector, uintptr_t ip);

#endif
