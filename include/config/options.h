/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options: what whoever starts the application hands over with it, LoadOptions.
 *
 * Firmware, shells and loaders do as they like with it: text of 16 or 8 bits, with or
 * without an end, with the program's name before it or not, something else after its
 * end, and bytes that are meant for others.  The rule:
 *
 *  - What follows the program's name was typed for it: every word counts.
 *  - Without the name it is options if a word asks for help, or one is key=value and
 *    its key is ours or a slip of the finger away from one, or all are key=value; then
 *    every word counts.
 *  - Anything else is not for us: it is ignored, with a line that says so.  (U-Boot
 *    hands everything its bootargs, which are a Linux kernel's.)
 *
 * Sources: UEFI Specification, "EFI Loaded Image Protocol", "Boot Manager" (load
 * options); UEFI Shell Specification, "Command-Line Arguments"; edk2, BmBoot.c, for
 * the GUID that marks entries which the firmware made.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "config/config.h"
#include "config/encoding.h"

/* More than any boot entry or command line has. */
#define OPTIONS_MAX	65536

struct options {
	enum options_kind {
		OPTIONS_NONE,		/* nothing, or the program's name alone */
		OPTIONS_IGNORED,	/* it is something else */
		OPTIONS_HELP,
		OPTIONS_WORDS,
	} kind;
	const char *as;			/* "UTF-16LE" or "UTF-8"; of words and help */
	char *word;			/* one after the other, a NUL behind each */
	unsigned words;			/* without the program's name */
	unsigned unclosed;		/* the word with a quote without its end, or 0 */
	char shown[64];			/* what is ignored: as text, or its first bytes */
};

/* Bytes for the words of so many bytes. */
#define OPTIONS_ROOM(len)	(ENCODING_ROOM(len) + 1)

/**
 * options_read - what bytes that were handed over are.
 * @bytes, @len: LoadOptions; any bytes; at most OPTIONS_MAX.
 * @program: the image's path or file name, or "" where it is not known.
 * @room: OPTIONS_ROOM(@len) bytes, the caller's, for the words.
 */
void options_read(struct options *o, const void *bytes, size_t len,
		  const char *program, char *room);

/**
 * options_apply - the words of @o, in their order; they override what @c has.
 * @o: of kind OPTIONS_WORDS; words of one setting are joined.
 * @e: filled on failure; its line is the word's number.
 *
 * key=value; for a key that takes names also name,name and further words, or quotes
 * (GRUB takes the quotes off).  Blanks around the = may be, and --, - or / before
 * the key; --key value is the same as key=value.
 *
 * Return: false if a word is not understood; @e is about the first.  Then only c->exit
 * is set, from those that are: see config_parse().
 */
bool options_apply(struct options *o, struct config *c, struct config_error *e);

#endif
