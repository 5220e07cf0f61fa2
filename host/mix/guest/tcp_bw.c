// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row "tcp_bw": 10 MB through a TCP connection, in messages of that size; both ends ask for
 * buffers of 1 MiB.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inet.h"
#include "row.h"
#include "stream.h"

/* 10 MB, rounded up so that messages begin with the pattern. */
enum { MESSAGE = (10 * 1000 * 1000 + CHUNK - 1) / CHUNK * CHUNK };

static int server, fd;
static pid_t child;

static void buffers(int of)
{
	const int bytes = 1 << 20;

	need(!setsockopt(of, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)), "SO_SNDBUF");
	need(!setsockopt(of, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)), "SO_RCVBUF");
}

/* Writes until nobody reads. */
static int work(void)
{
	unsigned char *message = malloc(MESSAGE);
	int one = accept(server, NULL, NULL);

	if (one < 0 || !message)
		return 1;
	stream_fill(message, MESSAGE);
	while (write_all(one, message, MESSAGE))
		;
	return errno != EPIPE && errno != ECONNRESET;
}

static void start(char **argv)
{
	struct sockaddr_in at;

	(void)argv;
	server = bound(SOCK_STREAM, &at);
	buffers(server);
	child = partner(work);
	close(server);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	need(fd >= 0, "socket");
	buffers(fd);
	need(!connect(fd, (struct sockaddr *)&at, sizeof(at)), "connect");
}

static void unit(void) { stream_take(fd, MESSAGE, MESSAGE); }

static void end(void)
{
	close(fd);
	ended_well(child);
}

const struct row row = {
	.name = "tcp_bw", .warm = 2, .units = 10, .start = start, .unit = unit, .end = end,
};
