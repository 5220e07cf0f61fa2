/* SPDX-License-Identifier: GPL-2.0-only */
/* Mixes from a folder, see bench.h. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../user.h"
#include "bench.h"
#include "mix/row.h"

/* NAME or KERNEL/NAME of each file, in their order. */
#define FILES_MAX	1024
static char *found[FILES_MAX];
static unsigned files;

static const char suffix[] = ".json";

static char *text_of(const char *format, const char *a, const char *b)
{
	char *text;

	if (asprintf(&text, format, a, b) < 0)
		die(1, "mixes", "there is no memory for their names", 0);
	return text;
}

/* A name that ends in .json. */
static bool is_mix_file(const char *name)
{
	size_t n = strlen(name), of = strlen(suffix);

	return name[0] != '.' && n > of && !strcmp(name + n - of, suffix);
}

static void note(char *path)
{
	if (files == FILES_MAX)
		die(2, path, "there are too many files in the folder of mixes", 0);
	path[strlen(path) - strlen(suffix)] = '\0';
	found[files++] = path;
}

/* Of a folder, its files; in the first also those of its folders. */
static void look_in(const char *folder, const char *within)
{
	char *path = within ? text_of("%s/%s", folder, within) : text_of("%s%s", folder, "");
	struct dirent *entry;
	DIR *d = opendir(path);

	if (!d && !within)
		die(2, path, "the folder of mixes cannot be read", errno);
	while (d && (entry = readdir(d))) {
		if (is_mix_file(entry->d_name))
			note(within ? text_of("%s/%s", within, entry->d_name)
			     : text_of("%s%s", entry->d_name, ""));
		else if (!within && entry->d_name[0] != '.')
			look_in(folder, entry->d_name);
	}
	if (d)
		closedir(d);
	free(path);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t read_file(const char *path, char *bytes, size_t room)
{
	FILE *f = fopen(path, "rb");
	size_t len = f ? fread(bytes, 1, room, f) : 0;

	if (!f || ferror(f))
		die(2, path, "cannot be read", errno);
	fclose(f);
	return len;
}

static void load(const char *folder, const char *name, uint64_t seed, const struct text *own)
{
	static struct mix mix;
	static int tokens[MIX_TOKENS_BYTES / sizeof(int)];
	static char bytes[MIX_FILE_MAX + 1];
	char *path = text_of("%s/%s.json", folder, name), place[40];
	size_t len = read_file(path, bytes, sizeof(bytes));
	struct mix_error e;
	const char *why;

	if (!mix_parse(&mix, bytes, len, tokens, &e)) {
		snprintf(place, sizeof(place), ":%u:%u", e.line, e.column);
		die(2, text_of("%s%s", path, place), e.text, 0);
	}
	why = mix_rows_add(&mix, 3, seed, own);
	if (why)
		die(2, path, why, 0);
	free(path);
}

void mixes_load(const struct arguments *a, uint64_t seed, const struct text *own)
{
	char name[CONFIG_NAME_MAX + 1];

	if (!config_name(a->config.mixes, 0, name))
		return;
	look_in(a->mixes, NULL);
	qsort(found, files, sizeof(*found), by_name);
	for (unsigned i = 0; config_name(a->config.mixes, i, name); i++) {
		unsigned n = 0;

		for (unsigned k = 0; k < files; k++) {
			if (!config_path_is(name, found[k]))
				continue;
			load(a->mixes, found[k], seed, own);
			n++;
		}
		if (!n)
			die(2, name, "there is no such mix", 0);
	}
}
