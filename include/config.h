/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration: bytes of parapatch.cfg to a struct config. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What to do when all is done. */
enum exit_id {
	EXIT_KEY,		/* wait for a key, then return to the firmware */
	EXIT_RETURN,		/* return to the firmware at once */
	EXIT_SHUTDOWN,		/* power off */
	EXIT_DEBUG,		/* QEMU's isa-debug-exit at port 0xf4 */
	EXIT_BOCHS,		/* Bochs's shutdown at port 0x8900 */
	EXIT_COUNT
};

/* Which layouts are timed in which states. */
enum plan_id { PLAN_DEFAULT, PLAN_FULL };

/* Names of files, as they were written, and their end; each has so many characters at
 * most, of a-z, A-Z, 0-9, _ and -. */
#define CONFIG_NAMES_ROOM	128
#define CONFIG_NAME_MAX		32

/* How the application's text is mapped while it runs. */
enum text_id { TEXT_FOUND, TEXT_READONLY };
/* How sites are patched under other CPUs: both, or 1 + enum torture_way_id. */
enum patching_id { PATCHING_BOTH };

/* Sets are bits, bit i for name i of the list.  Of paddings only those that may be
 * timed are in one. */
struct config {
#define NUMBER(key, preset, lowest, highest, what)	uint32_t key;
#define SET(key, list, preset, what)			uint32_t key;
#define CHOICE(key, list, preset, what)			uint32_t key;
#define NAMES(key, preset, what)			char key[CONFIG_NAMES_ROOM];
#include "config.def"
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
};

/* A line for people: the line's number, what is wrong, and the mend. */
struct config_error {
	unsigned line;		/* counted from 1 */
	char text[400];
};

/**
 * config_preset - what holds where the file says nothing.
 */
void config_preset(struct config *c);

/**
 * config_parse - read a configuration.
 * @c:     holds the presets; the rest is set by the bytes, on success.
 * @bytes: the file; need not end in a newline or a NUL.  LF or CR LF; a UTF-8
 *         byte order mark is skipped.
 * @len:   bytes.
 * @e:     filled on failure.
 *
 * One "key = value" a line; # begins a comment; empty lines are nothing.  A key
 * given twice counts the last time.
 *
 * Return: false if a line is not understood; @e is about the first.  Then only
 * c->exit is set, from what lines are understood: a machine that nobody sits at
 * must not wait for a key because of a bad line.
 */
bool config_parse(struct config *c, const char *bytes, size_t len,
		  struct config_error *e);

/**
 * config_name - one of a key's names.
 * @names: as struct config has them.
 * @i:     from 0.
 * @to:    CONFIG_NAME_MAX + 1 bytes.
 *
 * Return: false if there is none: behind the last, and where they are "none".
 */
bool config_name(const char *names, unsigned i, char *to);

/* One line of the configuration as it is in force: "key = value". */
struct sink;

/**
 * config_print - the configuration in force, as a file that config_parse()
 * reads back to the same.
 */
void config_print(const struct config *c, struct sink *s);

#endif
