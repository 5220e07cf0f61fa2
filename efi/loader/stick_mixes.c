/* SPDX-License-Identifier: GPL-2.0-only */
/* Mixes from the stick, see stick_mixes.h. */
#include "firmware/console.h"
#include "firmware/file.h"
#include "firmware/memory.h"
#include "lib/mem.h"
#include "lib/string.h"
#include "mix/row.h"
#include "stick_mixes.h"

#define MIXES_FOLDER	"mixes"
#define MIXES_FOLDER_16	L"\\mixes"
#define SUFFIX		".json"

/* FOLDER/NAME, without what the file's name ends in. */
#define PATH_MAX	(2 * CONFIG_NAME_MAX + 1)

struct loading {
	const struct config *config;
	unsigned ring;
	const struct text *own;
	struct mix *mix;
	void *tokens;
	unsigned of_name;		/* files that a name asks for */
	char first[260];		/* what was refused first; or empty */
};

static void refuse(struct loading *l, const char *name, const char *why)
{
	char line[sizeof(l->first)];

	text_format(line, sizeof(line), "mix %s is not replayed: %s", name, why);
	sink_printf(console, "parapatch: %s\n", line);
	if (!l->first[0])
		memcpy(l->first, line, sizeof(line));
}

/* FOLDER/NAME as a path of the stick. */
static void path_of(const char *name, CHAR16 *to)
{
	static const char before[] = "\\" MIXES_FOLDER "\\", behind[] = SUFFIX;
	unsigned n = 0;

	for (const char *p = before; *p; p++)
		to[n++] = (CHAR16)*p;
	for (; *name; name++)
		to[n++] = *name == '/' ? '\\' : (CHAR16)*name;
	for (const char *p = behind; *p; p++)
		to[n++] = (CHAR16)*p;
	to[n] = 0;
}

static void parse(struct loading *l, const char *name, const char *bytes, size_t len)
{
	struct mix_error e;
	char text[sizeof(e.text) + 40];
	const char *why;

	if (!mix_parse(l->mix, bytes, len, l->tokens, &e)) {
		text_format(text, sizeof(text), "line %u, column %u: %s", e.line, e.column,
			    e.text);
		refuse(l, name, text);
		return;
	}
	why = mix_rows_add(l->mix, l->ring, l->config->seed ? l->config->seed : 1, l->own);
	if (why)
		refuse(l, name, why);
	else
		sink_printf(console, "Mix %s: %s of %s, %llu units\n", name, l->mix->name,
			    l->mix->kernel, (unsigned long long)l->mix->units);
}

static void load(struct loading *l, const char *name)
{
	CHAR16 path[PATH_MAX + sizeof("\\" MIXES_FOLDER "\\" SUFFIX)];
	char *bytes;
	size_t len;
	EFI_STATUS st;

	path_of(name, path);
	st = file_read_most(path, MIX_FILE_MAX, &bytes, &len);
	if (EFI_ERROR(st)) {
		refuse(l, name, file_error(st));
		return;
	}
	parse(l, name, bytes, len);
	pool_put(bytes);
}

/* A name of the stick as ASCII, without a suffix that it must have.  False: it is none that
 * could be asked for. */
static bool take_name(const CHAR16 *from, const char *suffix, char *to)
{
	const size_t of = string_length(suffix);
	size_t n = 0;

	while (from[n] && n < CONFIG_NAME_MAX + of && from[n] >= ' ' && from[n] <= '~') {
		to[n] = (char)from[n];
		n++;
	}
	to[n] = '\0';
	if (from[n] || n <= of || n - of > CONFIG_NAME_MAX || to[0] == '.'
	    || !string_equal(to + n - of, suffix))
		return false;
	to[n - of] = '\0';
	return true;
}

/* Of a folder the files that a name asks for. */
static void load_from(struct loading *l, const CHAR16 *path, const char *within,
		      const char *name)
{
	char file[CONFIG_NAME_MAX + sizeof(SUFFIX)], full[PATH_MAX + 1];
	const CHAR16 *entry;
	struct folder f;

	if (!folder_open(&f, path))
		return;
	while ((entry = folder_next(&f))) {
		if (!take_name(entry, SUFFIX, file))
			continue;
		text_format(full, sizeof(full), "%s%s%s", within, within[0] ? "/" : "", file);
		if (!config_path_is(name, full))
			continue;
		l->of_name++;
		load(l, full);
	}
	folder_close(&f);
}

static void load_from_folders(struct loading *l, const char *name)
{
	CHAR16 path[sizeof("\\" MIXES_FOLDER "\\") + CONFIG_NAME_MAX];
	char folder[CONFIG_NAME_MAX + 1];
	const CHAR16 *entry;
	struct folder f;

	if (!folder_open(&f, (const CHAR16 *)MIXES_FOLDER_16))
		return;
	while ((entry = folder_next_folder(&f))) {
		if (!take_name(entry, "", folder))
			continue;
		path_of(folder, path);
		path[sizeof("\\" MIXES_FOLDER "\\") - 1 + string_length(folder)] = 0;
		load_from(l, path, folder, name);
	}
	folder_close(&f);
}

static void load_named(struct loading *l, const char *name)
{
	l->of_name = 0;
	load_from(l, (const CHAR16 *)MIXES_FOLDER_16, "", name);
	load_from_folders(l, name);
	if (!l->of_name)
		refuse(l, name, "there is no such file in \\" MIXES_FOLDER);
}

const char *mixes_load(const struct config *c, unsigned ring, const struct text *own)
{
	static struct loading l;
	char name[CONFIG_NAME_MAX + 1];

	if (!config_name(c->mixes, 0, name))
		return NULL;
	l = (struct loading){
		.config = c, .ring = ring, .own = own, .mix = pool_get(sizeof(*l.mix)),
		.tokens = pool_get(MIX_TOKENS_BYTES),
	};
	if (!l.mix || !l.tokens)
		refuse(&l, name, "there is no memory to read it");
	for (unsigned i = 0; l.mix && l.tokens && config_name(c->mixes, i, name); i++)
		load_named(&l, name);
	pool_put(l.mix);
	pool_put(l.tokens);
	return l.first[0] ? l.first : NULL;
}
