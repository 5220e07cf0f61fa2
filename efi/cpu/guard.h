/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard: an interrupt table of our own, so that an NMI is counted and not
 * fatal, an interrupt that gets through is seen, and a privileged instruction
 * may fault and be answered "no".
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stdint.h>
#include "arch.h"

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
 * Exceptions:      those of the functions below are theirs; all others go to the
 *                  firmware's handler likewise, error code included.
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

/* Cheap, at any time: three loads. */
struct guard_counts guard_counts(void);

/*
 * Instructions that may fault.  Each works with the guard open or closed, and
 * keeps IF off for the while.
 *
 * Return: false if the CPU answered #GP, #UD or #PF; then nothing is changed, neither
 * in the machine nor in *@v.  "True" is not "there is such a register": QEMU's
 * TCG and KVM with ignore_msrs answer for those they do not know with 0.
 */
bool msr_read(uint32_t msr, uint64_t *v);
bool msr_write(uint32_t msr, uint64_t v);
/* @counter: what RDPMC takes in ECX. */
bool pmc_read(uint32_t counter, uint64_t *v);
/* Does RDPMC raise #UD, as if there were no such instruction?  (All CPUs that have SSE2
 * have it, with #GP for a counter that is not there.) */
bool pmc_is_undefined(void);
/* Stores at @at the byte that is there; false: the page cannot be stored to. */
bool byte_store(volatile uint8_t *at);
#if ARCH_WORD == 4
/* Loads FS; a selector that it holds already changes nothing.  (On x86-64 it would
 * clear the base.) */
bool fs_load(uint16_t selector);
#endif

/**
 * guard_check - does it do what it says?  Opens and closes a guard.
 *
 * A #UD and a #GP are made and must be caught; an INT 2 must be counted, and an
 * INT of a vector without a device too (it is not handed on, and both are taken
 * out of the counts again); IDTR must be as before.
 *
 * Return: NULL, or what the guard does not do, to follow "the guard does not".
 */
const char *guard_check(void);

#endif
