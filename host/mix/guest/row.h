/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MIX_ROW_H
#define MIX_ROW_H

/*
 * A row is one program: a unit of work, done some times to warm up and then as often as is
 * counted, each followed by its mark.  row.c has main(); a file of its own has each row.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct row {
	const char *name;
	unsigned warm;		/* units before the region */
	unsigned units;		/* units in it, unless the command line says how many */
	void (*start)(char **argv);	/* prepares; NULL: nothing to do */
	void (*unit)(void);
	void (*settle)(void);	/* waits until all is done that units left to another process:
				 * before the region, and in its last unit; NULL: they leave
				 * nothing */
	void (*end)(void);	/* the last checks, outside of the region; NULL: none */
};

extern const struct row row;

/* need - end the program with a line that says "row NAME failed: WHAT", and why. */
void need(bool good, const char *what);

/*
 * partner - a child that runs @work and exits with what that returns.
 *
 * Both go on with the descriptors that are open; each closes what is the other's.
 */
pid_t partner(int (*work)(void));

/* ended_well - wait for a child, which must have exited with 0. */
void ended_well(pid_t child);

/* read_all, write_all - all of it, in as many calls as it takes. */
bool read_all(int fd, void *to, size_t bytes);
bool write_all(int fd, const void *from, size_t bytes);

/* answer - send back what comes, @bytes at a time, until the other end is closed; then 0. */
int answer(int from, int to, size_t bytes);

/* ask - send one byte, another each time, and wait until the same comes back. */
void ask(int to, int from);

#endif
