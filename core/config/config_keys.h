/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of keys that config.def makes: what each is called, what it takes, and where
 * its value is in struct config.
 */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include "config/config.h"
#include "span.h"

/* A list of names that a key takes its values from; those that "all" stands for are the
 * first. */
struct names {
	const char *const *name;
	unsigned count, all;
};

enum key_kind {
	KIND_NUMBER, KIND_PERCENT, KIND_SET, KIND_CHOICE, KIND_NAMES, KIND_CPUS,
};

/* key.highest of names that may be paths. */
#define NAMES_OF_PATHS	1

/* A line of config.def. */
struct key {
	const char *name, *what;
	enum key_kind kind;
	size_t at;			/* offset in struct config */
	uint32_t preset, lowest, highest;	/* of numbers, percent in thousandths;
						 * of choices the preset */
	struct names names;		/* of sets and choices */
	const char *preset_names;	/* of sets and names, as a file has them */
};

/* In the order of enum config_key. */
extern const struct key config_keys[CONFIG_KEYS];

/* The key of that name, or of another name that it has too; NULL: there is none. */
const struct key *key_find(struct span name);

/**
 * names_take - the name that a text begins with.
 * @rest: begins with no blank; what follows the name afterwards, if there is one.
 *
 * A name ends at a blank or where the text does.  Of two the longer is taken: some have
 * blanks in them, see also.def.  Return: its number, or -1, @rest is then as it was.
 */
int names_take(const struct names *n, struct span *rest);

struct sink;

/* Those that "all" stands for, ", " between two; and where there are more, what these
 * are. */
void names_print(const struct names *n, struct sink *to);
/* Thousandths: "0.5%"; and what a key takes of them: "0.1% to 10%, in steps of
 * 0.1%". */
void percent_print(uint32_t thousandths, struct sink *to);
void percents_print(const struct key *k, struct sink *to);

/* Where a key's value is: of a number or a choice, of names or CPUs, of a set. */
static inline uint32_t *key_number(const struct key *k, struct config *c)
{
	return (uint32_t *)((char *)c + k->at);
}

static inline char *key_names(const struct key *k, struct config *c)
{
	return (char *)c + k->at;
}

static inline struct set *key_set(const struct key *k, struct config *c)
{
	return (struct set *)((char *)c + k->at);
}

#endif
