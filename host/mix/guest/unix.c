// SPDX-License-Identifier: GPL-2.0-only
/* Row "unix": a byte to another process by a UNIX stream socket, and back. */
#include <sys/socket.h>
#include <unistd.h>

#include "row.h"

static int ends[2];
static pid_t child;

static int work(void)
{
	close(ends[0]);
	return answer(ends[1], ends[1], 1);
}

static void start(char **argv)
{
	(void)argv;
	need(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	child = partner(work);
	close(ends[1]);
}

static void unit(void) { ask(ends[0], ends[0]); }

static void end(void)
{
	close(ends[0]);
	ended_well(child);
}

const struct row row = {
	.name = "unix", .warm = 10, .units = 1000, .start = start, .unit = unit, .end = end,
};
