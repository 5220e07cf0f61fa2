/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "irq_disable": maskable interrupts off, whatever they were. */
#include "workload/workload.h"

WORKLOAD_SOURCE(irq_disable,
	irq_disable();
)
