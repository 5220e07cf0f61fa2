// SPDX-License-Identifier: GPL-2.0-only
/* stream.c: bytes in bulk, told by their place. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "row.h"
#include "stream.h"

/* 251 is a prime, so a stream that slips by a page or a segment does not fit. */
static unsigned char byte_at(size_t place) { return place % CHUNK % 251; }

void stream_fill(unsigned char *to, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = byte_at(i);
}

void stream_take(int fd, size_t bytes, size_t piece)
{
	static unsigned char *buffer;
	static size_t place;

	/* Not where the other's is within a page. */
	if (!buffer) {
		buffer = malloc(piece + 128);
		need(buffer, "memory");
	}
	while (bytes) {
		unsigned char *at = buffer + 128;
		ssize_t n = read(fd, at, bytes < piece ? bytes : piece);

		need(n > 0, "the stream ends");
		errno = 0;
		need(at[0] == byte_at(place) && at[n - 1] == byte_at(place + n - 1),
		     "the stream has other bytes than were written");
		place += n;
		bytes -= n;
	}
}
