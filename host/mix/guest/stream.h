/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MIX_STREAM_H
#define MIX_STREAM_H

/*
 * Bytes in bulk, for the rows of bandwidth: a pattern that tells at each place of the stream
 * which byte is there, and so whether any was lost or came twice.
 */
#include <stddef.h>

enum { CHUNK = 64 << 10 };

/* stream_fill - the pattern; @bytes is a multiple of CHUNK. */
void stream_fill(unsigned char *to, size_t bytes);

/*
 * stream_take - read so many bytes of the stream, @piece at most in a call.
 *
 * The first and the last byte of each call are looked at.
 */
void stream_take(int fd, size_t bytes, size_t piece);

#endif
