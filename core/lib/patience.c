/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting by a clock that may stop, see patience.h. */
#include "lib/patience.h"

struct patience patience_begin(uint64_t now, uint64_t ticks)
{
	return (struct patience){ .last = now, .left = ticks };
}

bool patience_ends(struct patience *p, uint64_t now)
{
	uint64_t took = now > p->last ? now - p->last : 0;
	bool over = took > p->left;

	p->last = now;
	p->left = over ? 0 : p->left - took;
	p->still = took ? 0 : p->still + 1;
	return over || patience_stopped(p);
}
