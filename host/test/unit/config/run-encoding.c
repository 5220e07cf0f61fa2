/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in every encoding: what is read, what is named, and where. */
#include <stdlib.h>
#include <string.h>
#include "config/encoding.h"
#include "tap.h"

/* Decodes a copy that ends where the bytes end, to room that ends where it must. */
static size_t decode(const char *bytes, size_t len, char *to, size_t room,
		     struct encoding_error *e)
{
	char *copy = malloc(len ? len : 1), *text = malloc(ENCODING_ROOM(len));
	size_t n;

	memcpy(copy, bytes, len);
	n = encoding_decode(copy, len, text, e);
	if (n > room)
		abort();
	memcpy(to, text, n);
	free(copy);
	free(text);
	return n;
}

#define TEXT(s)		s, sizeof(s) - 1

/* ---- what is read, byte for byte */

static const struct {
	const char *what, *bytes;
	size_t len;
	const char *text;
} reads[] = {
	{ "nothing", TEXT(""), "" },
	{ "blanks alone", TEXT(" \t\r\n \n"), "" },
	{ "ASCII", TEXT("exit = key\n"), "exit = key" },
	{ "no line end", TEXT("exit = key"), "exit = key" },
	{ "CR LF", TEXT("a = 1\r\nb = 2\r\n"), "a = 1\nb = 2" },
	{ "CR alone", TEXT("a = 1\rb = 2\r"), "a = 1\nb = 2" },
	{ "LF CR", TEXT("a\n\rb"), "a\n\nb" },
	{ "all three", TEXT("a\rb\nc\r\nd"), "a\nb\nc\nd" },
	{ "CR CR LF, which two conversions make", TEXT("a\r\r\nb"), "a\n\nb" },
	{ "NEL, and Unicode's line and paragraph separators",
	  TEXT("a\xc2\x85" "b\xe2\x80\xa8" "c\xe2\x80\xa9" "d"), "a\nb\nc\nd" },
	{ "a form feed and a vertical tab", TEXT("a\fb\vc"), "a b c" },
	{ "no-break space", TEXT("exit\xc2\xa0=\xc2\xa0key"), "exit = key" },
	{ "an em space, a thin one, an ideographic one",
	  TEXT("a\xe2\x80\x83" "b\xe2\x80\x89" "c\xe3\x80\x80" "d"), "a b c d" },
	{ "a narrow no-break space, zero width, a word's Ogham",
	  TEXT("a\xe2\x80\xaf" "b\xe2\x80\x8b" "c\xe1\x9a\x80" "d"), "a b c d" },
	{ "UTF-8 with a mark", TEXT("\xef\xbb\xbf" "a = 1"), "a = 1" },
	{ "its mark alone", TEXT("\xef\xbb\xbf"), "" },
	{ "its mark twice", TEXT("\xef\xbb\xbf\xef\xbb\xbf" "a"), " a" },
	{ "a mark further on", TEXT("a\n\xef\xbb\xbf" "b"), "a\n b" },
	{ "characters of two, three and four bytes",
	  TEXT("\xc3\xb6\xe2\x82\xac\xf0\x9f\x92\xa9"), "\xc3\xb6\xe2\x82\xac\xf0\x9f\x92\xa9" },
	{ "Windows-1252 in a comment", TEXT("# f\xfcr\nexit = key"), "# f\xfcr\nexit = key" },
	{ "Ctrl-Z at the end", TEXT("a = 1\r\n\x1a"), "a = 1" },
	{ "Ctrl-Z and what a disk's block had behind it", TEXT("a = 1\x1a\0\0\0"), "a = 1" },
	{ "Ctrl-Z in the middle", TEXT("a\x1a" "b"), "a\x1a" "b" },
	{ "zeros at the end", TEXT("a = 1\n\0\0\0\0\0"), "a = 1" },
	{ "UTF-16LE", TEXT("\xff\xfe" "e\0x\0i\0t\0=\0k\0\r\0\n\0"), "exit=k" },
	{ "UTF-16LE, CR alone", TEXT("\xff\xfe" "a\0\r\0b\0"), "a\nb" },
	{ "UTF-16LE, its mark alone", TEXT("\xff\xfe"), "" },
	{ "UTF-16LE, its mark twice", TEXT("\xff\xfe\xff\xfe" "a\0"), " a" },
	{ "UTF-16LE, Ctrl-Z at the end", TEXT("\xff\xfe" "a\0\x1a\0"), "a" },
	{ "UTF-16LE, zeros at the end", TEXT("\xff\xfe" "a\0\0\0\0\0"), "a" },
	{ "UTF-16LE, a no-break space", TEXT("\xff\xfe" "a\0\xa0\0b\0"), "a b" },
	{ "UTF-16LE, a pair", TEXT("\xff\xfe\x3d\xd8\xa9\xdc"), "\xf0\x9f\x92\xa9" },
	{ "UTF-16LE, Chinese", TEXT("\xff\xfe#\0\x2d\x4e"), "#\xe4\xb8\xad" },
	{ "UTF-16BE", TEXT("\xfe\xff\0e\0x\0i\0t\0=\0k\0\r\0\n"), "exit=k" },
	{ "UTF-16BE, its mark alone", TEXT("\xfe\xff"), "" },
	{ "UTF-16BE, a pair", TEXT("\xfe\xff\xd8\x3d\xdc\xa9"), "\xf0\x9f\x92\xa9" },
	{ "UTF-16LE without a mark", TEXT("e\0x\0i\0t\0 \0=\0 \0k\0"), "exit = k" },
	{ "UTF-16BE without a mark", TEXT("\0e\0x\0i\0t\0 \0=\0 \0k"), "exit = k" },
	{ "UTF-16LE without a mark, zeros at the end", TEXT("a\0=\0" "1\0\0\0\0\0"), "a=1" },
	{ "UTF-16LE without a mark, German and a little Greek",
	  TEXT("#\0\xfc\0\xb1\x03 \0a\0\n\0b\0=\0" "1\0"), "#\xc3\xbc\xce\xb1 a\nb=1" },
	{ "UTF-32LE", TEXT("\xff\xfe\0\0a\0\0\0=\0\0\0" "1\0\0\0"), "a=1" },
	{ "UTF-32BE", TEXT("\0\0\xfe\xff\0\0\0a\0\0\0=\0\0\0" "1"), "a=1" },
	{ "UTF-32LE without a mark", TEXT("a\0\0\0=\0\0\0" "1\0\0\0"), "a=1" },
	{ "UTF-32BE without a mark", TEXT("\0\0\0a\0\0\0=\0\0\0" "1"), "a=1" },
	{ "UTF-32LE, beyond 16 bits", TEXT("\xff\xfe\0\0\xa9\xf4\x01\0"), "\xf0\x9f\x92\xa9" },
};

static void test_reads(void)
{
	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		struct encoding_error e;
		char text[200];
		size_t n = decode(reads[i].bytes, reads[i].len, text, sizeof(text), &e);

		if (!ok(!e.line && n == strlen(reads[i].text)
			&& !memcmp(text, reads[i].text, n), "read: %s", reads[i].what))
			diag("line %u: %s; %zu bytes: %.*s", e.line, e.text, n, (int)n, text);
	}
}

/* ---- what cannot be: the line, and words that name it; and what is read all the same */

static const struct {
	const char *what, *bytes;
	size_t len;
	unsigned line;
	const char *says, *text;
} errors[] = {
	{ "UTF-16LE, odd", TEXT("\xff\xfe" "a\0\n\0b"), 2,
	  "text that is UTF-16LE ends within a character; save the file anew, as UTF-8",
	  "a\n\xef\xbf\xbd" },
	{ "UTF-16BE, odd", TEXT("\xfe\xff\0a\0"), 1, "UTF-16BE ends within a character",
	  "a\xef\xbf\xbd" },
	{ "UTF-16LE and a newline of 8 bits", TEXT("\xff\xfe" "a\0\n"), 1,
	  "UTF-16LE ends within", "a\xef\xbf\xbd" },
	{ "UTF-32LE, three bytes too many", TEXT("\xff\xfe\0\0a\0\0\0b\0\0"), 1,
	  "UTF-32LE ends within", "a\xef\xbf\xbd" },
	{ "the first half of a pair alone", TEXT("\xff\xfe" "a\0\r\0\n\0\x3d\xd8" "b\0"), 2,
	  "UTF-16LE has half of a surrogate pair; save", "a\n\xef\xbf\xbd" "b" },
	{ "the second half alone", TEXT("\xff\xfe\xa9\xdc" "b\0"), 1, "half of a surrogate pair",
	  "\xef\xbf\xbd" "b" },
	{ "a first half at the end", TEXT("\xff\xfe\x3d\xd8"), 1, "half of a surrogate pair",
	  "\xef\xbf\xbd" },
	{ "two first halves", TEXT("\xff\xfe\x3d\xd8\x3d\xd8\xa9\xdc"), 1,
	  "half of a surrogate pair", "\xef\xbf\xbd\xf0\x9f\x92\xa9" },
	{ "a surrogate in UTF-32", TEXT("\0\0\xfe\xff\0\0\xd8\x3d"), 1,
	  "UTF-32BE has half of a surrogate pair", "\xef\xbf\xbd" },
	{ "a number above Unicode's", TEXT("\0\0\xfe\xff\0\x11\0\0"), 1,
	  "UTF-32BE has a number that is no character", "\xef\xbf\xbd" },
	{ "a zero in the middle", TEXT("a = 1\nb\0 = 2\nexit = key"), 2,
	  "a zero in text that is UTF-8: it is damaged, or of two encodings; save",
	  NULL },
	{ "a zero in UTF-16", TEXT("\xff\xfe" "a\0\0\0b\0"), 1, "a zero in text that is UTF-16LE",
	  NULL },
	{ "UTF-16 behind ASCII", TEXT("# a comment\noffsets = 2\ne\0x\0i\0t\0=\0k\0"), 3,
	  "a zero in text that is UTF-8: it is damaged, or of two encodings", NULL },
	{ "zeros alone", TEXT("\0\0\0\0\0\0\0\0\0"), 1,
	  "nothing but zeros: the file is damaged; save",
	  "" },
	{ "zeros behind a mark", TEXT("\xfe\xff\0\0\0\0"), 1, "nothing but zeros", "" },
	{ "the first of two", TEXT("\xff\xfe\xa9\xdc\n\0\x3d\xd8"), 1, "half of a", NULL },
};

static void test_errors(void)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct encoding_error e;
		char text[200];
		size_t n = decode(errors[i].bytes, errors[i].len, text, sizeof(text), &e);

		if (!ok(e.line == errors[i].line && strstr(e.text, errors[i].says)
			&& strstr(e.text, "; save the file anew, as UTF-8")
			&& (!errors[i].text || (n == strlen(errors[i].text)
						&& !memcmp(text, errors[i].text, n))),
			"named: %s", errors[i].what))
			diag("line %u: %s; %zu bytes: %.*s", e.line, e.text, n, (int)n, text);
	}
}

/* ---- one text in all encodings is one text */

static size_t encode(const char *ascii, unsigned unit, bool big, const char *mark,
		     size_t mark_len, char *to)
{
	size_t n = mark_len;

	memcpy(to, mark, mark_len);
	for (; *ascii; ascii++)
		for (unsigned i = 0; i < unit; i++)
			to[n++] = i == (big ? unit - 1 : 0) ? *ascii : '\0';
	return n;
}

static void test_all_encodings(void)
{
	static const char text[] = "# what is timed\r\nworkloads = nop\r\n\r\nexit = shutdown\r\n";
	static const char plain[] = "# what is timed\nworkloads = nop\n\nexit = shutdown";
	static const struct {
		const char *name, *mark;
		size_t mark_len;
		unsigned unit;
		bool big;
	} as[] = {
#define ENCODING(id, name, unit, big, mark) { name, mark, sizeof(mark) - 1, unit, big },
#include "list/encoding.def"
#undef ENCODING
	};
	char bytes[1000], got[1000];
	struct encoding_error e;

	for (size_t i = 0; i < ENCODING_COUNT; i++)
		for (int marked = 0; marked < 2; marked++) {
			size_t n = encode(text, as[i].unit, as[i].big, as[i].mark,
					  marked ? as[i].mark_len : 0, bytes);
			size_t len = decode(bytes, n, got, sizeof(got), &e);

			ok(!e.line && len == strlen(plain) && !memcmp(got, plain, len),
			   "%s, %s mark: the same text", as[i].name,
			   marked ? "with its" : "without a");
		}
}

/* ---- any bytes: within the room, no CR, and what was read is read as itself */

static uint64_t seed = 0xda942042e4dd58b5;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

static bool steady(const char *text, size_t n)
{
	char again[700], twice[700];
	struct encoding_error e;
	size_t len;

	/* An x before it: what the text begins with is then no mark. */
	again[0] = 'x';
	memcpy(again + 1, text, n);
	len = decode(again, n + 1, twice, sizeof(twice), &e);
	return !e.line && len == n + 1 && !memcmp(twice, again, len);
}

static void test_any(void)
{
	static const char marks[][4] = { "", "\xff\xfe", "\xfe\xff", "\xef\xbb\xbf" };
	static const char few[] = "ab= \r\n\0\0\0\0\0\x1a\xc2\xa0\xd8\xdc\xff\xfe";
	char bytes[200], text[700];
	struct encoding_error e;
	unsigned i, read = 0;

	for (i = 0; i < 50000; i++) {
		const char *mark = marks[rnd(4)];
		size_t at = strlen(mark), len = at + rnd(100), n;

		memcpy(bytes, mark, at);
		for (size_t k = at; k < len; k++)
			bytes[k] = rnd(4) ? few[rnd(sizeof(few) - 1)] : (char)rnd(256);
		n = decode(bytes, len, text, sizeof(text), &e);
		read += !e.line;
		if (n > ENCODING_ROOM(len) || memchr(text, '\r', n)
		    || (e.line && !e.text[0]) || (!e.line && n && !steady(text, n)))
			break;
	}
	ok(i == 50000, "%u random texts", i);
	ok(read > 1000, "of which %u could be read", read);
}

int main(void)
{
	test_reads();
	test_errors();
	test_all_encodings();
	test_any();
	return done();
}
