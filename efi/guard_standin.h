/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for guard.h until that is here: the same names, unguarded.  A fault
 * is the firmware's, and ends the application. */
#ifndef GUARD_STANDIN_H
#define GUARD_STANDIN_H

#include <stdbool.h>
#include <stdint.h>

bool msr_read(uint32_t msr, uint64_t *v);
bool msr_write(uint32_t msr, uint64_t v);
bool pmc_read(uint32_t counter, uint64_t *v);

#endif
