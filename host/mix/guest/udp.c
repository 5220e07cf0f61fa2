// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row "udp": a number of four bytes to another process by a datagram, and back.  The one that
 * asks has connected its socket, the other answers whoever sent.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "inet.h"
#include "row.h"

static int server, fd;
static pid_t child;

/* Ends with a number 0, which it does not answer. */
static int work(void)
{
	struct sockaddr_in from;
	unsigned number;

	for (;;) {
		socklen_t len = sizeof(from);

		if (recvfrom(server, &number, 4, 0, (struct sockaddr *)&from, &len) != 4)
			return 1;
		if (!number)
			return 0;
		if (sendto(server, &number, 4, 0, (struct sockaddr *)&from, len) != 4)
			return 1;
	}
}

static void start(char **argv)
{
	struct sockaddr_in at;

	(void)argv;
	server = bound(SOCK_DGRAM, &at);
	child = partner(work);
	close(server);
	fd = connected(SOCK_DGRAM, &at);
}

static void unit(void)
{
	static unsigned sent;
	unsigned number = 0;

	sent++;
	need(send(fd, &sent, 4, 0) == 4, "a datagram cannot be sent");
	need(recv(fd, &number, 4, 0) == 4, "no datagram comes back");
	need(number == sent, "another number came back");
}

static void end(void)
{
	need(send(fd, &(unsigned){ 0 }, 4, 0) == 4, "the last datagram cannot be sent");
	ended_well(child);
}

const struct row row = {
	.name = "udp", .warm = 10, .units = 1000, .start = start, .unit = unit, .end = end,
};
