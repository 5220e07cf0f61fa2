/* SPDX-License-Identifier: GPL-2.0-only */
/* Formatting, by stb_sprintf (Debian's libstb-dev), and sinks. */
#include <stdarg.h>
#include "lib/mem.h"
#include "lib/sink.h"

#define STB_SPRINTF_IMPLEMENTATION
#define STB_SPRINTF_STATIC
#define STB_SPRINTF_NOFLOAT
#define STB_SPRINTF_NOUNALIGNED
/* Without floating point it still takes a double off the arguments, to get past it:
 * GCC 11 makes no code for that where there are no SSE registers.  Nobody passes one
 * (the compilers check formats, and refuse a double here), so a word will do. */
#define double	uint64_t
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_sprintf.h>
#pragma GCC diagnostic pop
#undef double

/* What is too long for a line: of a device's it is better to see the beginning. */
static void put_cut(struct sink *s, char *line, size_t room, bool ends)
{
	const size_t n = ends ? 4 : 3, len = room - 1;

	memcpy(line + len - n, "...\n", n);
	sink_put(s, line, len);
}

static bool ends_line(const char *format)
{
	char last = '\0';

	for (; *format; format++)
		last = *format;
	return last == '\n';
}

void sink_text(struct sink *s, const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	sink_put(s, text, len);
}

void sink_printf(struct sink *s, const char *format, ...)
{
	char line[512];
	va_list args;
	int len;

	va_start(args, format);
	len = stbsp_vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len >= 0 && (size_t)len < sizeof(line))
		sink_put(s, line, (size_t)len);
	else if (s->device && len > 0)
		put_cut(s, line, sizeof(line), ends_line(format));
	else
		s->failed = true;
}

size_t text_format(char *to, size_t room, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = stbsp_vsnprintf(to, (int)room, format, args);
	va_end(args);
	return (size_t)len < room ? (size_t)len : room - 1;
}

static bool memory_put(struct sink *s, const char *bytes, size_t len)
{
	struct memory_sink *m = (struct memory_sink *)s;

	if (len > m->room - m->len)
		return false;
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
	return true;
}

struct memory_sink memory_sink(char *bytes, size_t room)
{
	return (struct memory_sink){ { memory_put, false, false }, bytes, room, 0 };
}
