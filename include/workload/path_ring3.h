/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PATH_RING3_SOURCE(name, program, statements) - the whole of the file of a path whose units
 * are run by a program of ring 3, behind its headers.
 *
 * program     The program, a string of assembly (struct user_code).
 * statements  What is to be ready before it runs: they see `k`.
 */
#ifndef PATH_RING3_H
#define PATH_RING3_H

#include "kernel/call.h"
#include "workload/path.h"

#define PATH_PROGRAM(name, label, end, program)				\
asm(".section .text.path_user, \"ax\", @progbits\n"			\
    PATH_LABEL(name, label)						\
    program								\
    PATH_LABEL(name, end)						\
    ".text\n");

#define PATH_RING3_SOURCE(name, program, ...)				\
PATH_PROGRAM(name, user, user_end, program)				\
PATH_RING3_BLOCK(name, kernel_run_ring3, __VA_ARGS__)

/* The same with two programs, each a process of its own; the first one counts the units, and
 * ends both. */
#define PATH_PAIR_SOURCE(name, program, other, ...)			\
PATH_PROGRAM(name, user, user_end, program)				\
PATH_PROGRAM(name, other_user, other_user_end, other)			\
PATH_RING3_BLOCK(name, kernel_run_both, __VA_ARGS__)

#define PATH_RING3_BLOCK(name, run, ...)				\
PATH_BLOCK(name)							\
FASTCALL void WL_SYMBOL(path_##name, units)(struct work *w, unsigned long units); \
ONE_COPY FASTCALL							\
void WL_SYMBOL(path_##name, units)(struct work *w, unsigned long units)	\
{									\
	struct kernel *const k = (struct kernel *)w->arg[0];		\
									\
	__VA_ARGS__							\
	run(k, units);							\
}									\
PATH_CHECKED(name)

#endif
