/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two halves of mp.h share: the boot CPU's (mp.c), the others' (mp_cpu.c). */
#ifndef MP_CPU_H
#define MP_CPU_H

#include "mp.h"

#define MP_VECTOR	0xf2

struct mp {
	struct mp_cpu cpu[MP_CPUS];
	volatile uint32_t claimed;	/* of the array, by CPUs as they come */
	volatile bool leaving;
	struct live_ask ask;
	unsigned count;			/* of the array that are in use */
	uint32_t awaited;		/* the number the boot CPU waits for, */
	bool arrived;			/* as arrived, not as answered */
	uint32_t boot;			/* the boot CPU's APIC */
	volatile bool asleep;		/* it waits for an NMI, see mp.c */
	const struct live_batch *batch;
	bool (*is_quiet)(uintptr_t ip);
	void (*work)(struct mp_cpu *c);
};
extern struct mp mp;

/* Fills the table that all of them load. */
void mp_fill_table(void);

/* Have all of them said what the boot CPU waits for? */
bool mp_all_said(void);

/* One CPU's whole visit. */
void mp_visit(void);

#endif
