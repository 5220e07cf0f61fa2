/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map of a text, a bit a byte: is it part of a site already seen?
 *
 * Sites that overlap would be stored over each other, so every table of sites is taken
 * through such a map before anything else is believed of it.
 */
#ifndef SITE_MAP_H
#define SITE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the map of a text of @len bytes; all zero: no site has been seen. */
static inline size_t site_map_bytes(size_t len)
{
	return (len + 7) / 8;
}

/* Marks @len bytes from @off on; false if one was marked already. */
static inline bool site_map_mark(uint8_t *map, uint64_t off, unsigned len)
{
	for (; len; len--, off++) {
		uint8_t bit = (uint8_t)(1u << (off & 7));

		if (map[off >> 3] & bit)
			return false;
		map[off >> 3] |= bit;
	}
	return true;
}

/* Is this byte part of a site? */
static inline bool site_map_has(const uint8_t *map, uint64_t off)
{
	return map[off >> 3] >> (off & 7) & 1;
}

#endif
