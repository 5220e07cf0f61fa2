/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does the clock count instructions?  Decided by raw ticks alone, and pure.
 *
 * An emulator's TSC may advance by the same for every instruction: QEMU's under -icount
 * by 2^shift, shift 0 to 10, Bochs's by 1.  Then chains of different instructions that
 * take any CPU different times take the same, in every batch.
 */
#ifndef CLOCK_COUNT_H
#define CLOCK_COUNT_H

#include <stdbool.h>
#include "measure/clock.h"
#include "measure/series.h"

/* Ticks of an instruction, at most: QEMU's shift 10. */
#define CLOCK_STEP_MOST	1024

/* What was timed to tell: @more instructions more in the long timing than in the short
 * one; @n batches. */
struct clock_body {
	const char *name;
	uint32_t more;
	const struct batch *batch;
	uint32_t n;
};

/**
 * clock_count - decide.
 * @b: @count bodies, of instructions that no CPU executes at one rate: dependent
 *     IMULs, dependent ADDs, NOPs.
 *
 * Instructions, if every batch of every body has the same ticks for an instruction, and
 * that is a power of two up to CLOCK_STEP_MOST.  Else time, and why: the first body and
 * batch that has others.  Fewer than two bodies, or one without a batch, tell nothing.
 */
struct clock clock_count(const struct clock_body *b, unsigned count);

/**
 * clock_instructions - the instructions of one op in a batch.
 * @ops:  that its long timing has more than its short one; 0 of what was not timed.
 * @step: of the clock, not 0.
 * @n:    filled on success: of a copy, its filler included.
 *
 * Return: false if it is no whole number, or what a batch cannot hold.
 */
bool clock_instructions(const struct batch *b, uint64_t ops, uint64_t step, uint32_t *n);

#endif
