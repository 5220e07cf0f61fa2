/* SPDX-License-Identifier: GPL-2.0-only */
/* All that the tool found out about an image, and how it is said. */
#ifndef RESULT_H
#define RESULT_H

#include <stdio.h>
#include "compare.h"

struct result {
	const char *file;
	const struct kernel *k;
	bool sites;			/* every site is to be said */
	uint8_t *built;			/* the ELF file before it was patched */
	/* Where there is no such thing, NULL. */
	const struct applied *applied;
	const char *not_applied;	/* why not */
	const struct features *features;
	const struct nop_table *nops;
	const struct comparison *comparison;
	size_t undecoded;		/* sites whose patched bytes are no instructions */
};

/* Instructions of @len bytes as text, "; " between; false: they are none, or do not
 * end where they should. */
bool decode_text(const struct image *im, const uint8_t *bytes, unsigned len,
		 uint64_t addr, char *text, size_t room);

/* Sites whose bytes, now in the image, do not decode. */
size_t count_undecoded(const struct kernel *k, const struct applied *a);

/* Built bytes of a place in the image. */
const uint8_t *built_bytes(const struct result *r, uint64_t addr, unsigned len);

void print_text(const struct result *r, FILE *to);
/* False: no memory. */
bool print_json(const struct result *r, FILE *to);

extern const char *const rule_names[];

/* "type 5", or the op's name. */
const char *say_op(const struct kernel *k, const struct para *p, char *buf,
		   size_t room);

#endif
