/* SPDX-License-Identifier: GPL-2.0-only */
/* The window in which a store reaches read-only memory. */
#ifndef WINDOW_H
#define WINDOW_H

#include <stddef.h>

/**
 * window_open_for - call @store(@arg, 0) while CR0.WP is clear.
 *
 * IF is off meanwhile, and the guard is open: an NMI is counted and ends, without
 * a call of anything that is being stored to.  Afterwards this CPU has serialised,
 * and CR0, IF and IDTR are as they were.
 */
void window_open_for(void (*store)(void *arg, ptrdiff_t shift), void *arg);

#endif
