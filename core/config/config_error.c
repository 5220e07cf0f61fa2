/* SPDX-License-Identifier: GPL-2.0-only */
/* A complaint about what was read, see config_error.h. */
#include "config/encoding.h"
#include "config_error.h"
#include "lib/mem.h"

/* How much of what is wrong is shown. */
#define SHOWN		40
#define CUT		"..."

/* A character as people can tell it: what is not printable ASCII by its number. */
static size_t show_char(char *to, size_t room, const char *at, size_t len,
			size_t *taken)
{
	uint32_t c;
	size_t n = utf_8_char(at, len, &c);

	*taken = n ? n : 1;
	if (!n)
		return text_format(to, room, "<byte %02X>", (unsigned char)*at);
	if (c >= ' ' && c <= '~')
		return text_format(to, room, "%c", (int)c);
	return text_format(to, room, "<U+%04X>", (unsigned)c);
}

static void show(struct sink *to, struct span s)
{
	char one[16];
	size_t shown = 0, taken, n;

	sink_put(to, "\"", 1);
	for (; s.at < s.end; s.at += taken, shown += n) {
		n = show_char(one, sizeof(one), s.at, (size_t)(s.end - s.at), &taken);
		if (shown + n > SHOWN)
			break;
		sink_put(to, one, n);
	}
	sink_put(to, "\"", 1);
	if (s.at < s.end)
		sink_put(to, CUT, sizeof(CUT) - 1);
}

struct memory_sink config_wrong(struct config_error *e, const char *what, struct span s)
{
	struct memory_sink m = memory_sink(e->text, sizeof(e->text) - sizeof(CUT));

	sink_printf(&m.sink, "%s ", what);
	show(&m.sink, s);
	sink_put(&m.sink, "; ", 2);
	return m;
}

bool config_wrong_end(struct memory_sink *m)
{
	memcpy(m->bytes + m->len, m->sink.failed ? CUT : "", m->sink.failed ? sizeof(CUT) : 1);
	return false;
}

void config_error_make(struct config_error *e, unsigned line, const char *what,
		       const char *shown, size_t len, const char *mend)
{
	struct memory_sink m = config_wrong(e, what, (struct span){ shown, shown + len });

	e->line = line;
	sink_text(&m.sink, mend);
	config_wrong_end(&m);
}
