/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON by tokens, as a mix has it: objects, lists, strings, whole numbers; see reader.c. */
#ifndef MIX_READER_H
#define MIX_READER_H

#include "mix/mix.h"

/* Tokens are numbers.  Of a member that an object lacks: below 0, and says which object. */
#define LACKED_BY(object)	(-1 - (object))
/* Before the first. */
#define NO_TOKEN		(-1)

struct reader {
	const char *bytes;
	size_t len;
	const void *tokens;
	int count;
	struct mix_error *e;
};

/* All of a file: false, and the error is filled, if it is not one object. */
bool reader_open(struct reader *r, const char *bytes, size_t len, void *tokens,
		 struct mix_error *e);

/* Always false: of what, what is wrong, and where: at a token's beginning. */
bool reader_fail(const struct reader *r, int token, const char *what, const char *wrong);

/* Of an object: the value of a key, if it has that. */
int reader_get(const struct reader *r, int object, const char *key);

/* The members of an object (their keys) or the items of a list, one after the other:
 * *at is NO_TOKEN at first. */
bool reader_next(const struct reader *r, int of, int *at);

/* Of an object's key or value; on failure the error is filled. */
bool reader_is_object(const struct reader *r, int token, const char *what);
bool reader_is_list(const struct reader *r, int token, const char *what);
/* Below 10^15. */
bool reader_number(const struct reader *r, int token, const char *what, uint64_t *to);
/* Printable ASCII without escapes, 1 to @max characters, and a NUL. */
bool reader_text(const struct reader *r, int token, const char *what, char *to,
		 size_t max);

/* The value of a member, behind its key. */
static inline int reader_value(int key)
{
	return key + 1;
}

#endif
