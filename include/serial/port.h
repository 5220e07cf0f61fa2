/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines to a serial port that may fail for a while, or for good.
 *
 * serial/ decides, and sends nothing itself: which ports a console is on (device_path.h),
 * and, here, when a write is tried again and when it is given up.
 *
 * What a write did not take is written again.  A line that does not go within its
 * time is given up, and the next one is a new try: if the one before it got out in
 * part, an end of line comes first.  A port that costs too much time is tried less
 * often: all that is lost by it stays within PORT_BUDGET_MS and a sixteenth of the
 * time since port_open(), but for PORT_LINE_MS for each last line, and for the one
 * write that is under way then.  What is lost is counted.
 *
 * Time counts as lost where a write fails, and a quarter of it where one is good and takes
 * longer than its bytes do at the port's speed: what is slow is better than nothing.
 *
 * Source: UEFI Specification, "Serial I/O Protocol", "EFI_SERIAL_IO_PROTOCOL.Write()".
 */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_LINE_MS	2000u	/* that one line may lose */
#define PORT_BUDGET_MS	10000u	/* that all of them may */
#define PORT_TRIES	4	/* in a row that take nothing, of a line */

struct port {
	/* Writes, says in @len how many bytes it took; false: it reports an error. */
	bool (*write)(struct port *p, const char *bytes, size_t *len);
	uint64_t (*now_us)(void);	/* never goes back */
	void (*wait_ms)(unsigned ms);
	uint32_t baud;			/* 0: not known */
	/* The port's own from here on; 0 at first. */
	uint64_t opened_us;
	uint64_t lost_us;		/* of time, in all */
	uint64_t lost_bytes;		/* that were given up */
	uint64_t line_us;		/* of time, by this line */
	bool inside;			/* a line has begun */
	bool sent;			/* and some of it got out */
	bool given_up;			/* and the rest of it is not tried */
	bool cut;			/* a line got out in part */
	bool last;			/* a line that is tried whatever was before */
};

/* From here on the time is counted.  The four first fields are set. */
void port_open(struct port *p);

/* Text; \n becomes \r\n.  A line may come in pieces; one that begins with \r is drawn
 * again, and counts as another. */
void port_put(struct port *p, const char *bytes, size_t len);

/* The same for a last line: it is tried for PORT_LINE_MS, whatever was before. */
void port_put_last(struct port *p, const char *bytes, size_t len);

/**
 * port_took - how many bytes did a write take?
 * @good: it reports no error.
 * @asked, @said: bytes it was given, and says that it took.
 *
 * An error that says "all" says nothing, and nothing counts as taken: a piece twice is
 * better than none.
 */
size_t port_took(bool good, size_t asked, size_t said);

/* Is a line to be tried, after @lost_us of @elapsed_us? */
bool port_tries(uint64_t lost_us, uint64_t elapsed_us);

#endif
