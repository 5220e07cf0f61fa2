/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions about one word of the options.  Words lie one behind the other, a NUL behind
 * each.
 */
#ifndef OPTIONS_WORD_H
#define OPTIONS_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* Where the word behind it is, if there is one. */
char *word_next(char *w);

/* Is there such a character in it? */
bool word_has(const char *w, char c);

/* Is it the program itself?  As a path, by its extension, or by its name. */
bool word_is_program(const char *w, const char *program);

/* How much of it is its prefix: "--", "-" or "/", before a letter. */
size_t word_prefix(const char *w);

bool word_asks_help(const char *w);

/* The bytes of a key at its beginning. */
size_t word_key_length(const char *w);

#endif
