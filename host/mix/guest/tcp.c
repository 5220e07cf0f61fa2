// SPDX-License-Identifier: GPL-2.0-only
/* Row "tcp": a byte to another process by a TCP connection, and back; no TCP_NODELAY. */
#include <sys/socket.h>
#include <unistd.h>

#include "inet.h"
#include "row.h"

static int server, fd;
static pid_t child;

static int work(void)
{
	int one = accept(server, NULL, NULL);

	return one < 0 ? 1 : answer(one, one, 1);
}

static void start(char **argv)
{
	struct sockaddr_in at;

	(void)argv;
	server = bound(SOCK_STREAM, &at);
	child = partner(work);
	close(server);
	fd = connected(SOCK_STREAM, &at);
}

static void unit(void) { ask(fd, fd); }

static void end(void)
{
	close(fd);
	ended_well(child);
}

const struct row row = {
	.name = "tcp", .warm = 10, .units = 1000, .start = start, .unit = unit, .end = end,
};
