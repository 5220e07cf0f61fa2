// SPDX-License-Identifier: GPL-2.0-only
/* Row "pipe": a byte to another process by a pipe, and back by another. */
#include <unistd.h>

#include "row.h"

static int there[2], back[2];
static pid_t child;

static int work(void)
{
	close(there[1]);
	close(back[0]);
	return answer(there[0], back[1], 1);
}

static void start(char **argv)
{
	(void)argv;
	need(!pipe(there) && !pipe(back), "pipe");
	child = partner(work);
	close(there[0]);
	close(back[1]);
}

static void unit(void) { ask(there[1], back[0]); }

static void end(void)
{
	close(there[1]);
	ended_well(child);
}

const struct row row = {
	.name = "pipe", .warm = 10, .units = 1000, .start = start, .unit = unit, .end = end,
};
