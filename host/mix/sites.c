/* SPDX-License-Identifier: GPL-2.0-only */
/* What is where in the guest, from a text file. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "sites.h"

#define WORDS_MAX	6

/* A line that is being read. */
struct line {
	char *words[WORDS_MAX];
	unsigned count;
	char *error;
};

static bool refuse(struct line *l, const char *what, const char *word)
{
	snprintf(l->error, SITE_ERROR_MAX, "%s%s%s", what, *word ? ": " : "", word);
	return false;
}

/* What a name may be of goes into JSON as it is. */
static bool is_name(const char *word)
{
	return *word && strlen(word) < 128 &&
		strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		       "0123456789_.#+-") == strlen(word);
}

static bool read_number(const char *word, int base, uint64_t *to)
{
	char *end;

	if (!strchr("0123456789abcdefABCDEF", *word) || !*word)
		return false;
	errno = 0;
	*to = strtoull(word, &end, base);
	return !errno && !*end;
}

static bool read_address(struct line *l, unsigned word, uint64_t *to)
{
	return read_number(l->words[word], 16, to) ||
		refuse(l, "not a hexadecimal address", l->words[word]);
}

static bool read_length(struct line *l, unsigned word, uint64_t *to)
{
	return (read_number(l->words[word], 0, to) && *to > 0 && *to <= 1 << 20) ||
		refuse(l, "not a length in bytes, of 1 to 1048576", l->words[word]);
}

static void *grown(void *of, size_t bytes)
{
	void *to = realloc(of, bytes);

	if (!to)
		abort();
	return to;
}

static bool name_index(struct line *l, struct names *n, unsigned word, unsigned *to)
{
	const char *name = l->words[word];

	for (*to = 0; *to < n->count; (*to)++)
		if (!strcmp(n->of[*to], name))
			return true;
	if (!is_name(name))
		return refuse(l, "not a name", name);
	if (n->count == SITE_NAMES_MAX)
		return refuse(l, "more names than 1024", name);
	n->of = grown(n->of, (n->count + 1) * sizeof(*n->of));
	n->of[n->count] = strdup(name);
	if (!n->of[n->count++])
		abort();
	return true;
}

static bool add(struct places *p, struct place place)
{
	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 64;
		p->of = grown(p->of, p->room * sizeof(*p->of));
	}
	p->of[p->count++] = place;
	return true;
}

static bool read_site(struct sites *s, struct line *l)
{
	struct place p = { .len = 0 };

	return (l->count == 4 || refuse(l, "site wants ADDRESS OP LENGTH", "")) &&
		read_address(l, 1, &p.at) && name_index(l, &s->ops, 2, &p.what) &&
		read_length(l, 3, &p.len) && add(&s->sites, p);
}

static bool read_kind(struct line *l, enum entry_kind *to)
{
	static const char *const kinds[] = { "interrupt", "fault", "call" };

	for (*to = ENTRY_INTERRUPT; *to <= ENTRY_CALL; (*to)++)
		if (!strcmp(l->words[1], kinds[*to]))
			return true;
	return refuse(l, "not a kind of entry (interrupt, fault, call)", l->words[1]);
}

static bool read_entry(struct sites *s, struct line *l)
{
	struct place p = { .len = 1 };

	return (l->count == 4 || l->count == 5 ||
		refuse(l, "entry wants KIND NAME ADDRESS [LENGTH]", "")) &&
		read_kind(l, &p.kind) && name_index(l, &s->entry_names, 2, &p.what) &&
		read_address(l, 3, &p.at) && (l->count == 4 || read_length(l, 4, &p.len)) &&
		add(&s->entries, p);
}

static bool read_watch(struct sites *s, struct line *l)
{
	struct place p = { .len = 1 };

	return (l->count == 3 || refuse(l, "watch wants NAME ADDRESS", "")) &&
		name_index(l, &s->watch_names, 1, &p.what) && read_address(l, 2, &p.at) &&
		add(&s->watches, p);
}

static bool read_mark(struct sites *s, struct line *l)
{
	static const char *const marks[] = {
		[MARK_BEGIN] = "begin", [MARK_UNIT] = "unit", [MARK_END] = "end"
	};
	struct place p = { .len = 1, .what = MARK_BEGIN };

	if (l->count != 3)
		return refuse(l, "mark wants begin, unit or end, and ADDRESS", "");
	while (p.what <= MARK_END && strcmp(l->words[1], marks[p.what]))
		p.what++;
	return (p.what <= MARK_END || refuse(l, "not a mark (begin, unit, end)", l->words[1])) &&
		read_address(l, 2, &p.at) && add(&s->marks, p);
}

static bool read_line(struct sites *s, char *text, char *error)
{
	struct line l = { .error = error };
	char *next = text;

	text[strcspn(text, "#\n")] = 0;
	for (char *word; (word = strtok_r(next, " \t\r", &next));) {
		if (l.count == WORDS_MAX)
			return refuse(&l, "too many words", word);
		l.words[l.count++] = word;
	}
	if (!l.count)
		return true;
	return !strcmp(l.words[0], "site") ? read_site(s, &l)
		: !strcmp(l.words[0], "entry") ? read_entry(s, &l)
		: !strcmp(l.words[0], "watch") ? read_watch(s, &l)
		: !strcmp(l.words[0], "mark") ? read_mark(s, &l)
		: refuse(&l, "not a kind of line (site, entry, watch, mark)", l.words[0]);
}

static int by_address(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static bool in_order(struct places *p, const char *what, const char *name, char *error)
{
	if (p->count)
		qsort(p->of, p->count, sizeof(*p->of), by_address);
	for (size_t i = 1; i < p->count; i++) {
		if (p->of[i].at - p->of[i - 1].at >= p->of[i - 1].len)
			continue;
		snprintf(error, SITE_ERROR_MAX, "%.100s: two %s overlap at %#" PRIx64, name, what,
			 p->of[i].at);
		return false;
	}
	return true;
}

static bool read_lines(struct sites *s, FILE *from, const char *name, char *error)
{
	char why[SITE_ERROR_MAX], *text = NULL;
	size_t room = 0;
	unsigned line = 0;
	bool good = true;

	while (good && getline(&text, &room, from) >= 0) {
		line++;
		good = read_line(s, text, why);
	}
	free(text);
	if (!good)
		snprintf(error, SITE_ERROR_MAX, "%.80s:%u: %.150s", name, line, why);
	else if (ferror(from))
		snprintf(error, SITE_ERROR_MAX, "%.100s: cannot be read", name);
	return good && !ferror(from);
}

bool sites_read(struct sites *s, FILE *from, const char *name, char error[SITE_ERROR_MAX])
{
	memset(s, 0, sizeof(*s));
	return read_lines(s, from, name, error) &&
		in_order(&s->sites, "sites", name, error) &&
		in_order(&s->entries, "entries", name, error) &&
		in_order(&s->watches, "watches", name, error) &&
		in_order(&s->marks, "marks", name, error);
}

static void names_free(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->of[i]);
	free(n->of);
}

void sites_free(struct sites *s)
{
	free(s->sites.of);
	free(s->entries.of);
	free(s->watches.of);
	free(s->marks.of);
	names_free(&s->ops);
	names_free(&s->entry_names);
	names_free(&s->watch_names);
	memset(s, 0, sizeof(*s));
}

const struct place *place_at(const struct places *p, uint64_t at)
{
	size_t from = 0, to = p->count;

	while (from < to) {
		size_t i = (from + to) / 2;

		if (p->of[i].at > at)
			to = i;
		else if (at - p->of[i].at >= p->of[i].len)
			from = i + 1;
		else
			return &p->of[i];
	}
	return NULL;
}
