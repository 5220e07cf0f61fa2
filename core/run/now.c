/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock, outside of timings, see now.h. */
#include "now.h"

bool clock_now(const struct platform *m, uint64_t *ticks)
{
	if (!m->quiet_begin(m->ctx))
		return false;
	*ticks = m->begin();
	m->end();
	m->quiet_end(m->ctx);
	return true;
}
