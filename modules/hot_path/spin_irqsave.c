/* SPDX-License-Identifier: GPL-2.0-only */
/* spin_lock_irqsave() and spin_unlock_irqrestore() around a counter. */
#include "hot_path.h"

WORKLOAD_SOURCE(spin_irqsave,
	w->flags = irq_save();
	lock(&w->value[0]);
	w->value[1]++;
	LOOK(w->look());
	unlock(&w->value[0]);
	restore_fl(w->flags);
)
