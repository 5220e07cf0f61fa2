/* SPDX-License-Identifier: GPL-2.0-only */
/* What the boot CPU and the other CPUs have between them, see mp_shared.h. */
#include "mp_shared.h"

struct mp mp;
volatile uint32_t mp_nmis;

bool mp_has_said(unsigned i)
{
	const struct live_cpu *c = &mp.cpu[i].live;

	return mp_fell(&mp.cpu[i])
		|| (mp.arrived ? c->arrived : c->answered) == mp.awaited;
}

bool mp_all_said(void)
{
	for (unsigned i = 0; i < mp.count; i++)
		if (!mp_has_said(i))
			return false;
	return true;
}
