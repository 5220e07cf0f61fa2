/* SPDX-License-Identifier: GPL-2.0-only */
/* Pieces of ring 3's programs, as strings of assembly: what several of them do. */
#ifndef PATH_USER_H
#define PATH_USER_H

#include "kernel_entry.h"
#include "workload/workload.h"

/* read() or write() of @bytes at USER_BUFFER, by that descriptor; what it answers is added to
 * USER_SUM. */
#define USER_MOVE(call, descriptor, bytes)				\
	"	mov	$" WL_STR(call) ", %eax\n"			\
	"	mov	$" #descriptor ", " USER_ARG1 "\n"		\
	"	mov	" USER_BUFFER ", " USER_ARG2 "\n"		\
	"	mov	$" #bytes ", " USER_ARG3 "\n"			\
	"	" USER_CALL "\n"					\
	"	add	" USER_RESULT ", " USER_SUM "\n"

/* USER_BUFFER is on the stack; its first word is @value. */
#define USER_BUFFER_IS(value)						\
	"	lea	-64(" USER_STACK "), " USER_BUFFER "\n"		\
	"	movl	$" #value ", (" USER_BUFFER ")\n"

/* The end, by the sum and the buffer's first word, of which @load takes all or a part. */
#define USER_END(load)							\
	"	mov	" USER_SUM ", " USER_ARG1 "\n"			\
	"	" load "	(" USER_BUFFER "), %eax\n"		\
	"	mov	" USER_RESULT ", " USER_ARG2 "\n"		\
	"	mov	$" WL_STR(KERNEL_EXIT) ", %eax\n"		\
	"	" USER_CALL "\n"

/* What repeats it as often as there are units, from label 1 on. */
#define USER_AGAIN							\
	"	dec	" USER_UNITS "\n"				\
	"	jnz	1b\n"

#endif
