/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Classes of sites that differ in their place alone, so that a mode is asked once for
 * all of them.  Private to the engine; struct site_class is in text.h.
 */
#ifndef SITE_CLASS_H
#define SITE_CLASS_H

#include "lib/mem.h"
#include "site_shape.h"
#include "text_parts.h"

/* Were they built the same but for the call's displacement?  A form may keep any of it:
 * which registers are pushed, in what order. */
static inline bool is_built_alike(const uint8_t *a, const uint8_t *b, unsigned len,
			   unsigned disp)
{
	return !memcmp(a, b, disp)
		&& !memcmp(a + disp + 4, b + disp + 4, len - disp - 4);
}

static inline bool site_is_of_class(const struct site_class *k, const struct site *s,
				    const struct site_shape *shape,
				    const struct site_at *at)
{
	return k->type == s->type && k->len == s->len
		&& k->clobbers == s->clobbers && k->call == shape->call
		&& k->pops == shape->pops && k->callee == shape->callee
		&& is_built_alike(k->first.built, at->built, s->len, shape->disp);
}

/**
 * site_class_find - the class of a site, perhaps a new one.
 * @at: its place and built bytes.
 *
 * Return: its number; TEXT_CLASSES if there are too many.
 */
unsigned site_class_find(struct text *t, const struct site *s,
			 const struct site_shape *shape, const struct site_at *at);

/**
 * site_class_learn - what is to be at the sites of a class.
 * @s: the span, backend, mode and NOPs that are being staged.
 *
 * From its first site's form it is found where displacements are in it; whether that
 * foretells the outermost sites' forms decides if they are asked for one by one.
 *
 * Return: NULL, or why the backend's hook cannot be trusted.
 */
const char *site_class_learn(const struct text_staged *s, struct site_class *k);

/* The form of a class as the loops over sites want it. */
struct site_words site_class_words(const struct site_class *k);

#endif
