/* SPDX-License-Identifier: GPL-2.0-only */
/* What disturbs a timing and no mask holds back, as running counts. */
#ifndef DISTURBANCE_H
#define DISTURBANCE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct disturbance - counts since the application began.
 * @smi:        system management interrupts, the CPU's own count; wraps.
 * @nmi:        non-maskable interrupts that reached the application.
 * @interrupts: maskable interrupts likewise; in a quiet window there are none.
 * @smi_known:  the CPU counts SMIs; else @smi is 0 and says nothing.
 *
 * Only the difference between two of them, taken in the same quiet window, says
 * something of what ran in between.
 */
struct disturbance {
	uint32_t smi, nmi, interrupts;
	bool smi_known;
};

/* What came between @from and the later @to. */
static inline struct disturbance
disturbance_between(const struct disturbance *from, const struct disturbance *to)
{
	return (struct disturbance){
		.smi = to->smi - from->smi,
		.nmi = to->nmi - from->nmi,
		.interrupts = to->interrupts - from->interrupts,
		.smi_known = from->smi_known && to->smi_known,
	};
}

#endif
