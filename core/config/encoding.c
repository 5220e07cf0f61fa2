/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes to text, see encoding.h. */
#include "config/encoding.h"
#include "lib/mem.h"
#include "lib/sink.h"

static const struct encoding {
	const char *name;
	unsigned unit;
	bool big;
	const char *mark;
	size_t mark_len;
} encodings[] = {
#define ENCODING(id, name, unit, big, mark) \
	{ name, unit, big, mark, sizeof(mark) - 1 },
#include "list/encoding.def"
#undef ENCODING
};

#define CTRL_Z		0x1a
#define REPLACEMENT	0xfffd
#define MEND		"save the file anew, as UTF-8"

/* What is read: the next unit's place, its end, and how. */
struct source {
	const uint8_t *at, *end;
	const struct encoding *as;
};

/* One character of it.  Why: NULL, or why it is none; then @c is what stands there. */
struct character {
	uint32_t c;
	const char *why;
};

/* Unicode's, but the byte order mark: it is nothing, and a blank is the least of it. */
static bool is_blank(uint32_t c)
{
	return c == '\t' || c == '\v' || c == '\f' || c == ' ' || c == 0xa0
		|| c == 0x1680 || (c >= 0x2000 && c <= 0x200b) || c == 0x202f
		|| c == 0x205f || c == 0x3000 || c == 0xfeff;
}

static bool is_line_end(uint32_t c)
{
	return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_surrogate(uint32_t c)
{
	return c >= 0xd800 && c <= 0xdfff;
}

size_t utf_8_char(const char *at, size_t len, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *p = (const uint8_t *)at;
	size_t n = !len ? 0 : p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
		: (p[0] & 0xf0) == 0xe0 ? 3 : (p[0] & 0xf8) == 0xf0 ? 4 : 0;
	uint32_t v;

	if (!n || n > len)
		return 0;
	v = n == 1 ? p[0] : p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || is_surrogate(v))
		return 0;
	*c = v;
	return n;
}

static size_t put_utf_8(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static uint32_t unit_at(const uint8_t *p, const struct encoding *as)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < as->unit; i++)
		v = v << 8 | p[as->big ? i : as->unit - 1 - i];
	return v;
}

/* The second half of a pair, if the next unit is one. */
static uint32_t take_low(struct source *s)
{
	uint32_t low;

	if (s->end - s->at < 2)
		return 0;
	low = unit_at(s->at, s->as);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	s->at += 2;
	return low;
}

static struct character next_unit(struct source *s)
{
	uint32_t c, low;

	if (s->end - s->at < (ptrdiff_t)s->as->unit) {
		s->at = s->end;
		return (struct character){ REPLACEMENT, "ends within a character" };
	}
	c = unit_at(s->at, s->as);
	s->at += s->as->unit;
	if (s->as->unit == 2 && c >= 0xd800 && c < 0xdc00) {
		low = take_low(s);
		if (low)
			return (struct character){
				0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00), NULL };
	}
	if (is_surrogate(c))
		return (struct character){ REPLACEMENT, "has half of a surrogate pair" };
	if (c > 0x10ffff)
		return (struct character){ REPLACEMENT, "has a number that is no character" };
	return (struct character){ c, NULL };
}

/* Puts the next character, blanks and line ends made plain.  @c: which it was. */
static size_t put_next(struct source *s, char *to, struct character *c)
{
	uint32_t plain;
	size_t n;

	if (s->as->unit > 1) {
		*c = next_unit(s);
	} else {
		c->why = NULL;
		n = utf_8_char((const char *)s->at, (size_t)(s->end - s->at), &c->c);
		if (!n) {			/* as it is */
			c->c = REPLACEMENT;
			*to = (char)*s->at++;
			return 1;
		}
		s->at += n;
	}
	plain = is_line_end(c->c) ? '\n' : is_blank(c->c) ? ' ' : c->c;
	return put_utf_8(to, plain);
}

/* Is there no byte in a unit but its least significant one, here? */
static bool is_narrow(const uint8_t *p, const struct encoding *as)
{
	return unit_at(p, as) < 0x100;
}

/* Text without a mark: of every unit but a few only one byte is not zero, as in
 * European text.  What ends in zeros is looked at without them. */
static bool looks_like(const struct encoding *as, const uint8_t *p, size_t len)
{
	size_t units, narrow = 0, zeros = 0;

	while (len && !p[len - 1])
		len--;
	units = len / as->unit;
	for (size_t i = 0; i < units; i++) {
		narrow += is_narrow(p + i * as->unit, as);
		zeros += !unit_at(p + i * as->unit, as);
	}
	/* What is zero at its end lost part of it. */
	return units && !zeros && narrow * 2 >= units;
}

static const struct encoding *guess(const uint8_t *p, size_t len)
{
	for (unsigned i = 0; i < ENCODING_COUNT; i++)
		if (encodings[i].unit > 1 && looks_like(&encodings[i], p, len))
			return &encodings[i];
	return &encodings[ENCODING_utf_8];
}

static struct source open_source(const char *bytes, size_t len)
{
	const uint8_t *p = (const uint8_t *)bytes;

	for (const struct encoding *as = encodings; as < encodings + ENCODING_COUNT; as++)
		if (len >= as->mark_len && !memcmp(bytes, as->mark, as->mark_len))
			return (struct source){ p + as->mark_len, p + len, as };
	return (struct source){ p, p + len, guess(p, len) };
}

static void note_error(struct encoding_error *e, unsigned line, const char *what,
		       const char *mend)
{
	if (e->line)
		return;
	e->line = line;
	text_format(e->text, sizeof(e->text), "%s; %s", what, mend);
}

/* Text less what ends it: zeros, Ctrl-Z, and blanks between them. */
static size_t without_end(const char *text, size_t len, bool *zeros)
{
	size_t n = len;

	*zeros = false;
	while (n && (!text[n - 1] || text[n - 1] == CTRL_Z || text[n - 1] == ' '
		     || text[n - 1] == '\n'))
		*zeros |= !text[--n];
	return n;
}

/* A zero inside of the text. */
static void look_for_zeros(const char *text, size_t len, const struct encoding *as,
			   struct encoding_error *e)
{
	char what[80];
	unsigned line = 1;

	for (size_t i = 0; i < len && !e->line; i++) {
		line += text[i] == '\n';
		if (text[i])
			continue;
		text_format(what, sizeof(what), "a zero in text that is %s: "
			    "it is damaged, or of two encodings", as->name);
		note_error(e, line, what, MEND);
	}
}

size_t encoding_decode(const char *bytes, size_t len, char *to,
		       struct encoding_error *e)
{
	struct source s = open_source(bytes, len);
	struct character c, before = { 0, NULL };
	unsigned line = 1;
	size_t n = 0, text;
	char what[80];
	bool zeros;

	e->line = 0;
	e->text[0] = '\0';
	while (s.at < s.end) {
		size_t put = put_next(&s, to + n, &c);

		/* A line feed behind a carriage return is part of it. */
		if (c.c == '\n' && before.c == '\r')
			put = 0;
		n += put;
		if (c.why) {
			text_format(what, sizeof(what), "text that is %s %s", s.as->name,
				    c.why);
			note_error(e, line, what, MEND);
		}
		line += put && is_line_end(c.c);
		before = c;
	}
	text = without_end(to, n, &zeros);
	if (zeros && !text)
		note_error(e, 1, "nothing but zeros: the file is damaged", MEND);
	look_for_zeros(to, text, s.as, e);
	return text;
}

size_t encoding_units(enum encoding_id id, const char *bytes, size_t len, char *to,
		      size_t *end, bool *good)
{
	const uint8_t *p = (const uint8_t *)bytes;
	struct source s = { p, p + len, &encodings[id] };
	struct character c;
	size_t n = 0, put;

	*good = true;
	*end = len;
	while (s.at < s.end) {
		const uint8_t *at = s.at;

		put = put_next(&s, to + n, &c);
		if (!c.c) {
			*end = (size_t)(at - p);
			break;
		}
		*good &= !c.why && (c.c >= ' ' || is_blank(c.c) || is_line_end(c.c));
		n += put;
	}
	return n;
}
