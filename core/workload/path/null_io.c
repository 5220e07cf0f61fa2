/* SPDX-License-Identifier: GPL-2.0-only */
/* A byte read from a file of zeros, and one written to a file that takes all. */
#include "kernel/file.h"
#include "workload/path_ring3.h"

/* MOVE(call, descriptor): a byte by read() or write(). */
#define MOVE(call, descriptor)						\
	"	mov	$" WL_STR(call) ", %eax\n"			\
	"	mov	$" #descriptor ", " USER_ARG1 "\n"		\
	"	mov	" USER_BUFFER ", " USER_ARG2 "\n"		\
	"	mov	$1, " USER_ARG3 "\n"				\
	"	" USER_CALL "\n"					\
	"	add	" USER_RESULT ", " USER_SUM "\n"

/* It ends with the sum of all answers, and the byte that was read last: it was all ones. */
PATH_RING3_SOURCE(null_io,
	"	lea	-64(" USER_STACK "), " USER_BUFFER "\n"
	"	movb	$0xff, (" USER_BUFFER ")\n"
	"1:\n"
	MOVE(KERNEL_READ, 0)
	MOVE(KERNEL_WRITE, 1)
	"	dec	" USER_UNITS "\n"
	"	jnz	1b\n"
	"	mov	" USER_SUM ", " USER_ARG1 "\n"
	"	movzbl	(" USER_BUFFER "), %eax\n"
	"	mov	" USER_RESULT ", " USER_ARG2 "\n"
	"	mov	$" WL_STR(KERNEL_EXIT) ", %eax\n"
	"	" USER_CALL "\n",

	files_open(k);
)
