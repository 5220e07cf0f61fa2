/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration: presets, the text of parapatch.cfg and options to a struct config.
 *
 * config/ reads three things, the later overriding the earlier: the presets of
 * list/config.def, the file (whatever its encoding, see encoding.h), and the words that a
 * starter hands over (options.h).  What cannot be read is named in one line, with its
 * mend.  A key is a line of list/config.def; what keys and names are called besides is a
 * line of list/also.def.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "workload/set.h"

/* What to do when all is done. */
enum exit_id {
	EXIT_KEY,		/* wait for a key, then return to the firmware */
	EXIT_RETURN,		/* return to the firmware at once */
	EXIT_SHUTDOWN,		/* power off */
	EXIT_DEBUG,		/* QEMU's isa-debug-exit at port 0xf4 */
	EXIT_BOCHS,		/* Bochs's shutdown at port 0x8900 */
	EXIT_COUNT
};

/* Which layouts are timed in which states, and whether the table's ops are. */
enum plan_id { PLAN_DEFAULT, PLAN_FULL, PLAN_OPS, PLAN_PATHS };

/* Names of files, as they were written, and their end; each has so many characters at
 * most, of a-z, A-Z, 0-9, _ and -. */
#define CONFIG_NAMES_ROOM	128
#define CONFIG_NAME_MAX		32

/* A CPU's number, at most; and which CPUs are asked for. */
#define CONFIG_CPU_MOST		1023
enum cpus_id { CPUS_BOOT, CPUS_ALL, CPUS_SOME };

/* How the application's text is mapped while it runs. */
enum text_id { TEXT_FOUND, TEXT_READONLY };
/* How sites are patched under other CPUs: both, or 1 + enum torture_way_id. */
enum patching_id { PATCHING_BOTH };

/* Its keys, in the order of config.def. */
enum config_key {
#define NUMBER(key, ...)	CONFIG_##key,
#define SET(key, ...)		CONFIG_##key,
#define CHOICE(key, ...)	CONFIG_##key,
#define NAMES(key, ...)		CONFIG_##key,
#define PERCENT(key, ...)	CONFIG_##key,
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
	CONFIG_KEYS
};

/* Where a value is from; @at: the line of the file, or the word of the options. */
struct config_origin {
	enum config_from { FROM_PRESET, FROM_FILE, FROM_OPTIONS } from;
	unsigned at;		/* counted from 1 */
};

/* Member i of a set is name i of the list.  Of paddings only those that may be
 * timed are in one.  The values come first, and without gaps. */
struct config {
#define NUMBER(key, preset, lowest, highest, what)	uint32_t key;
#define SET(key, list, preset, what)			struct set key;
#define CHOICE(key, list, preset, what)			uint32_t key;
#define NAMES(key, preset, what)			char key[CONFIG_NAMES_ROOM];
#define PERCENT(key, preset, lowest, highest, what)	uint32_t key;
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
	struct config_origin from[CONFIG_KEYS];
};

/* Bytes of all names of a list, each with ", " before it. */
enum {
#define WORKLOAD(name, ...)	+ sizeof(", " #name)
#define CONVENTION(name, ...)	+ sizeof(", " #name)
#define MODE(name, ...)		+ sizeof(", " #name)
#define BACKEND(name, ...)	+ sizeof(", " #name)
#define PADDING(name, ...)	+ sizeof(", " #name)
#define LAYOUT(name, ...)	+ sizeof(", " #name)
#define STATE(name, ...)	+ sizeof(", " #name)
	CONFIG_BYTES_workload = 0
#include "list/workload.def"
	, CONFIG_BYTES_convention = 0
#include "list/convention.def"
	, CONFIG_BYTES_mode = 0
#include "list/mode.def"
	, CONFIG_BYTES_backend = 0
#include "list/backend.def"
	, CONFIG_BYTES_padding = 0
#include "list/padding.def"
	, CONFIG_BYTES_layout = 0
#include "list/layout.def"
	, CONFIG_BYTES_state = 0
#include "list/state.def"
#undef WORKLOAD
#undef CONVENTION
#undef MODE
#undef BACKEND
#undef PADDING
#undef LAYOUT
#undef STATE
#define NUMBER(key, ...)	+ sizeof(", " #key)
#define SET(key, ...)		+ sizeof(", " #key)
#define CHOICE(key, ...)	+ sizeof(", " #key)
#define NAMES(key, ...)		+ sizeof(", " #key)
	, CONFIG_BYTES_keys = 0
#define PERCENT(key, ...)	+ sizeof(", " #key)
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
};

/* A choice's names are no longer; run-config_text.c looks. */
#define CONFIG_CHOICE_MAX	16

/* Bytes that config_print() does not exceed. */
enum {
#define NUMBER(key, ...)	  + sizeof(#key " = 4294967295\n")
#define SET(key, list, ...)	  + sizeof(#key " =\n") + CONFIG_BYTES_##list
#define CHOICE(key, ...)	  + sizeof(#key " = \n") + CONFIG_CHOICE_MAX
#define NAMES(key, ...)		  + sizeof(#key " = \n") + CONFIG_NAMES_ROOM
	CONFIG_PRINTED_ROOM = 0
#define PERCENT(key, ...)	+ sizeof(#key " = 429496729.5%\n")
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
};
#define CONFIG_FROM_ROOM	48

/* A line for people: where, what is wrong, and the mend.  The longest has a value,
 * and all keys or the names of a list; what is longer ends in "...". */
struct config_error {
	unsigned line;		/* or the word; counted from 1 */
	char text[200 + CONFIG_BYTES_keys + CONFIG_BYTES_workload
		  + CONFIG_BYTES_convention + CONFIG_BYTES_mode
		  + CONFIG_BYTES_backend + CONFIG_BYTES_padding];
};

/**
 * config_preset - what holds where the file says nothing.
 */
void config_preset(struct config *c);

/**
 * config_parse - read a configuration.
 * @c:     holds the presets; the rest is set by the bytes, on success.
 * @bytes: the file's text (see encoding.h); need not end in a newline or a NUL.  LF or
 *         CR LF; a UTF-8 byte order mark is skipped.
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
 * config_parse_exit - of text that could not be read well: its word on how to end.
 * @c: its exit, and whence that is, are set; nothing else.
 */
void config_parse_exit(struct config *c, const char *bytes, size_t len);

/**
 * config_set - read one setting, from anywhere.
 * @text: "key = value", without a comment.
 * @from: whence.
 *
 * Return: false if it is not understood: then @e's text says why, its line is
 * @from's, and @c is as it was.
 */
bool config_set(struct config *c, const char *text, size_t len,
		struct config_origin from, struct config_error *e);

/**
 * config_key_of - the key of that name.
 * @len: bytes of @name.
 * @many: set: does it take several names?  NULL: that is not asked.
 *
 * Return: CONFIG_KEYS if there is none.
 */
enum config_key config_key_of(const char *name, size_t len, bool *many);

/* Is it a key's name, or one slip of the finger from one: another letter, one more, one
 * less, or two that changed their places? */
bool config_key_is_near(const char *name, size_t len);

/**
 * config_error_make - a complaint that is not the configuration's own.
 * @what, @shown, @mend: 'what "shown"; mend'; of @shown some 40 characters.
 */
void config_error_make(struct config_error *e, unsigned line, const char *what,
		       const char *shown, size_t len, const char *mend);

/**
 * config_name - one of a key's names.
 * @names: as struct config has them.
 * @i:     from 0.
 * @to:    CONFIG_NAME_MAX + 1 bytes.
 *
 * Return: false if there is none: behind the last, and where they are "none".
 */
bool config_name(const char *names, unsigned i, char *to);

/**
 * config_path_is - does one of a key's names ask for a file?
 * @name: "all", a file's, a folder's, or a file's in whatever folder.
 * @path: NAME, or FOLDER/NAME, without what the file's name ends in.
 */
bool config_path_is(const char *name, const char *path);

/**
 * config_cpus - which CPUs are asked for.
 * config_has_cpu - of CPUS_SOME: is that one?
 * config_cpu_most - of CPUS_SOME: the highest number.
 */
enum cpus_id config_cpus(const struct config *c);
bool config_has_cpu(const struct config *c, unsigned number);
unsigned config_cpu_most(const struct config *c);

struct sink;

/**
 * config_print - the configuration in force, as a file that config_parse()
 * reads back to the same.
 */
void config_print(const struct config *c, struct sink *s);

/* One value of it, as config_print() has it: without its key. */
void config_print_value(const struct config *c, enum config_key key, struct sink *s);
const char *config_key_name(enum config_key key);
/* Is it a set, and has it all that "all" stands for, with more or without? */
bool config_has_all(const struct config *c, enum config_key key);
/* What a key is for, and what it takes: "a whole number from 1 to 16". */
const char *config_key_what(enum config_key key);
void config_print_takes(enum config_key key, struct sink *s);
/* The names besides, that it takes and "all" does not stand for; nothing: there are none. */
void config_print_more(enum config_key key, struct sink *s);

/**
 * config_origin_text - where a value is from, for people and for reports.
 * @to: CONFIG_FROM_ROOM bytes.
 *
 * Return: "preset", "\\parapatch.cfg line 3" or "option word 2".
 */
const char *config_origin_text(char *to, struct config_origin from);

/* The configuration as it is in force, for machines: "parapatch config" with every
 * value, "parapatch config-from" with every origin. */
void config_lines(const struct config *c, struct sink *s);

/* For people, where something is not preset: "Set in \parapatch.cfg: exit; by options:
 * workloads." */
void config_say(const struct config *c, struct sink *s);

/* Every key, what it means, what it takes, and its preset. */
void config_help(struct sink *s);

#endif
