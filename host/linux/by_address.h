/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows in the order of their addresses. */
#ifndef BY_ADDRESS_H
#define BY_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

/* How many of them, each @bytes long and beginning with its address, are at @addr or
 * before. */
static inline size_t rows_upto(const void *rows, size_t count, size_t bytes, uint64_t addr)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const uint64_t *at = (const void *)((const char *)rows + mid * bytes);

		if (*at <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

#endif
