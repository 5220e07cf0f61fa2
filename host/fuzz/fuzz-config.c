/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configurations of any bytes: refused with a line, or accepted; what was accepted is
 * the same when it is printed and read again.
 */
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config c, again;
	struct config_error e = { 0 };
	static char printed[4096], reprinted[4096];
	struct memory_sink m = memory_sink(printed, sizeof(printed));
	struct memory_sink n = memory_sink(reprinted, sizeof(reprinted));
	char *bytes = malloc(size + 1);

	memcpy(bytes, data, size);
	config_preset(&c);
	if (config_parse(&c, bytes, size, &e)) {
		config_print(&c, &m.sink);
		must(!m.sink.failed);
		config_preset(&again);
		must(config_parse(&again, printed, m.len, &e));
		config_print(&again, &n.sink);
		must(!n.sink.failed && n.len == m.len
		     && !memcmp(printed, reprinted, m.len));
	} else {
		must(e.line && memchr(e.text, 0, sizeof(e.text)) && e.text[0]);
	}
	free(bytes);
	return 0;
}
