/* SPDX-License-Identifier: GPL-2.0-only */
/* What the firmware's memory map says, before and after something is freed. */
#ifndef MEMORY_MAP_H
#define MEMORY_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of memory of the types that the application takes: pages for code, and for data
 * and the pool. */
struct memory_count {
	uint64_t loader_code, loader_data;
};

/* Room for the map, taken once before all counts, as taking it changes the map; and given
 * back.  False: there is none.  Either may be called twice. */
bool memory_count_open(void);
void memory_count_close(void);

/* False: the map does not fit, or there is none. */
bool memory_count(struct memory_count *c);

/* Is all of it conventional memory, as the last memory_count() saw it? */
bool memory_is_free(uint64_t addr, size_t bytes);

#endif
