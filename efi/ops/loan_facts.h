/* SPDX-License-Identifier: GPL-2.0-only */
/* What loans know of the machine. */
#ifndef LOAN_FACTS_H
#define LOAN_FACTS_H

#include <stdint.h>

/**
 * struct loan_facts - of every CPU.
 * @tsc_hz: TSC ticks a second; 0: unknown, and nothing waits by it.
 */
struct loan_facts {
	uint64_t tsc_hz;
};

void loans_know(struct loan_facts f);
struct loan_facts loan_facts(void);

#endif
