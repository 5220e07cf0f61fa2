/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ring 0 lends a path that goes to ring 3, and takes back: platform.h's lend_ring3 and
 * take_back_ring3.
 *
 * In force between the two: a copy of the GDT with segments of ring 3 and a TSS behind what it
 * has; page tables in which ring 3 has a page for its program and one for its stack
 * (user_pages.h), where there are page tables; the MSRs of SYSCALL (x86-64); a gate for INT 80h
 * that ring 3 may use (ia32); CR4.SMAP and CR4.PGE off.  All are put back and compared.
 *
 * The exception is TR: it is null under most firmware, and LTR refuses null.  It is then left
 * with what a CPU holds behind that null: a base of 0 and a limit of 64 KiB; STR tells the
 * difference, and nothing that runs in ring 0 does.
 *
 * One loan is out at a time, of the CPU that runs the pass, in a quiet window with IF off.
 */
#ifndef RING3_LOAN_H
#define RING3_LOAN_H

#include "kernel/ring3.h"

/**
 * ring3_lend - put it in force.
 * @u:  USER_PROGRAMS programs of ring 3, each for an address space of its own.
 * @to: what the kernel has to know is filled; the rest stays.
 *
 * Return: NULL, or why there is no ring 3 here: nothing is lent then.
 */
const char *ring3_lend(void *ctx, const struct user_code *u, struct kernel_ring3 *to);

/* NULL, or what was not put back.  Where nothing is out it does nothing. */
const char *ring3_take_back(void *ctx);

/* Takes back what is out, on ways out from the middle of a pass. */
void ring3_end(void);

/* NULL, or what was not put back at some time. */
const char *ring3_lost(void);

#endif
