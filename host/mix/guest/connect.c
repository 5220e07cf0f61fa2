// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row "connect": a TCP connection is opened and closed again.  The other process accepts it,
 * reads its end, and closes: when it has the CPU, which may be many connections later.
 */
#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inet.h"
#include "row.h"

static int server;
static unsigned connections;
static volatile unsigned *closed;	/* by the other process; shared with it */
static pid_t child;
static struct sockaddr_in at;

/* Ends with a connection over which a number comes: how many there were before. */
static int work(void)
{
	unsigned said;

	for (unsigned n = 0;; n++) {
		int fd = accept(server, NULL, NULL);
		ssize_t got;

		if (fd < 0)
			return 1;
		got = read(fd, &said, sizeof(said));
		if (got)
			return got != sizeof(said) || said != n;
		close(fd);
		*closed = n + 1;
	}
}

static void start(char **argv)
{
	(void)argv;
	closed = mmap(NULL, sizeof(*closed), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(closed != MAP_FAILED, "shared memory");
	server = bound(SOCK_STREAM, &at);
	child = partner(work);
	close(server);
}

static void unit(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	need(fd >= 0, "socket");
	need(!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)), "SO_REUSEADDR");
	need(!connect(fd, (struct sockaddr *)&at, sizeof(at)), "connect");
	need(!close(fd), "close");
	connections++;
}

static void settle(void)
{
	while (*closed != connections) {
		need(!waitpid(child, NULL, WNOHANG), "the other process ended");
		sched_yield();
	}
}

static void end(void)
{
	int fd = connected(SOCK_STREAM, &at);

	need(write_all(fd, &connections, sizeof(connections)), "the number cannot be sent");
	ended_well(child);
	close(fd);
}

const struct row row = {
	.name = "connect", .warm = 10, .units = 200, .start = start, .unit = unit,
	.settle = settle, .end = end,
};
