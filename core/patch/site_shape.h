/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a site is built of: pushes, the call of its op, the matching pops, NOPs.
 *
 * Private to the engine.  text_open() refuses a site that is of any other shape, so
 * all others may take it for granted.
 */
#ifndef SITE_SHAPE_H
#define SITE_SHAPE_H

#include "patch/text_where.h"

/* What a site is made of. */
struct site_shape {
	unsigned call, pops;	/* bytes before the call, and of pops behind it */
	unsigned disp;		/* bytes before the call's displacement */
	unsigned saved;		/* enum clobber bits */
	bool callee;
};

/**
 * site_shape_read - the shape of a site, from bytes that are anywhere.
 * @w:    the text, for the tables that its sites call by.
 * @s:    the site's record.
 * @addr: where it runs.
 * @p:    its bytes as they were built.
 * @shape: filled as far as it was read.
 *
 * Return: NULL, or what is wrong with it.
 */
const char *site_shape_read(const struct text_where *w, const struct site *s,
			    uint64_t addr, const uint8_t *p,
			    struct site_shape *shape);

/* Likewise of a site in the text; its registers are held against its record as well,
 * where the ops are our own. */
const char *site_shape_check(const struct text_where *w, const struct site *s,
			     uint64_t addr, struct site_shape *shape);

#endif
