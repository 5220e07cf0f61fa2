/* SPDX-License-Identifier: GPL-2.0-only */
/* What a starter hands over, as words and settings, see options.h. */
#include "lib/mem.h"
#include "config/options.h"
#include "lib/sink.h"

/* What a boot entry is marked with that the firmware itself made. */
static const uint8_t made_by_firmware[16] = {
	0x4e, 0xac, 0x08, 0x81, 0x11, 0x9f, 0x59, 0x4d,
	0x85, 0x0e, 0xe2, 0x1a, 0x52, 0x2c, 0x59, 0xb2,
};

/* Bytes, [at, end). */
struct bytes {
	const uint8_t *at, *end;
};

static size_t length_of(struct bytes b)
{
	return (size_t)(b.end - b.at);
}

static unsigned two(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

/* ---- what the bytes are */

#define NODE_END	0x7f
#define NODE_END_ALL	0xff
#define NODE_MEDIA	4
#define NODE_FILE	4

/* The bytes of a device path, with its end node; 0 if they are none. */
static size_t path_length(const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (len - at >= 4) {
		size_t node = two(p + at + 2);

		if (node < 4 || node > len - at)
			return 0;
		if (p[at] == NODE_END && p[at + 1] == NODE_END_ALL)
			return at + node;
		at += node;
	}
	return 0;
}

/* Some firmware hands over the whole variable of the boot entry: attributes, the
 * length of the paths, a description, the paths, and only then the optional data. */
static struct bytes optional_data(struct bytes b)
{
	size_t len = length_of(b), at = 6, paths;

	if (len < 6 + 2 + 4)
		return b;
	paths = two(b.at + 4);
	while (at + 2 <= len && two(b.at + at))
		at += 2;
	at += 2;
	if (at > len || paths > len - at || !paths
	    || path_length(b.at + at, paths) != paths)
		return b;
	return (struct bytes){ b.at + at + paths, b.end };
}

static struct bytes without_mark(struct bytes b)
{
	if (length_of(b) >= sizeof(made_by_firmware)
	    && !memcmp(b.end - sizeof(made_by_firmware), made_by_firmware,
		       sizeof(made_by_firmware)))
		b.end -= sizeof(made_by_firmware);
	return b;
}

static bool all_zero(struct bytes b)
{
	while (b.at < b.end && !*b.at)
		b.at++;
	return b.at == b.end;
}

void options_program(const uint8_t *path, size_t len, char *to, size_t room)
{
	size_t at = 0, n = 0;

	while (len - at >= 4 && path[at] != NODE_END) {
		size_t node = two(path + at + 2);

		if (node < 4 || node > len - at)
			break;
		if (path[at] == NODE_MEDIA && path[at + 1] == NODE_FILE) {
			n = 0;			/* the last one has the file */
			for (size_t i = 4; i + 1 < node && n + 1 < room
			     && two(path + at + i); i += 2) {
				unsigned c = two(path + at + i);

				to[n++] = c < 0x80 ? (char)c : '?';
			}
		}
		at += node;
	}
	to[n] = '\0';
}

/* ---- text to words */

static size_t text_length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

static char *next_word(char *w)
{
	return w + text_length(w) + 1;
}

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

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, size_t n, const char *b)
{
	for (size_t i = 0; i < n; i++)
		if (!b[i] || lower(a[i]) != lower(b[i]))
			return false;
	return !b[n];
}

static const char *file_of(const char *path)
{
	const char *file = path;

	for (; *path; path++)
		if (*path == '\\' || *path == '/' || *path == ':')
			file = path + 1;
	return file;
}

static bool has(const char *w, char c)
{
	while (*w && *w != c)
		w++;
	return *w == c;
}

/* Is a word the program itself?  As a path, by its extension, or by its name. */
static bool is_program(const char *w, const char *program)
{
	const char *file = file_of(w), *own = file_of(program);
	size_t n = text_length(file), own_n = text_length(own);

	if (has(w, '='))
		return false;
	if (n > 4 && same_name(file + n - 4, 4, ".efi"))
		return true;
	if (own_n > 4 && same_name(own + own_n - 4, 4, ".efi"))
		own_n -= 4;
	return has(w, '\\') || (n && n == own_n && same_name(own, own_n, file));
}

/* How much of a word is its prefix: "--", "-" or "/", before a letter. */
static size_t prefix(const char *w)
{
	size_t n = w[0] == '-' && w[1] == '-' ? 2 : w[0] == '-' || w[0] == '/' ? 1 : 0;

	return n && lower(w[n]) >= 'a' && lower(w[n]) <= 'z' ? n : 0;
}

static bool asks_help(const char *w)
{
	size_t n = prefix(w);

	if (n)
		return same_name("h", 1, w + n) || same_name("help", 4, w + n);
	return same_name("help", 4, w) || same_name("?", 1, w) || same_name("-?", 2, w)
		|| same_name("/?", 2, w) || same_name("--?", 3, w);
}

/* The bytes of a key at the beginning of a word. */
static size_t key_length(const char *w)
{
	size_t n = 0;

	while (lower(w[n]) >= 'a' && lower(w[n]) <= 'z')
		n++;
	while (n && ((lower(w[n]) >= 'a' && lower(w[n]) <= 'z')
		     || (w[n] >= '0' && w[n] <= '9') || w[n] == '_' || w[n] == '-'))
		n++;
	return n;
}

/* Are they the same but for one letter: another, one more, one less, or two that
 * changed their places? */
static bool one_apart(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t head = 0, tail = 0;

	while (head < a_len && head < b_len && a[head] == b[head])
		head++;
	while (tail < a_len - head && tail < b_len - head
	       && a[a_len - 1 - tail] == b[b_len - 1 - tail])
		tail++;
	a_len -= head + tail;
	b_len -= head + tail;
	return (a_len <= 1 && b_len <= 1)
		|| (a_len == 2 && b_len == 2 && a[head] == b[head + 1]
		    && a[head + 1] == b[head]);
}

/* Is it a key of ours, or meant to be? */
static bool is_near_key(const char *name, size_t len)
{
	for (unsigned k = 0; k < CONFIG_KEYS; k++) {
		const char *key = config_key_name(k);

		if (one_apart(name, len, key, text_length(key)))
			return true;
	}
	return false;
}

/* key=value, key =, or --key; without a value if the key is ours.  @ours: it is, or
 * nearly. */
static bool begins_setting(char *w, bool last, bool *ours)
{
	const char *key = w + prefix(w);
	size_t n = key_length(key), equals = n;

	if (!n)
		return false;
	*ours = is_near_key(key, n);
	while (key[equals] == ' ')		/* within quotes */
		equals++;
	if (key[equals] == '=')
		return key[equals + 1] || !last || *ours;
	if (key[n])
		return false;
	return (!last && *next_word(w) == '=') || (key > w && *ours);
}

static enum options_kind kind_of(const struct options *o, bool typed)
{
	bool any = false, all = true, help = false, near;
	char *w = o->word;

	for (unsigned i = 0; i < o->words; i++, w = next_word(w)) {
		bool setting = begins_setting(w, i + 1 == o->words, &near);

		any |= setting && near;
		all &= setting;
		help |= asks_help(w);
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
	typed = o->words && is_program(o->word, program);
	if (typed) {
		o->word = next_word(o->word);
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
	b = without_mark(optional_data(without_mark(b)));
	if (all_zero(b))
		return;
	if (read_as(o, ENCODING_utf_16le, "UTF-16LE", b, program, room)
	    || read_as(o, ENCODING_utf_8, "UTF-8", b, program, room))
		return;
	*o = (struct options){ .kind = OPTIONS_IGNORED, .as = "", .word = room };
	show(o, b);
}

/* ---- words to settings */

/* A word that can only belong to the one before it. */
static bool is_plain(const char *w)
{
	return !has(w, '=') && !prefix(w);
}

/* A setting that is being put together: words so far, and what comes next. */
struct setting {
	char *text, *next;
	unsigned words, left;
};

/* The next word becomes part of it, after @between. */
static void take(struct setting *s, char between)
{
	s->next[-1] = between;
	s->next = next_word(s->next);
	s->words++;
	s->left--;
}

/* Is there nothing behind its =? */
static bool lacks_value(const char *text)
{
	const char *p = text;

	while (*p && *p != '=')
		p++;
	if (!*p)
		return false;
	do
		p++;
	while (*p == ' ');
	return !*p;
}

static bool takes_many(const char *text)
{
	bool many = false;

	config_key_of(text, key_length(text), &many);
	return many;
}

static bool next_is_plain(const struct setting *s)
{
	return s->left && is_plain(s->next)
		&& (s->left < 2 || *next_word(s->next) != '=');
}

/* The setting that begins with a word, and how many words it has. */
static unsigned put_together(char *word, unsigned left, char **text)
{
	struct setting s = { word + prefix(word), next_word(word), 1, left - 1 };
	size_t key = key_length(s.text);
	bool known = config_key_of(s.text, key, NULL) != CONFIG_KEYS;

	if (!has(s.text, '=') && s.left && *s.next == '=')
		take(&s, ' ');
	else if (s.text > word && known && !s.text[key] && next_is_plain(&s))
		take(&s, '=');
	if (lacks_value(s.text) && next_is_plain(&s))
		take(&s, ' ');
	while (has(s.text, '=') && takes_many(s.text) && next_is_plain(&s))
		take(&s, ' ');
	for (char *p = s.text; takes_many(s.text) && *p; p++)
		if (*p == ',')
			*p = ' ';
	*text = s.text;
	return s.words;
}

/* "help" among others is not the word of a setting: the caller has seen to it. */
bool options_apply(struct options *o, struct config *c, struct config_error *e)
{
	struct config read = *c;
	struct config_error later;
	char *w = o->word, *text;
	bool good = true;
	unsigned n;

	for (unsigned i = 0; i < o->words; i += n) {
		struct config_origin from = { FROM_OPTIONS, i + 1 };

		n = put_together(w, o->words - i, &text);
		if (o->unclosed > i && o->unclosed <= i + n && good) {
			config_error_make(e, i + 1, "a quote is not closed:", text,
					  text_length(text), "close it");
			good = false;
		} else if (!config_set(&read, text, text_length(text), from,
				       good ? e : &later)) {
			good = false;
		}
		w = text;
		w = next_word(w);
	}
	if (good) {
		*c = read;
	} else {
		c->exit = read.exit;
		c->from[CONFIG_exit] = read.from[CONFIG_exit];
	}
	return good;
}
