/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be done, from all who have a say in it, see configure.h. */
#include "config/encoding.h"
#include "config/options.h"
#include "config/options_program.h"
#include "configure.h"
#include "firmware/console.h"
#include "firmware/file.h"
#include "firmware/firmware.h"
#include "firmware/memory.h"
#include "firmware/volume.h"
#include "lib/line_wrap.h"
#include "plan/table_ops.h"

/* A file that is longer is not a configuration; the stick's own has 3 KiB. */
#define FILE_MOST	65536

/* No device path of a file is longer. */
#define PATH_MOST	4096

/* Whoever has the emulator ended by the application is a program. */
static void tell_console(const struct config *c)
{
	console_is_read(c->exit == EXIT_DEBUG || c->exit == EXIT_BOCHS);
}

static bool parse_file(struct config *c, const char *bytes, size_t len)
{
	char *text = pool_get(ENCODING_ROOM(len));
	struct encoding_error damage;
	struct config_error e;
	bool ok = true;

	if (!text) {
		sink_printf(console, "parapatch: \\parapatch.cfg: no memory to read it\n");
		return false;
	}
	len = encoding_decode(bytes, len, text, &damage);
	if (damage.line) {
		sink_printf(console, "parapatch: \\parapatch.cfg line %u: %s\n",
			    damage.line, damage.text);
		config_parse_exit(c, text, len);
		ok = false;
	} else if (!config_parse(c, text, len, &e)) {
		sink_printf(console, "parapatch: \\parapatch.cfg line %u: ", e.line);
		sink_text(console, e.text);
		sink_text(console, "\n");
		ok = false;
	}
	pool_put(text);
	return ok;
}

/* False: a line says what is wrong with it. */
static bool read_file(struct config *c)
{
	char *bytes;
	size_t len;
	EFI_STATUS st = file_read_most((const CHAR16 *)L"\\parapatch.cfg", FILE_MOST,
				       &bytes, &len);
	bool ok;

	if (st == EFI_NOT_FOUND) {
		sink_printf(console, "No \\parapatch.cfg: the presets are used.\n");
		return true;
	}
	if (st == EFI_NO_MAPPING) {
		sink_printf(console, "There is no volume behind this image, so no "
				     "\\parapatch.cfg: the presets are used.\n");
		return true;
	}
	if (st == FILE_IS_FOLDER || st == FILE_IS_LONG) {
		sink_printf(console, "parapatch: \\parapatch.cfg: %s; put a text file of "
				     "lines key = value there, or none\n",
			    file_error(st));
		return false;
	}
	if (EFI_ERROR(st)) {
		sink_printf(console, "parapatch: \\parapatch.cfg cannot be read: %s; "
			    "the presets are used, %s\n",
			    file_error(st), volume_advice());
		return true;
	}
	ok = parse_file(c, bytes, len);
	pool_put(bytes);
	return ok;
}

/* False: a line says which word, and why. */
static bool apply(struct config *c, struct options *o)
{
	struct config_error e;

	if (options_apply(o, c, &e))
		return true;
	if (o->kind == OPTIONS_HELP)		/* its exit alone */
		return true;
	sink_printf(console, "parapatch: option word %u: ", e.line);
	sink_text(console, e.text);
	sink_text(console, "\n");
	return false;
}

static enum configured take(struct config *c, struct options *o, size_t len)
{
	static const enum configured how[] = {
		[OPTIONS_NONE] = CONFIGURED, [OPTIONS_IGNORED] = CONFIGURED,
		[OPTIONS_HELP] = CONFIGURED_HELP, [OPTIONS_WORDS] = CONFIGURED,
	};
	bool good = o->kind < OPTIONS_HELP || apply(c, o);

	tell_console(c);
	/* After it: where there is no port it is known by exit who reads along. */
	if (o->kind != OPTIONS_NONE)
		sink_printf(serial, "parapatch options bytes=%u as=%s words=%u ignored=%s\n",
			    (unsigned)len, o->as[0] ? o->as : "none", o->words,
			    o->kind == OPTIONS_IGNORED ? "yes" : "no");
	if (o->kind == OPTIONS_IGNORED)
		sink_printf(console, "Load options of %u bytes (%s) have no key of "
				     "parapatch: they are ignored.\n",
			    (unsigned)len, o->shown);
	return good ? how[o->kind] : CONFIGURED_BADLY;
}

static enum configured read_options(struct config *c)
{
	static EFI_GUID guid = LOADED_IMAGE_PROTOCOL;
	EFI_LOADED_IMAGE *image;
	char program[128] = "", *room;
	enum configured how;
	struct options o;
	void *p;

	if (EFI_ERROR(firmware.bs->HandleProtocol(firmware.image, &guid, &p)))
		return CONFIGURED;
	image = p;
	if (!image->LoadOptions || !image->LoadOptionsSize)
		return CONFIGURED;
	if (image->LoadOptionsSize > OPTIONS_MAX) {
		sink_printf(console, "Load options of %u bytes are too many: they are ignored.\n",
			    (unsigned)image->LoadOptionsSize);
		return CONFIGURED;
	}
	room = pool_get(OPTIONS_ROOM(image->LoadOptionsSize));
	if (!room) {
		sink_printf(console, "parapatch: no memory for options\n");
		return CONFIGURED_BADLY;
	}
	if (image->FilePath)
		options_program((const uint8_t *)image->FilePath, PATH_MOST, program,
				sizeof(program));
	options_read(&o, image->LoadOptions, image->LoadOptionsSize, program, room);
	how = take(c, &o, image->LoadOptionsSize);
	pool_put(room);
	return how;
}

static void help(struct config *c)
{
	struct wrap_sink people = wrap_sink(console);

	config_help(&people.sink);
	/* Whoever asks is there, and has a prompt to go back to. */
	if (c->exit == EXIT_KEY)
		c->exit = EXIT_RETURN;
}

enum configured configure(struct config *c)
{
	struct wrap_sink people = wrap_sink(console);
	bool file;
	enum configured how;

	config_preset(c);
	file = read_file(c);
	tell_console(c);
	how = read_options(c);
	if (how == CONFIGURED_HELP)
		help(c);
	if (how == CONFIGURED && !file)
		how = CONFIGURED_BADLY;
	if (how != CONFIGURED)
		return how;
	config_settle(c);
	config_lines(c, serial);
	config_say(c, &people.sink);
	return how;
}
