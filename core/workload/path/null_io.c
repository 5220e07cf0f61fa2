/* SPDX-License-Identifier: GPL-2.0-only */
/* A byte read from a file of zeros, and one written to a file that takes all. */
#include "kernel/file.h"
#include "workload/path_ring3.h"
#include "workload/path_user.h"

/* It ends with the sum of all answers, and the byte that was read last: it was all ones. */
PATH_RING3_SOURCE(null_io,
	USER_BUFFER_IS(0xff)
	"1:\n"
	USER_MOVE(KERNEL_READ, 0, 1)
	USER_MOVE(KERNEL_WRITE, 1, 1)
	USER_AGAIN
	USER_END("movzbl"),

	files_open(k);
)
