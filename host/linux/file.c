/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading files, and writing one whole or not at all; see file.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "file.h"

static bool complain(const char *name, const char *why)
{
	fprintf(stderr, "parapatch-image: %s: %s\n", name, why);
	return false;
}

/* To the end of @f, or until one byte more than @max is there. */
static bool read_all(FILE *f, struct input *in, size_t max)
{
	size_t room = 0;
	uint8_t *more;

	while (!feof(f) && !ferror(f) && in->len <= max) {
		if (room - in->len < 1 << 16) {
			room = room ? room * 2 : 1 << 20;
			more = realloc(in->bytes, room);
			if (!more)
				return false;
			in->bytes = more;
		}
		in->len += fread(in->bytes + in->len, 1, room - in->len, f);
	}
	return !ferror(f);
}

static bool read_stream(FILE *f, struct input *in, size_t max)
{
	char why[64];

	if (!read_all(f, in, max))
		return complain(in->name, strerror(errno));
	if (in->len <= max)
		return true;
	snprintf(why, sizeof(why), "longer than the %zu bytes that are read", max);
	return complain(in->name, why);
}

/* An empty one cannot be mapped. */
static bool map(FILE *f, struct input *in, size_t len)
{
	void *at = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fileno(f), 0);

	if (at == MAP_FAILED)
		return complain(in->name, strerror(errno));
	in->bytes = at;
	in->len = len;
	in->mapped = true;
	return true;
}

static bool take(FILE *f, struct input *in, size_t max)
{
	struct stat s;

	if (fstat(fileno(f), &s))
		return complain(in->name, strerror(errno));
	in->dev = s.st_dev;
	in->ino = s.st_ino;
	return S_ISREG(s.st_mode) && s.st_size ? map(f, in, (size_t)s.st_size)
		: read_stream(f, in, max);
}

bool input_open(struct input *in, const char *name, size_t max)
{
	FILE *f = fopen(name, "rb");
	bool good;

	*in = (struct input){ .name = name };
	if (!f)
		return complain(name, strerror(errno));
	good = take(f, in, max);
	fclose(f);
	if (!good)
		input_close(in);
	return good;
}

void input_close(struct input *in)
{
	if (in->mapped)
		munmap(in->bytes, in->len);
	else
		free(in->bytes);
	in->bytes = NULL;
	in->mapped = false;
}

/* Why a file that is there cannot be replaced; NULL: it can.  A device would be taken
 * for a file by its name. */
static const char *unfit(const struct stat *s, const struct input *not, size_t count)
{
	if (!S_ISREG(s->st_mode))
		return "not written: it is there and is no regular file";
	for (size_t i = 0; i < count; i++)
		if (s->st_dev == not[i].dev && s->st_ino == not[i].ino)
			return "not written: it is a file that was read";
	return NULL;
}

/* Where it goes and with which rights; false: it cannot, which is said. */
static bool aim(struct output *o, const char *name, mode_t *mode,
		const struct input *not, size_t count)
{
	const char *why;
	struct stat s;
	mode_t mask = umask(0);

	umask(mask);
	*mode = 0666 & ~mask;
	/* Nor does a link that leads nowhere become a file. */
	if (lstat(name, &s)) {
		if (errno != ENOENT)
			return complain(name, strerror(errno));
		o->name = strdup(name);
		return o->name || complain(name, strerror(errno));
	}
	o->name = realpath(name, NULL);
	if (!o->name || stat(o->name, &s))
		return complain(name, strerror(errno));
	*mode = s.st_mode & 0777;
	why = unfit(&s, not, count);
	return !why || complain(name, why);
}

static bool write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return true;
}

static bool write_beside(struct output *o, const struct piece pieces[2], mode_t mode)
{
	size_t room = strlen(o->name) + sizeof(".XXXXXX");
	bool good;
	int fd;

	o->beside = malloc(room);
	if (!o->beside)
		return false;
	snprintf(o->beside, room, "%s.XXXXXX", o->name);
	fd = mkstemp(o->beside);
	if (fd < 0) {
		free(o->beside);
		o->beside = NULL;
		return false;
	}
	good = write_all(fd, pieces[0].bytes, pieces[0].len)
		&& write_all(fd, pieces[1].bytes, pieces[1].len) && !fchmod(fd, mode);
	return !close(fd) && good;
}

bool output_begin(struct output *o, const char *name, const struct piece pieces[2],
		  const struct input *not, size_t count)
{
	mode_t mode;

	*o = (struct output){ 0 };
	if (aim(o, name, &mode, not, count)) {
		if (write_beside(o, pieces, mode))
			return true;
		fprintf(stderr, "parapatch-image: %s: cannot be written: %s\n",
			name, strerror(errno));
	}
	output_abandon(o);
	return false;
}

bool output_commit(struct output *o)
{
	bool good = !o->beside || !rename(o->beside, o->name);

	if (good) {
		free(o->beside);
		o->beside = NULL;
	} else {
		fprintf(stderr, "parapatch-image: %s: cannot be written: %s\n",
			o->name, strerror(errno));
	}
	output_abandon(o);
	return good;
}

void output_abandon(struct output *o)
{
	if (o->beside)
		unlink(o->beside);
	free(o->beside);
	free(o->name);
	*o = (struct output){ 0 };
}
