// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row "switch": two processes and two pipes, a token of four bytes goes round; nothing else is
 * touched (2p/0k).  A unit is one round: two switches.  The row of 2006 is per switch, less
 * what the writes and reads cost in one process.
 */
#include <unistd.h>

#include "row.h"

static int there[2], back[2];
static pid_t child;

static int work(void)
{
	close(there[1]);
	close(back[0]);
	return answer(there[0], back[1], sizeof(int));
}

static void start(char **argv)
{
	(void)argv;
	need(!pipe(there) && !pipe(back), "pipe");
	child = partner(work);
	close(there[0]);
	close(back[1]);
}

static void unit(void)
{
	static int sent;
	int token = 0;

	sent++;
	need(write(there[1], &sent, sizeof(sent)) == sizeof(sent), "the token cannot be sent");
	need(read(back[0], &token, sizeof(token)) == sizeof(token), "the token does not come back");
	need(token == sent, "another token came back");
}

static void end(void)
{
	close(there[1]);
	ended_well(child);
}

const struct row row = {
	.name = "switch", .warm = 10, .units = 1000, .start = start, .unit = unit, .end = end,
};
