/* SPDX-License-Identifier: GPL-2.0-only */
/* A token of 4 bytes to another process and back: a switch each way. */
#include "kernel/pipe.h"
#include "workload/path_ring3.h"
#include "workload/path_user.h"

/* It ends with the sum of all answers, and the token: the other one adds 1 to it each time. */
PATH_PAIR_SOURCE(switch,
	USER_BUFFER_IS(0)
	"1:\n"
	USER_MOVE(KERNEL_WRITE, 1, 4)
	USER_MOVE(KERNEL_READ, 2, 4)
	USER_AGAIN
	USER_END("movl"),

	USER_BUFFER_IS(0)
	"2:\n"
	USER_MOVE(KERNEL_READ, 0, 4)
	"	incl	(" USER_BUFFER ")\n"
	USER_MOVE(KERNEL_WRITE, 3, 4)
	"	jmp	2b\n",

	pipes_open(k);
)
