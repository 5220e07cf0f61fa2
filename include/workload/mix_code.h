/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of mixes, the ops of mix_op.def, as conventions compiled them. */
#ifndef MIX_CODE_H
#define MIX_CODE_H

#include "workload/workload.h"

enum mix_part {
#define MIX_PART(op, shape)	MIX_PART_##op,
#define MIX_NAME(recorded, op)
#include "list/mix_op.def"
#undef MIX_NAME
#undef MIX_PART
	MIX_PARTS
};

/* Part p is [at[p], at[p + 1]); what is before the first is the way in, and the way out
 * follows the last. */
struct mix_code {
	void (*parts)(struct work *w);
	const uint8_t *at[MIX_PARTS + 1];
};

/* Of each convention. */
extern const struct mix_code *const mix_code[CONVENTION_COUNT];

#endif
