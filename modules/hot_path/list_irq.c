/* SPDX-License-Identifier: GPL-2.0-only */
/* A node put behind a list's head and taken out again, interrupts off. */
#include "hot_path.h"

/* value[0], value[1]: the head's next and previous; value[2], value[3]: the node's.
 * An empty head points to itself. */
static inline void put_and_take(volatile unsigned long *v)
{
	unsigned long head = (unsigned long)&v[0], node = (unsigned long)&v[2];

	v[0] = v[1] = head;
	v[2] = head;
	v[3] = head;
	v[0] = v[1] = node;
	v[0] = v[2];
	v[1] = v[3];
}

WORKLOAD_SOURCE(list_irq,
	irq_disable();
	put_and_take(w->value);
	LOOK(w->look());
	irq_enable();
)
