/* SPDX-License-Identifier: GPL-2.0-only */
/* The four functions a freestanding compiler may call, see mem.h. */
#include <stdint.h>
#include "lib/mem.h"

/* Words first: under an emulator a store to code is dear, however short. */
void *memcpy(void *to, const void *from, size_t n)
{
	size_t words = n / 4, rest = n % 4;
	void *t = to;

	asm volatile("rep movsl" : "+D" (t), "+S" (from), "+c" (words) : : "memory");
	asm volatile("rep movsb" : "+D" (t), "+S" (from), "+c" (rest) : : "memory");
	return to;
}

void *memset(void *to, int c, size_t n)
{
	void *t = to;

	asm volatile("rep stosb" : "+D" (t), "+c" (n) : "a" (c) : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if ((uintptr_t)t - (uintptr_t)f >= n)
		return memcpy(to, from, n);
	while (n--) {
		t[n] = f[n];
		asm volatile("" : : : "memory");	/* stays a loop */
	}
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x < *y ? -1 : 1;
	return 0;
}
