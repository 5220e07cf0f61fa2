/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions that may fault, and are then answered "no". */
#ifndef MAY_FAULT_H
#define MAY_FAULT_H

#include <stdbool.h>
#include <stdint.h>
#include "arch.h"

/*
 * Each works with the guard open or closed, and
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

#endif
