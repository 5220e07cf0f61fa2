/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A token to another process and back, by two pipes.
 *
 * PATH_TOKEN_SOURCE(name, bytes, load, add) - the whole of a path's file: a token of @bytes, of
 * which @load fetches all into EAX and @add adds 1.  The first program ends with the sum of all
 * answers, and the token: the other one adds to it each time.
 */
#ifndef PATH_TOKEN_H
#define PATH_TOKEN_H

#include "kernel/pipe.h"
#include "workload/path_ring3.h"
#include "workload/path_user.h"

#define PATH_TOKEN_SOURCE(name, bytes, load, add)			\
PATH_PAIR_SOURCE(name,							\
	USER_BUFFER_IS(0)						\
	"1:\n"								\
	USER_MOVE(KERNEL_WRITE, 1, bytes)				\
	USER_MOVE(KERNEL_READ, 2, bytes)				\
	USER_AGAIN							\
	USER_END(load),							\
									\
	USER_BUFFER_IS(0)						\
	"2:\n"								\
	USER_MOVE(KERNEL_READ, 0, bytes)				\
	"	" add "	(" USER_BUFFER ")\n"				\
	USER_MOVE(KERNEL_WRITE, 3, bytes)				\
	"	jmp	2b\n",						\
									\
	pipes_open(k);							\
)

#endif
