// SPDX-License-Identifier: GPL-2.0-only
/* Row "fork": a child that exits, and a parent that waits for it. */
#include <stdlib.h>
#include <unistd.h>

#include "row.h"

static void unit(void)
{
	pid_t child = fork();

	need(child >= 0, "fork");
	if (!child)
		exit(0);
	ended_well(child);
}

const struct row row = { .name = "fork", .warm = 10, .units = 20, .unit = unit };
