/* SPDX-License-Identifier: GPL-2.0-only */
/* Sinks for people: lines as wide as a screen. */
#ifndef WRAP_H
#define WRAP_H

#include "lib/sink.h"

#define WRAP_COLUMNS	80
#define WRAP_MOST	98

/**
 * wrap_sink - lines for people: a long one is broken at a blank, and what is
 * broken off stands further in.
 * @to: where they go; stays the caller's.
 *
 * A line is put when its newline comes.  A word longer than a line is broken.
 */
struct wrap_sink {
	struct sink sink;
	struct sink *to;
	size_t columns;
	char line[WRAP_MOST + 1];
	size_t len;
	size_t indent;		/* of what was broken off; 0: nothing was */
};
struct wrap_sink wrap_sink(struct sink *to);

/* Of that width, WRAP_MOST at most, where a screen is known to have it. */
struct wrap_sink wrap_sink_of(struct sink *to, size_t columns);

#endif
