/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sinks: where bytes go.  The first failure sticks; check it once, at the end.  A
 * device's does not: what fails there passes, and the next line is another try.
 *
 * lib/ is what a libc would be for, as far as it is needed here: text and numbers, JSON,
 * bytes in memory, digests, random numbers.  Nothing in it knows what is measured, and
 * nothing in it asks the machine.
 */
#ifndef SINK_H
#define SINK_H

#include <stdbool.h>
#include <stddef.h>

struct sink {
	bool (*put)(struct sink *s, const char *bytes, size_t len);
	bool failed;
	bool device;			/* nothing sticks, @failed stays as it is */
};

static inline void sink_put(struct sink *s, const char *bytes, size_t len)
{
	if (!s->failed && !s->put(s, bytes, len) && !s->device)
		s->failed = true;
}

/* A string of any length. */
void sink_text(struct sink *s, const char *text);

/**
 * sink_printf - formatted text to a sink.
 * @format: as C's printf, without floating point; one call makes at most 511
 *          bytes, a longer result fails the sink; for a device it is cut, and
 *          ends in "...", its end of line kept.
 */
void sink_printf(struct sink *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A sink that fills memory.  Fails when it is full; len is what is in it. */
struct memory_sink {
	struct sink sink;
	char *bytes;
	size_t room, len;
};

/**
 * memory_sink - an empty one.
 * @bytes, @room: memory of the caller's.
 */
struct memory_sink memory_sink(char *bytes, size_t room);

/**
 * text_format - formatted text to memory, always terminated.
 * @room: bytes of @to, at least 1.
 *
 * Return: bytes written before the terminator; a result that does not fit is
 * cut.
 */
size_t text_format(char *to, size_t room, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
