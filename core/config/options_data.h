/* SPDX-License-Identifier: GPL-2.0-only */
/* What a starter hands over, without what others put before it and behind it. */
#ifndef OPTIONS_DATA_H
#define OPTIONS_DATA_H

#include <stddef.h>
#include <stdint.h>

/* Bytes, [at, end). */
struct bytes {
	const uint8_t *at, *end;
};

static inline size_t length_of(struct bytes b)
{
	return (size_t)(b.end - b.at);
}

/**
 * options_data - the optional data alone.
 *
 * Some firmware hands over the whole boot entry, some marks the entries that it made
 * itself.  Return: of @b what is for the application; nothing if all of that is 0.
 */
struct bytes options_data(struct bytes b);

#endif
