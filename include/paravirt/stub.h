/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stubs: code between a site and its op, one for every op and table, at a fixed
 * distance from each other, so that a site's is found by arithmetic.
 *
 *	retpoline	the slot is loaded, and reached by a RET whose prediction
 *			leads into a loop that goes nowhere; ia32 has no register to
 *			spare and pushes the slot
 *	lfence		the slot is loaded, LFENCE, JMP reg: AMD's way until 2022,
 *			when it was found insufficient (CVE-2021-26401).  x86-64: by
 *			RAX; ia32: by EAX, or by ECX where the op has arguments,
 *			and none where they are in ECX as well
 *	trampoline	JMP through the slot, a site of its own (a record in
 *			trampoline_sites[]): patched, it is a JMP rel32, and what calls
 *			it is an out-of-line static call
 *
 * Source: Linux, arch/x86/lib/retpoline.S, include/asm/nospec-branch.h; AMD,
 * "Software Techniques for Managing Speculation on AMD Processors";
 * arch/x86/kernel/static_call.c.
 */
#ifndef STUB_H
#define STUB_H

/* Bytes from one to the next. */
#define STUB_BYTES	32

#ifndef __ASSEMBLER__

#include <stdint.h>
#include "site/site.h"

enum stub { STUB_retpoline, STUB_lfence, STUB_trampoline, STUB_COUNT };

/* Those of this image: for every op of paravirt_ops, then of paravirt_callee. */
extern const uint8_t stub_retpoline[], stub_lfence[], stub_trampoline[];

/* The records of the trampolines, in that order. */
extern const struct site trampoline_sites[], trampoline_sites_end[];

#endif
#endif
