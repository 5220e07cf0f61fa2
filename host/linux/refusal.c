/* SPDX-License-Identifier: GPL-2.0-only */
/* Why something was refused, see refusal.h. */
#include <stdarg.h>
#include <stdio.h>
#include "refusal.h"

bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

bool refuse(struct refusal *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->why, sizeof(r->why), format, args);
	va_end(args);
	/* Section names are the file's. */
	for (char *p = r->why; *p; p++)
		if (!is_printable(*p))
			*p = '?';
	return false;
}
