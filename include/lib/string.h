/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings that end in a NUL: what libc's strlen() and strcmp() would be used for. */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes before the NUL. */
static inline size_t string_length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

/* Are they the same, byte for byte? */
static inline bool string_equal(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

#endif
