/* SPDX-License-Identifier: GPL-2.0-only */
/* What compilers call by different names, or have and have not. */
#ifndef COMPILER_H
#define COMPILER_H

/*
 * A function that is there once, out of line: its labels are unique, and what it
 * times is timed by the same instructions for every caller.  GCC makes copies of a
 * function for some of its callers (cloning) unless it is told not to; clang makes
 * none, and does not know the word.
 */
#if __has_attribute(noclone)
#define ONE_COPY	__attribute__((noinline, noclone))
#else
#define ONE_COPY	__attribute__((noinline))
#endif

#endif
