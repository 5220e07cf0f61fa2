/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions about one word, see options_word.h. */
#include "lib/string.h"
#include "options_word.h"

char *word_next(char *w)
{
	return w + string_length(w) + 1;
}

static char lower_case(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same_word(const char *a, size_t n, const char *b)
{
	for (size_t i = 0; i < n; i++)
		if (!b[i] || lower_case(a[i]) != lower_case(b[i]))
			return false;
	return !b[n];
}

static const char *file_of(const char *path)
{
	const char *file = path;

	for (; *path; path++)
		if (*path == '\\' || *path == '/' || *path == ':')
			file = path + 1;
	return file;
}

bool word_has(const char *w, char c)
{
	while (*w && *w != c)
		w++;
	return *w == c;
}

bool word_is_program(const char *w, const char *program)
{
	const char *file = file_of(w), *own = file_of(program);
	size_t n = string_length(file), own_n = string_length(own);

	if (word_has(w, '='))
		return false;
	if (n > 4 && is_same_word(file + n - 4, 4, ".efi"))
		return true;
	if (own_n > 4 && is_same_word(own + own_n - 4, 4, ".efi"))
		own_n -= 4;
	return word_has(w, '\\') || (n && n == own_n && is_same_word(own, own_n, file));
}

size_t word_prefix(const char *w)
{
	size_t n = w[0] == '-' && w[1] == '-' ? 2 : w[0] == '-' || w[0] == '/' ? 1 : 0;

	return n && lower_case(w[n]) >= 'a' && lower_case(w[n]) <= 'z' ? n : 0;
}

bool word_asks_help(const char *w)
{
	size_t n = word_prefix(w);

	if (n)
		return is_same_word("h", 1, w + n) || is_same_word("help", 4, w + n);
	return is_same_word("help", 4, w) || is_same_word("?", 1, w) || is_same_word("-?", 2, w)
		|| is_same_word("/?", 2, w) || is_same_word("--?", 3, w);
}

size_t word_key_length(const char *w)
{
	size_t n = 0;

	while (lower_case(w[n]) >= 'a' && lower_case(w[n]) <= 'z')
		n++;
	while (n && ((lower_case(w[n]) >= 'a' && lower_case(w[n]) <= 'z')
		     || (w[n] >= '0' && w[n] <= '9') || w[n] == '_' || w[n] == '-'))
		n++;
	return n;
}
