/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The window in which a store reaches read-only memory, see window.h.
 *
 * Ring 0 stores to read-only pages while CR0.WP is clear.  CR0.WP can only be
 * cleared while CR4.CET is, which is so for the whole run: see entry.S.
 *
 * What can still come in between: a machine check, after which nothing is as it
 * was anyway, and an SMI, whose handler runs in memory and under tables of its own
 * and calls nothing here.  Other CPUs wait in the firmware, or are where live_batch.h has
 * them.
 *
 * Source: Intel SDM Vol. 3A, "Control Registers", "Handling Self- and
 * Cross-Modifying Code", "Serializing Instructions".
 */
#include "cpu/control.h"
#include "cpu/cpu.h"
#include "cpu/guard.h"
#include "cpu/serialise.h"
#include "machine/paging.h"
#include "window.h"

void window_open_for(void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	unsigned long flags = cpu_flags(), cr0 = cpu_cr0();

	cpu_set_if(false);
	guard_open();
	cpu_set_cr0(cr0 & ~PAGING_CR0_WP);
	store(arg, 0);
	cpu_serialise();
	cpu_set_cr0(cr0);
	guard_close();
	cpu_set_if(flags & FLAGS_IF);
}
