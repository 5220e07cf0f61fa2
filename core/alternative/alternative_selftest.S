/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unsigned alternative_selftest(void): code with alternatives, run.  Returns 2 as it
 * was built, 3 when its alternatives have been applied: 1 for a replacement that was
 * copied from elsewhere and still reaches what it names, by an operand and by a call;
 * 2 for a call through a pointer, direct or not; 4 for one that should not be made.
 */
#include "alternative/alternative_site.h"

#ifdef __x86_64__
#define ENDBR		endbr64
#define WORD		.quad
#define SELFTEST_CALL	"call *selftest_slot(%rip)"
#define REPLACEMENT	"lea selftest_mem(%rip), %rdx; call selftest_reached"
#define NAMED(reg)	lea selftest_mem(%rip), %r##reg
#define SAME		cmp %rcx, %rdx
#else
#define ENDBR		endbr32
#define WORD		.long
#define SELFTEST_CALL	"call *selftest_slot"
#define REPLACEMENT	"mov $selftest_mem, %edx; call selftest_reached"
#define NAMED(reg)	mov $selftest_mem, %e##reg
#define SAME		cmp %ecx, %edx
#endif

	.text
	.globl alternative_selftest
	.hidden alternative_selftest
	.type alternative_selftest, @function
alternative_selftest:
	xor	%eax, %eax
	alternative "", REPLACEMENT, ALT_always
	alternative SELFTEST_CALL, "call selftest_nobody", ALT_always, 2
	ret

selftest_reached:
	NAMED(cx)
	SAME
	jne	1f
	or	$1, %eax
1:	ret

selftest_called:
	ENDBR
	or	$2, %eax
	ret

selftest_nobody:
	or	$4, %eax
	ret

	.section .data.rel.ro, "aw"
	.balign 8
selftest_slot:
	WORD	selftest_called
selftest_mem:
	.long	0

	.section .note.GNU-stack, "", @progbits
