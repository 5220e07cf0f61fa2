/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs as a value: boot, all, or numbers; see config.h and config_value.h. */
#include "config_cpus.h"
#include "config_error.h"
#include "lib/mem.h"

static bool is_word(struct span v)
{
	return span_is(v, "boot") || span_is(v, "all");
}

static bool bad_cpus(const struct key *k, struct span s, struct config_error *e)
{
	struct memory_sink m = config_wrong(e, "bad CPUs", s);

	if (is_word(s))
		sink_printf(&m.sink, "it stands alone, without another word; ");
	sink_printf(&m.sink, "%s takes boot, all, or numbers from 0 to %u, of %u "
		    "characters in all", k->name, CONFIG_CPU_MOST, CONFIG_NAMES_ROOM - 1);
	return config_wrong_end(&m);
}

/* The number that a word is; false: it is none, or too large. */
static bool cpu_number(struct span word, unsigned *number)
{
	*number = 0;
	if (word.at == word.end)
		return false;
	for (; word.at < word.end && *number <= CONFIG_CPU_MOST; word.at++) {
		if (*word.at < '0' || *word.at > '9')
			return false;
		*number = *number * 10 + (unsigned)(*word.at - '0');
	}
	return *number <= CONFIG_CPU_MOST;
}

/* A word behind what is there, and a blank before it.  False: it has no room. */
static bool add_word(char *to, size_t *len, struct span word)
{
	size_t n = (size_t)(word.end - word.at), gap = *len ? 1 : 0;

	if (*len + gap + n >= CONFIG_NAMES_ROOM)
		return false;
	memset(to + *len, ' ', gap);
	memcpy(to + *len + gap, word.at, n);
	*len += gap + n;
	return true;
}

bool cpus_parse(const struct key *k, struct span v, char *out, struct config_error *e)
{
	struct span rest = span_trim(v), all = rest;
	char read[CONFIG_NAMES_ROOM] = "";
	unsigned number;
	size_t len = 0;

	do {
		struct span word = span_word(&rest);

		rest = span_trim(rest);
		if (!(is_word(all) || cpu_number(word, &number))
		    || !add_word(read, &len, word))
			return bad_cpus(k, word.at == word.end ? all : word, e);
	} while (rest.at < rest.end);
	memcpy(out, read, sizeof(read));
	return true;
}

enum cpus_id config_cpus(const struct config *c)
{
	if (c->cpus[0] == 'b')
		return CPUS_BOOT;
	return c->cpus[0] == 'a' ? CPUS_ALL : CPUS_SOME;
}

/* What is kept are numbers between single blanks. */
static bool next_number(const char **at, unsigned *number)
{
	struct span word = { *at, *at };

	while (*word.end && *word.end != ' ')
		word.end++;
	*at = *word.end ? word.end + 1 : word.end;
	return cpu_number(word, number);
}

bool config_has_cpu(const struct config *c, unsigned number)
{
	const char *at = c->cpus;
	unsigned n;

	while (next_number(&at, &n))
		if (n == number)
			return true;
	return false;
}

unsigned config_cpu_most(const struct config *c)
{
	const char *at = c->cpus;
	unsigned n, most = 0;

	while (next_number(&at, &n))
		if (n > most)
			most = n;
	return most;
}
