/* SPDX-License-Identifier: GPL-2.0-only */
/* A system call that does next to nothing: whose child the process is. */
#include "workload/path_ring3.h"

KERNEL_NAMED long call_getppid(struct kernel *k, unsigned long a, unsigned long b,
			      unsigned long c)
{
	(void)a, (void)b, (void)c;
	return k->current->parent->tgid;
}

/* It ends with the sum of all answers. */
PATH_RING3_SOURCE(null_call,
	"1:	mov	$" WL_STR(KERNEL_GETPPID) ", %eax\n"
	"	" USER_CALL "\n"
	"	add	" USER_RESULT ", " USER_SUM "\n"
	"	dec	" USER_UNITS "\n"
	"	jnz	1b\n"
	"	mov	" USER_SUM ", " USER_ARG1 "\n"
	"	mov	$" WL_STR(KERNEL_EXIT) ", %eax\n"
	"	" USER_CALL "\n",

	k->calls[KERNEL_GETPPID] = KERNEL_ADDRESS(call_getppid);
)
