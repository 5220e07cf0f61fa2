// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row "compile": one C file becomes an object: by a script that starts the compiler and the
 * assembler.  The arguments are that command, and the object's path last, which must be
 * there and new each time.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "row.h"

static char **command, *object;

static void start(char **argv)
{
	static char *preset[] = { "/bin/dash", "/mix/compile.sh", "/tmp/compiled.o", NULL };

	command = argv[0] ? argv : preset;
	for (char **a = command; *a; a++)
		object = *a;
}

static void unit(void)
{
	struct stat s;
	pid_t child;

	unlink(object);
	child = fork();
	need(child >= 0, "fork");
	if (!child) {
		execv(command[0], command);
		_exit(1);
	}
	ended_well(child);
	need(!stat(object, &s), object);
	errno = 0;
	need(s.st_size > 1000, "the object is too small");
}

const struct row row = { .name = "compile", .warm = 2, .units = 10, .start = start, .unit = unit };
