/* SPDX-License-Identifier: GPL-2.0-only */
/* A clock read with interrupts saved: RDTSC in order, as Linux's rdtsc_ordered(), an
 * alternative of the module's own. */
#include "alternative/alternative_site.h"
#include "hot_path.h"

static inline unsigned long rdtsc_ordered(void)
{
	unsigned long low, high;

	asm volatile(ALTERNATIVE("lfence; rdtsc", "rdtscp", rdtscp, 0)
		     : "=a" (low), "=d" (high) : : "ecx", "memory");
	return low;
}

WORKLOAD_SOURCE(clock_irqsave,
	w->flags = irq_save();
	w->value[0] = rdtsc_ordered();
	LOOK(w->look());
	restore_fl(w->flags);
)
