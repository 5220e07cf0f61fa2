// SPDX-License-Identifier: GPL-2.0-only
/* Row "sh": as "exec", but that the child becomes a shell which is to start the program. */
#include <stdlib.h>
#include <unistd.h>

#include "row.h"

static char *program, *shell;

static void start(char **argv)
{
	program = argv[0] ? argv[0] : "/mix/hello";
	shell = argv[0] && argv[1] ? argv[1] : "/bin/dash";
	need(!access(program, X_OK), program);
	need(!access(shell, X_OK), shell);
}

static void unit(void)
{
	pid_t child = fork();

	need(child >= 0, "fork");
	if (!child) {
		char *argv[] = { "sh", "-c", program, NULL };

		close(1);
		execv(shell, argv);
		_exit(1);
	}
	ended_well(child);
}

const struct row row = { .name = "sh", .warm = 10, .units = 10, .start = start, .unit = unit };
