/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings made safe to print, see printable.h. */
#include "lib/printable.h"

static char safe(unsigned char c)
{
	if (c == '"')
		return '\'';
	return c >= ' ' && c <= '~' ? (char)c : '?';
}

void printable(char *to, size_t room, const void *from, size_t len)
{
	const unsigned char *p = from;
	size_t n = 0;

	while (len && *p == ' ') {
		p++;
		len--;
	}
	while (n < len && n < room - 1 && p[n]) {
		to[n] = safe(p[n]);
		n++;
	}
	while (n && to[n - 1] == ' ')
		n--;
	to[n] = '\0';
}
