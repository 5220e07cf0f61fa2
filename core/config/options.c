/* SPDX-License-Identifier: GPL-2.0-only */
/* What was handed over: words for us, or something else; see options.h. */
#include "config/options.h"
#include "lib/sink.h"
#include "lib/string.h"
#include "options_data.h"
#include "options_word.h"

/* Takes quotes off, ends each word with a NUL, in place.  @text has room for one more
 * byte. */
static void split(struct options *o, char *text, size_t len)
{
	char *to = text, *from = text, *end = text + len;

	o->word = text;
	o->words = o->unclosed = 0;
	for (;;) {
		char quote = 0;

		while (from < end && (*from == ' ' || *from == '\n'))
			from++;
		if (from == end)
			return;
		o->words++;
		for (; from < end && (quote || (*from != ' ' && *from != '\n')); from++)
			if (quote ? *from == quote : *from == '"' || *from == '\'')
				quote = quote ? 0 : *from;
			else
				*to++ = *from;
		if (quote && !o->unclosed)
			o->unclosed = o->words;
		if (from < end)
			from++;
		*to++ = '\0';
	}
}

/* key=value, key =, or --key; without a value if the key is ours.  @ours: it is, or
 * nearly. */
static bool begins_setting(char *w, bool last, bool *ours)
{
	const char *key = w + word_prefix(w);
	size_t n = word_key_length(key), equals = n;

	if (!n)
		return false;
	*ours = config_key_is_near(key, n);
	while (key[equals] == ' ')		/* within quotes */
		equals++;
	if (key[equals] == '=')
		return key[equals + 1] || !last || *ours;
	if (key[n])
		return false;
	return (!last && *word_next(w) == '=') || (key > w && *ours);
}

static enum options_kind kind_of(const struct options *o, bool typed)
{
	bool any = false, all = true, help = false, near;
	char *w = o->word;

	for (unsigned i = 0; i < o->words; i++, w = word_next(w)) {
		bool setting = begins_setting(w, i + 1 == o->words, &near);

		any |= setting && near;
		all &= setting;
		help |= word_asks_help(w);
	}
	if (!o->words)
		return OPTIONS_NONE;
	return help ? OPTIONS_HELP : any || all || typed ? OPTIONS_WORDS
		: OPTIONS_IGNORED;
}

/* As text of that encoding.  False: it is none, or none for us. */
static bool read_as(struct options *o, enum encoding_id id, const char *as,
		    struct bytes b, const char *program, char *room)
{
	size_t end, len = length_of(b);
	bool good, typed;

	if (id != ENCODING_utf_8)
		len -= len % 2;			/* half a character is none */
	len = encoding_units(id, (const char *)b.at, len, room, &end, &good);
	if (!good || !len)
		return false;
	split(o, room, len);
	o->as = as;
	typed = o->words && word_is_program(o->word, program);
	if (typed) {
		o->word = word_next(o->word);
		o->words--;
		o->unclosed -= !!o->unclosed;
	}
	o->kind = kind_of(o, typed);
	return o->kind != OPTIONS_IGNORED;
}

/* As ASCII in units of so many bytes, if all of it is that; cut with a mark. */
static bool show_text(char *to, size_t room, const uint8_t *p, size_t len, size_t unit)
{
	size_t n = 0, most = room - sizeof("\"...");

	to[n++] = '"';
	for (size_t i = 0; i < len; i++) {
		bool first = i % unit == 0;

		if (first ? p[i] < ' ' || p[i] > '~' : p[i] != 0)
			return false;
		if (first && n < most)
			to[n++] = (char)p[i];
	}
	text_format(to + n, room - n, len > (n - 1) * unit ? "\"..." : "\"");
	return true;
}

/* For a line: as text where it is printable, else its first bytes. */
static void show(struct options *o, struct bytes b)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = length_of(b), n = 0;

	while (len && !b.at[len - 1])
		len--;
	if (show_text(o->shown, sizeof(o->shown), b.at, len, 1)
	    || (len > 1 && show_text(o->shown, sizeof(o->shown), b.at, len, 2)))
		return;
	for (size_t i = 0; i < len && n < 16 * 3; i++) {
		o->shown[n++] = digits[b.at[i] >> 4];
		o->shown[n++] = digits[b.at[i] & 15];
		o->shown[n++] = ' ';
	}
	n -= !!n;
	text_format(o->shown + n, sizeof(o->shown) - n, "%s", len > 16 ? " ..." : "");
}

void options_read(struct options *o, const void *bytes, size_t len,
		  const char *program, char *room)
{
	struct bytes b = { bytes, (const uint8_t *)bytes + len };

	*o = (struct options){ .kind = OPTIONS_NONE, .as = "", .word = room };
	if (!len)
		return;
	b = options_data(b);
	if (!length_of(b))
		return;
	if (read_as(o, ENCODING_utf_16le, "UTF-16LE", b, program, room)
	    || read_as(o, ENCODING_utf_8, "UTF-8", b, program, room))
		return;
	*o = (struct options){ .kind = OPTIONS_IGNORED, .as = "", .word = room };
	show(o, b);
}
