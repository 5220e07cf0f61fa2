/* SPDX-License-Identifier: GPL-2.0-only */
/* Test results in TAP, for prove: a number, a verdict, what was asked. */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned tap_planned, tap_run, tap_failed;

static inline void plan(unsigned n)
{
	tap_planned = n;
	printf("1..%u\n", n);
}

__attribute__((format(printf, 2, 3)))
static inline bool ok(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %u - ", good ? "" : "not ", ++tap_run);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);		/* a sanitizer that aborts loses nothing */
	tap_failed += !good;
	return good;
}

#define ok1(expr)	ok((expr), "%s", #expr)

__attribute__((format(printf, 1, 2)))
static inline void diag(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

/* The exit status: 0 when as many tests ran as were planned, and none failed.
 * Without a plan() before, writes it now. */
static inline int done(void)
{
	if (!tap_planned)
		plan(tap_run);
	return tap_failed || tap_run != tap_planned;
}

#endif
