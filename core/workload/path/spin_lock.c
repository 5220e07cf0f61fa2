/* SPDX-License-Identifier: GPL-2.0-only */
/* A lock taken with interrupts off, and given back; what it guards is a counter. */
#include "kernel/spinlock.h"
#include "workload/path.h"

PATH_SOURCE(spin_lock,
	const unsigned long flags = spin_lock_irqsave(&k->lock);

	LOOK(w->look());
	k->guarded++;
	spin_unlock_irqrestore(&k->lock, flags);
)
