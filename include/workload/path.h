/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel paths as workloads: rows of the registry, "path:<name>", one for each line of
 * path.def.
 *
 * A path is no run of copies: it has branches, loops and functions that call each other.  Its
 * source becomes one block of code for each convention, which is copied whole, once for each
 * cell, and entered for so many units.  A unit is one turn of the loop around the path.  The
 * loop's own instructions, two or three a unit, are the same in all modes of a convention.  Of a
 * path of ring 3 the loop is ring 3's program, and counts whole.
 *
 * Of struct workload_code a path has: in one and three functions that are checked where they
 * were linked, and outside of the block; in copy and copy_end the block.  At the block's first
 * byte it is entered, with struct work * and the number of units in the registers of the first
 * two arguments (FASTCALL); it returns.
 */
#ifndef PATH_H
#define PATH_H

#include "kernel/state.h"
#include "workload/workload.h"

enum path_id {
#define PATH(name, column, ring, user, seen, after, units, row, what) PATH_##name,
#include "list/path.def"
#undef PATH
	PATH_COUNT
};
_Static_assert((unsigned)PATH_COUNT <= WORKLOADS_PATH_MAX, "the registry has room for them");

struct text;

/* Rows of all paths, once.  @own: the application's text, which they are in. */
void paths_add(const struct text *own);

/* Which one a workload is; PATH_COUNT: none. */
enum path_id path_of(const struct workload *wl);

/* The USER_PROGRAMS programs of ring 3 that run its units; the first one's len is 0: there are
 * none. */
const struct user_code *path_user(enum path_id p);

/* Are its units run by several tasks?  Then it comes to no end where its ops do nothing. */
bool path_is_of_tasks(enum path_id p);

/* Units of its short body. */
unsigned path_units(enum path_id p);

/*
 * PATH_SOURCE(name, statements) - the whole of a path's file, behind its headers.
 *
 * The statements are one unit.  They see `k` (struct kernel *) and `w` (struct work *), and
 * may call LOOK(value), as a workload's do.
 */
#define PATH_OUTSIDE	__attribute__((section(".text.path_checked"))) ONE_COPY
#define PATH_LABEL(name, rest)						\
	".globl " WL_STR(WL_SYMBOL(path_##name, rest)) "\n"		\
	".hidden " WL_STR(WL_SYMBOL(path_##name, rest)) "\n"		\
	WL_STR(WL_SYMBOL(path_##name, rest)) ":\n"

/* The block is all of this object's .text: behind what the compiler puts there is a
 * subsection. */
#define PATH_BLOCK(name)						\
asm(".text\n"								\
    PATH_LABEL(name, begin)						\
    "jmp " WL_STR(WL_SYMBOL(path_##name, units)) "\n"			\
    ".text 8192\n"							\
    PATH_LABEL(name, end)						\
    ".text\n");

/* What is checked where it was linked: the block, for one unit and for three. */
#define PATH_CHECKED(name)						\
void WL_SYMBOL(path_##name, one)(struct work *w);			\
PATH_OUTSIDE void WL_SYMBOL(path_##name, one)(struct work *w)		\
{									\
	WL_SYMBOL(path_##name, units)(w, 1);				\
}									\
void WL_SYMBOL(path_##name, three)(struct work *w);			\
PATH_OUTSIDE void WL_SYMBOL(path_##name, three)(struct work *w)		\
{									\
	WL_SYMBOL(path_##name, units)(w, 3);				\
}

#define PATH_SOURCE(name, ...)						\
PATH_BLOCK(name)							\
static inline __attribute__((always_inline))				\
void WL_SYMBOL(path_##name, unit)(struct work *w, const bool checked)	\
{									\
	struct kernel *const k = (struct kernel *)w->arg[0];		\
									\
	(void)checked;							\
	__VA_ARGS__							\
}									\
FASTCALL void WL_SYMBOL(path_##name, units)(struct work *w, unsigned long units); \
ONE_COPY FASTCALL							\
void WL_SYMBOL(path_##name, units)(struct work *w, unsigned long units)	\
{									\
	do								\
		WL_SYMBOL(path_##name, unit)(w, false);			\
	while (--units);						\
}									\
void WL_SYMBOL(path_##name, one)(struct work *w);			\
PATH_OUTSIDE void WL_SYMBOL(path_##name, one)(struct work *w)		\
{									\
	WL_SYMBOL(path_##name, unit)(w, true);				\
}									\
void WL_SYMBOL(path_##name, three)(struct work *w);			\
PATH_OUTSIDE void WL_SYMBOL(path_##name, three)(struct work *w)		\
{									\
	WL_SYMBOL(path_##name, units)(w, 3);				\
}

#endif
