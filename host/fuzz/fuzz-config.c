/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configurations of any bytes, in any encoding: refused with a line, or accepted; what
 * was accepted is the same when it is printed and read again.  And the same bytes as
 * what a starter hands over.
 */
#include <stdlib.h>
#include <string.h>
#include "config/config.h"
#include "config/encoding.h"
#include "config/options.h"
#include "lib/sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void complained(const struct config_error *e)
{
	must(e->line && memchr(e->text, 0, sizeof(e->text)) && e->text[0]);
}

/* Printed, and read again. */
static void must_stay(const struct config *c)
{
	static char printed[CONFIG_PRINTED_ROOM], reprinted[CONFIG_PRINTED_ROOM];
	struct memory_sink m = memory_sink(printed, sizeof(printed));
	struct memory_sink n = memory_sink(reprinted, sizeof(reprinted));
	struct config_error e;
	struct config again;

	config_print(c, &m.sink);
	must(!m.sink.failed);
	config_preset(&again);
	must(config_parse(&again, printed, m.len, &e));
	config_print(&again, &n.sink);
	must(!n.sink.failed && n.len == m.len && !memcmp(printed, reprinted, m.len));
}

static void parse(const char *text, size_t len)
{
	struct config_error e = { 0 };
	struct config c;

	config_preset(&c);
	if (config_parse(&c, text, len, &e))
		must_stay(&c);
	else
		complained(&e);
}

static void decode(const char *bytes, size_t len)
{
	char *text = malloc(ENCODING_ROOM(len));
	struct encoding_error e;
	size_t n = encoding_decode(bytes, len, text, &e);

	must(n <= ENCODING_ROOM(len) && !memchr(text, '\r', n));
	must(e.line ? e.text[0] && memchr(e.text, 0, sizeof(e.text)) : !memchr(text, 0, n));
	parse(text, n);
	free(text);
}

static void as_options(const char *bytes, size_t len)
{
	char *room = malloc(OPTIONS_ROOM(len));
	struct config_error e = { 0 };
	struct options o;
	struct config c;

	options_read(&o, bytes, len, "\\EFI\\BOOT\\BOOTX64.EFI", room);
	must(memchr(o.shown, 0, sizeof(o.shown)));
	config_preset(&c);
	if (o.kind == OPTIONS_WORDS && options_apply(&o, &c, &e))
		must_stay(&c);
	else if (o.kind == OPTIONS_WORDS)
		complained(&e);
	free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size ? size : 1);

	memcpy(bytes, data, size);
	parse(bytes, size);
	decode(bytes, size);
	if (size <= OPTIONS_MAX)
		as_options(bytes, size);
	free(bytes);
	return 0;
}
