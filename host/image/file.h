/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that the tool reads whole, and the one that it writes whole or not at all. */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A file that was read. */
struct input {
	const char *name;
	uint8_t *bytes;		/* the caller's to free() */
	size_t len;
	dev_t dev;		/* which file it is, whatever its name */
	ino_t ino;
};

/**
 * input_read - all bytes of a file.
 * @max: most that it may have.
 *
 * Return: false: it cannot be had, which is said on standard error.
 */
bool input_read(struct input *in, const char *name, size_t max);

/* A file that is written beside its name and then renamed to it. */
struct output {
	char *name;		/* with no symbolic link left in it */
	char *beside;		/* NULL: there is none */
};

/**
 * output_begin - write all bytes, under a name beside @name.
 * @not, @count: files that must stay as they are.
 *
 * Return: false: it cannot be written, which is said on standard error; nothing is
 * left of it.
 */
bool output_begin(struct output *o, const char *name, const uint8_t *bytes,
		  size_t len, const struct input *not, size_t count);

/* It gets its name; false: it does not, which is said.  Or it is given up. */
bool output_commit(struct output *o);
void output_abandon(struct output *o);

#endif
