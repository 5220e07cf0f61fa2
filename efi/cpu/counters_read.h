/* SPDX-License-Identifier: GPL-2.0-only */
/* The reads of the core's cycles, for who knows that they do not fault. */
#ifndef COUNTERS_READ_H
#define COUNTERS_READ_H

#include <stdint.h>

#define MSR_APERF	0xe8
#define RDPMC_FIXED_1	0x40000001u

/* Fenced on both sides, as the TSC's are.  The counter wraps around at its width, 32 bits or
 * more; what is between two reads is right for as long as it has not. */
uint64_t counters_read_fixed_1(void);
uint64_t counters_read_aperf(void);

#endif
