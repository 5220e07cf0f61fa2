// SPDX-License-Identifier: GPL-2.0-only
/* Row "call": the null call: getppid(), which the C library does not remember. */
#include <unistd.h>

#include "row.h"

static pid_t parent;

static void start(char **argv)
{
	(void)argv;
	parent = getppid();
}

static void unit(void)
{
	need(getppid() == parent, "getppid() is another");
}

const struct row row = { .name = "call", .warm = 10, .units = 1000, .start = start, .unit = unit };
