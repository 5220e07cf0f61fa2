/* SPDX-License-Identifier: GPL-2.0-only */
/* What core asks of its surroundings, in ring 0 under UEFI. */
#ifndef PLATFORM_HERE_H
#define PLATFORM_HERE_H

#include "config/config.h"
#include "cpu/counters.h"
#include "machine/environment.h"
#include "measure/platform.h"

/**
 * machine_here - all of it but the memory for bodies (run_memory.h).
 * @cycles: an open source of core cycles, or none.
 */
struct platform machine_here(const struct config *c, const struct environment *env,
			    const struct cycles_source *cycles);

#endif
