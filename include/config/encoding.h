/* SPDX-License-Identifier: GPL-2.0-only */
/* Text as editors, shells and starters write it, made UTF-8 with plain line ends. */
#ifndef ENCODING_H
#define ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* encoding.def, in its order: of those with a mark the longest first. */
enum encoding_id {
#define ENCODING(id, name, unit, big, mark) ENCODING_##id,
#include "list/encoding.def"
#undef ENCODING
	ENCODING_COUNT
};

/* What cannot be read: one line for people, and where. */
struct encoding_error {
	unsigned line;		/* counted from 1; 0: nothing is wrong */
	char text[160];
};

/* Bytes that no text made of so many bytes exceeds. */
#define ENCODING_ROOM(len)	((len) / 2 * 3 + 3)

/**
 * encoding_decode - bytes of a file to text.
 * @bytes, @len: the file, whole.
 * @to:    ENCODING_ROOM(@len) bytes; not terminated.
 * @e:     line is 0 where all could be read; else what could not be, first.
 *
 * UTF-8, UTF-16 and UTF-32 of both orders, known by their mark (BOM); the latter two
 * without one by their zero bytes.  CR LF, CR, NEL and Unicode's separators become LF;
 * every other blank of Unicode becomes a blank.  At the end zeros and Ctrl-Z, which
 * ended a text under DOS, are left out.  Bytes that are not UTF-8 stay as they are: in
 * a comment they do no harm, elsewhere whoever reads the text says so.
 *
 * Return: bytes of text.  Where @e names something there is text all the same, with
 * U+FFFD for what could not be read: enough to look for how to end.
 *
 * Source: The Unicode Standard, "Encoding Forms", "Byte Order Mark", "White_Space".
 */
size_t encoding_decode(const char *bytes, size_t len, char *to,
		       struct encoding_error *e);

/**
 * encoding_units - the same of text in an encoding that is known, without a mark's
 * being looked for, up to a zero or the end; for what starters hand over.
 * @end: set to the bytes read, less the zero.
 *
 * Return: bytes of text; false in @good where it has control characters, or units
 * that are no characters.
 */
size_t encoding_units(enum encoding_id id, const char *bytes, size_t len, char *to,
		      size_t *end, bool *good);

/**
 * utf_8_char - the character that bytes begin with.
 * @c: set where there is one.
 *
 * Return: its bytes; 0 if they begin with none (or @len is 0).
 */
size_t utf_8_char(const char *at, size_t len, uint32_t *c);

#endif
