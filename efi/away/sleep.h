/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boot CPU sleeps while another times: one that spins may be the sibling, and takes
 * half of the core.
 *
 * The other CPU says that it wants to begin (nap_begin()) and waits until the boot CPU says
 * that it sleeps; it says when it is over (nap_end()), and waits until the boot CPU is up.
 * So none of the two can miss the other.  Windows have numbers, so that one is not taken
 * for the next.
 *
 * Asleep is MWAIT on the line that says which window is over; or, where that is not to be
 * had, HLT with IF off, which an NMI ends.  An NMI that comes between the look and the HLT
 * would be lost: it is sent again until the boot CPU is up.
 *
 * Source: Intel SDM Vol. 3A, "MONITOR/MWAIT Instruction"; Vol. 2A, "HLT--Halt"; "Memory
 * Ordering in P6 and More Recent Processor Families".
 */
#ifndef SLEEP_H
#define SLEEP_H

#include <stdbool.h>
#include <stdint.h>

/* Before any of the rest: may MWAIT be used?  @boot: the boot CPU's APIC. */
void nap_prepare(bool mwait, uint32_t boot);

/* Of the other CPU: before a window, after it; the second does nothing without a first. */
void nap_begin(void);
void nap_end(void);

/* Of the boot CPU: sleeps if the other wants it to, until that is over.  IF may be on, and
 * what is pending is then taken between two windows.  Return: has it slept? */
bool nap(void);

#endif
