/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "irq_enable": maskable interrupts on, whatever they were. */
#include "workload/workload.h"

WORKLOAD_SOURCE(irq_enable,
	irq_enable();
)
