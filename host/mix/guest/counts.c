// SPDX-License-Identifier: GPL-2.0-only
/*
 * counts.c: context switches, processes made, interrupts and page faults, by /proc.
 *
 * Source: Linux, Documentation/filesystems/proc.rst, "Miscellaneous kernel statistics in
 * /proc/stat".
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counts.h"

static const struct {
	const char *file, *key;
} count_of[COUNTS] = {
	{ "/proc/stat", "ctxt" },
	{ "/proc/stat", "processes" },
	{ "/proc/stat", "intr" },
	{ "/proc/vmstat", "pgfault" },
};

static void missing(const char *what)
{
	printf("row failed: there is no %s\n", what);
	fflush(stdout);
	_exit(1);
}

/* The number behind a key at the beginning of a line. */
static unsigned long long find(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += at != text;
		if (!strncmp(at, key, len) && at[len] == ' ')
			return strtoull(at + len, NULL, 10);
	}
	missing(key);
	return 0;
}

static const char *file_text(const char *file)
{
	static char text[1 << 16];
	int fd = open(file, O_RDONLY);
	size_t have = 0;
	ssize_t n;

	if (fd < 0)
		missing(file);
	while ((n = read(fd, text + have, sizeof(text) - 1 - have)) > 0)
		have += n;
	text[have] = 0;
	close(fd);
	return text;
}

void counts_read(struct counts *c)
{
	const char *file = "", *text = "";

	for (int i = 0; i < COUNTS; i++) {
		if (strcmp(file, count_of[i].file))
			text = file_text(file = count_of[i].file);
		c->value[i] = find(text, count_of[i].key);
	}
}

void counts_print(const char *name, unsigned units, const struct counts *before,
		  const struct counts *after)
{
	printf("row %s units %u ok", name, units);
	for (int i = 0; i < COUNTS; i++)
		printf(" %s %llu %llu", count_of[i].key, before->value[i], after->value[i]);
	printf("\n");
}
