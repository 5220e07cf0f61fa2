/* SPDX-License-Identifier: GPL-2.0-only */
/* A CPU that a run is asked to time on. */
#ifndef RUN_CPU_H
#define RUN_CPU_H

#include <stdbool.h>
#include <stdint.h>
#include "machine/core_kind.h"

/* CPUs of one run, at most. */
#define RUN_CPUS_MOST	1024

/**
 * struct run_cpu - one of them.
 * @number:  the firmware's number of it under UEFI, Linux's in a process.
 * @apic_id: of its local APIC.
 * @kind:    of core, as that CPU says it.
 * @boot:    everything but what is timed runs there: under UEFI the boot CPU; in a
 *           process the one it was started on.
 * @not_run: why nothing was timed there, or why it ended early; empty: it was not.
 */
struct run_cpu {
	unsigned number;
	uint32_t apic_id;
	enum core_kind kind;
	bool boot;
	char not_run[160];
};

#endif
