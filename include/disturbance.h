/* SPDX-License-Identifier: GPL-2.0-only */
/* What has come between so far. */
#ifndef DISTURBANCE_H
#define DISTURBANCE_H

#include <stdbool.h>
#include <stdint.h>

/* Counts since some moment; only differences mean something. */
struct disturbance {
	uint32_t smi;		/* 0 where not known */
	uint32_t nmi, interrupts;
	bool smi_known;
};

#endif
