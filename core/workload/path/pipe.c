/* SPDX-License-Identifier: GPL-2.0-only */
/* A byte to another process and back. */
#include "kernel/pipe.h"
#include "workload/path_ring3.h"
#include "workload/path_user.h"

/* It ends with the sum of all answers, and the token: the other one adds 1 to it each time. */
PATH_PAIR_SOURCE(pipe,
	USER_BUFFER_IS(0)
	"1:\n"
	USER_MOVE(KERNEL_WRITE, 1, 1)
	USER_MOVE(KERNEL_READ, 2, 1)
	USER_AGAIN
	USER_END("movzbl"),

	USER_BUFFER_IS(0)
	"2:\n"
	USER_MOVE(KERNEL_READ, 0, 1)
	"	incb	(" USER_BUFFER ")\n"
	USER_MOVE(KERNEL_WRITE, 3, 1)
	"	jmp	2b\n",

	pipes_open(k);
)
