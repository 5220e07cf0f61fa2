/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that the tool reads, and the one that it writes whole or not at all. */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A file that was read. */
struct input {
	const char *name;
	uint8_t *bytes;		/* not to be written to */
	size_t len;
	bool mapped;		/* of a regular file, only what is looked at is read */
	dev_t dev;		/* which file it is, whatever its name */
	ino_t ino;
};

/**
 * input_open - the bytes of a file, until input_close().
 * @max: most that it may have, if it is no regular file.
 *
 * Return: false: it cannot be had, which is said on standard error.
 */
bool input_open(struct input *in, const char *name, size_t max);
void input_close(struct input *in);

/* Bytes to be written, one after the other. */
struct piece {
	const uint8_t *bytes;
	size_t len;
};

/* A file that is written beside its name and then renamed to it. */
struct output {
	char *name;		/* with no symbolic link left in it */
	char *beside;		/* NULL: there is none */
};

/**
 * output_begin - write two pieces, under a name beside @name.
 * @not, @count: files that must stay as they are.
 *
 * Return: false: it cannot be written, which is said on standard error; nothing is
 * left of it.
 */
bool output_begin(struct output *o, const char *name, const struct piece pieces[2],
		  const struct input *not, size_t count);

/* It gets its name; false: it does not, which is said.  Or it is given up. */
bool output_commit(struct output *o);
void output_abandon(struct output *o);

#endif
