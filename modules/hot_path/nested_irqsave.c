/* SPDX-License-Identifier: GPL-2.0-only */
/* A lock within a lock, each with interrupts saved: a queue's and a task's. */
#include "hot_path.h"

WORKLOAD_SOURCE(nested_irqsave,
	w->flags = irq_save();
	lock(&w->value[0]);
	w->value[2] = irq_save();
	lock(&w->value[1]);
	w->value[3]++;
	LOOK(w->look());
	unlock(&w->value[1]);
	restore_fl(w->value[2]);
	unlock(&w->value[0]);
	restore_fl(w->flags);
)
