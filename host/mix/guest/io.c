// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row "io": null I/O: a byte read from /dev/zero and a byte written to /dev/null.  The row of
 * the table of 2006 is the mean of the two: half a unit.
 */
#include <fcntl.h>
#include <unistd.h>

#include "row.h"

static int zero, null;

static void start(char **argv)
{
	(void)argv;
	zero = open("/dev/zero", O_RDONLY);
	null = open("/dev/null", O_WRONLY);
	need(zero >= 0 && null >= 0, "/dev/zero and /dev/null");
}

static void unit(void)
{
	char byte = 1;

	need(read(zero, &byte, 1) == 1 && !byte, "a zero from /dev/zero");
	need(write(null, &byte, 1) == 1, "a byte to /dev/null");
}

const struct row row = { .name = "io", .warm = 10, .units = 1000, .start = start, .unit = unit };
