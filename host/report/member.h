/* SPDX-License-Identifier: GPL-2.0-only */
/* Members of a JSON object, and the complaint where one is not as it must be. */
#ifndef MEMBER_H
#define MEMBER_H

#include <jansson.h>
#include <stdint.h>

/* The first thing that was wrong, as one line; later ones are not kept. */
struct complaint {
	const char *path;
	char where[160];	/* in the file, or empty */
	char text[600];		/* empty: nothing is wrong */
};

__attribute__((format(printf, 2, 3)))
void complain(struct complaint *c, const char *format, ...);

/* Members of an object; what is missing or of another type is complained of and
 * comes as "", 0 or NULL. */
const char *need_text(struct complaint *c, const json_t *o, const char *key);
int64_t need_count(struct complaint *c, const json_t *o, const char *key);
const json_t *need_list(struct complaint *c, const json_t *o, const char *key);
const json_t *need_object(struct complaint *c, const json_t *o, const char *key);

/* The same of what need not be there: "" and 0 where it is not, or is of another type. */
const char *text_in(const json_t *o, const char *key);
uint64_t number_in(const json_t *o, const char *key);

#endif
