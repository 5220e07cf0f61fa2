// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row "exec": a child that closes its standard output and becomes a small dynamic program:
 * hello.c, which is given by its path and says by its exit status whether it ran.
 */
#include <unistd.h>

#include "row.h"

static char *program;

static void start(char **argv)
{
	program = argv[0] ? argv[0] : "/mix/hello";
	need(!access(program, X_OK), program);
}

static void unit(void)
{
	pid_t child = fork();

	need(child >= 0, "fork");
	if (!child) {
		char *argv[] = { program, NULL };

		close(1);
		execv(program, argv);
		_exit(1);
	}
	ended_well(child);
}

const struct row row = { .name = "exec", .warm = 10, .units = 10, .start = start, .unit = unit };
