/* SPDX-License-Identifier: GPL-2.0-only */
/* How many independent ADDs a core does in a cycle, as published: see width.def. */
#ifndef WIDTH_H
#define WIDTH_H

#include <stdint.h>
#include "machine/cpuid.h"

struct width {
	const char *uarch;		/* NULL: nothing was found for this model */
	uint32_t milli;			/* thousandths of an ADD a cycle; 0: likewise */
	const char *source;		/* NULL: likewise */
};

/* Of the model; its microarchitecture is anchor_uarch()'s. */
struct width width_published(const struct cpu_id *id);

#endif
