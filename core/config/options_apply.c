/* SPDX-License-Identifier: GPL-2.0-only */
/* Words to settings, see options.h. */
#include "config/options.h"
#include "lib/string.h"
#include "options_word.h"

/* A word that can only belong to the one before it. */
static bool is_plain(const char *w)
{
	return !word_has(w, '=') && !word_prefix(w);
}

/* A setting that is being put together: words so far, and what comes next. */
struct setting {
	char *text, *next;
	unsigned words, left;
};

/* The next word becomes part of it, after @between. */
static void take_word(struct setting *s, char between)
{
	s->next[-1] = between;
	s->next = word_next(s->next);
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

	config_key_of(text, word_key_length(text), &many);
	return many;
}

static bool next_is_plain(const struct setting *s)
{
	return s->left && is_plain(s->next)
		&& (s->left < 2 || *word_next(s->next) != '=');
}

/* The setting that begins with a word, and how many words it has. */
static unsigned put_together(char *word, unsigned left, char **text)
{
	struct setting s = { word + word_prefix(word), word_next(word), 1, left - 1 };
	size_t key = word_key_length(s.text);
	bool known = config_key_of(s.text, key, NULL) != CONFIG_KEYS;

	if (!word_has(s.text, '=') && s.left && *s.next == '=')
		take_word(&s, ' ');
	else if (s.text > word && known && !s.text[key] && next_is_plain(&s))
		take_word(&s, '=');
	if (lacks_value(s.text) && next_is_plain(&s))
		take_word(&s, ' ');
	while (word_has(s.text, '=') && takes_many(s.text) && next_is_plain(&s))
		take_word(&s, ' ');
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
					  string_length(text), "close it");
			good = false;
		} else if (!config_set(&read, text, string_length(text), from,
				       good ? e : &later)) {
			good = false;
		}
		w = text;
		w = word_next(w);
	}
	if (good) {
		*c = read;
	} else {
		c->exit = read.exit;
		c->from[CONFIG_exit] = read.from[CONFIG_exit];
	}
	return good;
}
