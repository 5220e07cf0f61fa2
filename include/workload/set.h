/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of members of a list, by their numbers there: workloads, modes, backends and
 * the like.  A set has room for the longest list, which is that of workloads; whoever
 * keeps a set of another list's says by SET_HOLDS() that it fits.
 */
#ifndef SET_H
#define SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "workload/workload.h"

#define SET_MEMBERS	WORKLOAD_MAX
#define SET_WORDS	((SET_MEMBERS + 31) / 32)

/* Bit n % 32 of word n / 32 for member n; bits behind the last member are 0.
 * All 0 is the empty set. */
struct set {
	uint32_t bits[SET_WORDS];
};

/* A list of so many is no longer than a set has room for. */
#define SET_HOLDS(count)	\
	_Static_assert((count) <= SET_MEMBERS, "a set has room for all of the list")

/* Numbers are below SET_MEMBERS here and below. */
static inline bool set_has(const struct set *s, unsigned member)
{
	return s->bits[member / 32] >> member % 32 & 1;
}

static inline void set_add(struct set *s, unsigned member)
{
	s->bits[member / 32] |= (uint32_t)1 << member % 32;
}

/* Members 0 to count - 1: all of a list. */
static inline struct set set_below(unsigned count)
{
	struct set s = { { 0 } };

	for (unsigned i = 0; i < count; i++)
		set_add(&s, i);
	return s;
}

/* The least member; SET_MEMBERS: there is none. */
static inline unsigned set_least(const struct set *s)
{
	unsigned i = 0;

	while (i < SET_MEMBERS && !set_has(s, i))
		i++;
	return i;
}

static inline bool set_is_empty(const struct set *s)
{
	return set_least(s) == SET_MEMBERS;
}

static inline size_t set_size(const struct set *s)
{
	size_t n = 0;

	for (unsigned i = 0; i < SET_MEMBERS; i++)
		n += set_has(s, i);
	return n;
}

static inline bool set_equal(const struct set *a, const struct set *b)
{
	for (unsigned i = 0; i < SET_WORDS; i++)
		if (a->bits[i] != b->bits[i])
			return false;
	return true;
}

/* Have they a member in common? */
static inline bool set_meets(const struct set *a, const struct set *b)
{
	for (unsigned i = 0; i < SET_WORDS; i++)
		if (a->bits[i] & b->bits[i])
			return true;
	return false;
}

/* Has it all members of @part? */
static inline bool set_includes(const struct set *s, const struct set *part)
{
	for (unsigned i = 0; i < SET_WORDS; i++)
		if (part->bits[i] & ~s->bits[i])
			return false;
	return true;
}

/* The members of @from too. */
static inline void set_unite(struct set *s, const struct set *from)
{
	for (unsigned i = 0; i < SET_WORDS; i++)
		s->bits[i] |= from->bits[i];
}

#endif
