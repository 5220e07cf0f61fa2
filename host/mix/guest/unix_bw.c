// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row "unix_bw": 10 MiB through a UNIX stream socket, written and read by 64 KiB.  Each unit is
 * asked for: a token of 8 bytes goes to the writer by a pipe.
 */
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "row.h"
#include "stream.h"

static unsigned char chunk[CHUNK];
static int ends[2], control[2];
static pid_t child;

static int work(void)
{
	uint64_t wanted;
	ssize_t n;

	close(ends[0]);
	close(control[1]);
	while ((n = read(control[0], &wanted, sizeof(wanted))) == sizeof(wanted))
		for (uint64_t done = 0; done < wanted; done += CHUNK)
			if (!write_all(ends[1], chunk, CHUNK))
				return 1;
	return n != 0;
}

static void start(char **argv)
{
	(void)argv;
	stream_fill(chunk, CHUNK);
	need(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends) && !pipe(control), "socketpair");
	child = partner(work);
	close(ends[1]);
	close(control[0]);
}

static void unit(void)
{
	const uint64_t bytes = 10 << 20;

	need(write_all(control[1], &bytes, sizeof(bytes)), "the token cannot be sent");
	stream_take(ends[0], bytes, CHUNK);
}

static void end(void)
{
	close(control[1]);
	ended_well(child);
}

const struct row row = {
	.name = "unix_bw", .warm = 2, .units = 10, .start = start, .unit = unit, .end = end,
};
