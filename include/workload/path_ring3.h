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

#define PATH_RING3_SOURCE(name, program, ...)				\
PATH_BLOCK(name)							\
asm(".section .text.path_user, \"ax\", @progbits\n"			\
    PATH_LABEL(name, user)						\
    program								\
    PATH_LABEL(name, user_end)						\
    ".text\n");								\
FASTCALL void WL_SYMBOL(path_##name, units)(struct work *w, unsigned long units); \
ONE_COPY FASTCALL							\
void WL_SYMBOL(path_##name, units)(struct work *w, unsigned long units)	\
{									\
	struct kernel *const k = (struct kernel *)w->arg[0];		\
									\
	__VA_ARGS__							\
	kernel_run_ring3(k, units);					\
}									\
PATH_CHECKED(name)

#endif
