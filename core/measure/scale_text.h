/* SPDX-License-Identifier: GPL-2.0-only */
/* A text of many sites that never runs, and what patching at scale works on. */
#ifndef SCALE_TEXT_H
#define SCALE_TEXT_H

#include "measure/scale.h"
#include "patch/text.h"

/* Everything a timing works on. */
struct bench {
	struct scale *s;
	struct text text;
	uint8_t *packed;		/* what sites are to hold, one after the other */
	uint8_t form[OP_COUNT][SCALE_SITE_BYTES];	/* the same, by op */
	struct nop_table poison;
	int64_t *times;			/* rounds of each row, then a round's own */
};

/* The text at scale->addr, its records behind it, opened.  Return: NULL, or why not. */
const char *bench_open(struct bench *k, uint8_t *memory);

/* What mode inline leaves, made ready, without the engine: by the backend's hook, once
 * an op. */
bool bench_pack(struct bench *k);

/* The call that a site of that op is built as, @at bytes into the text. */
void bench_built(uint8_t *to, const struct text_where *w, size_t at, unsigned type);

#endif
