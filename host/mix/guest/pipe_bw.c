// SPDX-License-Identifier: GPL-2.0-only
/* Row "pipe_bw": 10 MiB through a pipe, written and read by 64 KiB. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "row.h"
#include "stream.h"

static unsigned char chunk[CHUNK];
static int ends[2];
static pid_t child;

/* Writes until nobody reads. */
static int work(void)
{
	close(ends[0]);
	while (write_all(ends[1], chunk, CHUNK))
		;
	return errno != EPIPE;
}

static void start(char **argv)
{
	(void)argv;
	stream_fill(chunk, CHUNK);
	need(!pipe(ends), "pipe");
	child = partner(work);
	close(ends[1]);
}

static void unit(void) { stream_take(ends[0], 10 << 20, CHUNK); }

static void end(void)
{
	close(ends[0]);
	ended_well(child);
}

const struct row row = {
	.name = "pipe_bw", .warm = 2, .units = 10, .start = start, .unit = unit, .end = end,
};
