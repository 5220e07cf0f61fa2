/* SPDX-License-Identifier: GPL-2.0-only */
/* Which instructions code executes: on code that the assembler made, and that never runs. */
#include <string.h>
#include "arch.h"
#include "patch/insn_words.h"
#include "tap.h"

#if ARCH_WORD == 8
#define SLOT(name)	"*" #name "(%rip)"
#define WORD		".quad"
#define AX		"%rax"
#define SP		"%rsp"
#else
#define SLOT(name)	"*" #name
#define WORD		".long"
#define AX		"%eax"
#define SP		"%esp"
#endif

#define CODE(name, insns)						\
	asm(".text\n" #name ":\n" insns "\n" #name "_end:\n.skip 16, 0xcc\n"); \
	extern const uint8_t name[], name##_end[]

asm(".data\n.balign 8\n"
    "slot: " WORD " op\n"
    "slot_trampoline: " WORD " trampoline\n"
    ".text\n"
    "op: endbr64\n cli\n ret\n"
    "trampoline: jmp " SLOT(slot) "\n"
    "pending: cmpb $0, (" AX ")\n je 1f\n call op\n1: ret\n"
    "two_ways: test " AX ", " AX "\n je 1f\n pushf\n ret\n1: popf\n ret\n"
    "stub: call 2f\n1: pause\n jmp 1b\n2: mov " AX ", (" SP ")\n ret\n"
    "for_ever: jmp for_ever\n");

CODE(native, "cli");
CODE(indirect, "call " SLOT(slot));
CODE(direct, "call op\n .byte 0x66, 0x90");
CODE(saved, "push " AX "\n push " AX "\n call " SLOT(slot_trampoline) "\n pop " AX "\n pop " AX);
CODE(forked, "call pending\n mov " AX ", " AX);
CODE(either, "call two_ways");
CODE(unknown, "call stub");
CODE(by_register, "call *" AX);
CODE(returns, "ret");
CODE(stops, "int3");
CODE(ever, "call for_ever");
CODE(counts, "1: loop 1b");
CODE(kinds, "pushf\n popf\n sti\n out %al, $0x80\n mov " AX ", " AX "\n lea (" AX "), " AX
     "\n test %al, %al\n cmp $1, %al\n sete %al\n shl $9, %eax\n xor %eax, %eax\n"
     " add $1, %eax\n btsl $1, (" AX ")\n lfence\n cpuid\n nop\n nopl (" AX ")\n"
     " movzbl %al, %eax\n push $1\n pop (" AX ")");
CODE(nothing, "");

static struct insn_words w;

static bool has(const uint8_t *from, const uint8_t *to, unsigned n)
{
	memset(&w, 0, sizeof(w));
	return insn_words_of(ARCH_ISA, from, to, n, &w);
}

/* Are they these, and nothing else? */
static bool is(const char *want)
{
	char got[300] = "";

	for (unsigned i = 0; i < INSN_WORD_COUNT; i++)
		if (w.of[i])
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s %u",
				 *got ? ", " : "", insn_word_texts[i], w.of[i]);
	if (strcmp(got, want))
		diag("got %s", got);
	return !strcmp(got, want);
}

#define HAS(name, n)	has(name, name##_end, n)

int main(void)
{
	ok(HAS(native, 1) && is("cli 1"), "an instruction");
	ok(HAS(nothing, 0) && is(""), "none");
	ok(HAS(indirect, 4) && is("call 1, ret 1, endbr 1, cli 1"), "a call through its slot");
	ok(HAS(direct, 5) && is("call 1, ret 1, endbr 1, NOP 1, cli 1"),
	   "a direct call, and what fills");
	ok(HAS(saved, 9) && is("call 1, ret 1, endbr 1, push 2, pop 2, jmp 1, cli 1"),
	   "a trampoline, between pushes and pops");
	ok(HAS(forked, 5) && is("call 1, ret 1, jcc 1, mov 1, cmp 1"), "a jump that is taken");
	ok(HAS(forked, 9) && is("call 2, ret 2, endbr 1, jcc 1, cli 1, mov 1, cmp 1"),
	   "the same jump, not taken, as it was counted");
	ok(!HAS(forked, 6), "no path has so many");
	ok(!HAS(either, 5), "two paths have as many, and other words");
	ok(!HAS(indirect, 5), "another count");
	ok(!HAS(unknown, 5), "a retpoline is not followed");
	ok(!HAS(by_register, 4), "nor a call by a register");
	ok(!HAS(returns, 1), "nor a return that nothing called");
	ok(!HAS(stops, 1), "nor INT3");
	ok(!HAS(counts, 1), "nor LOOP");
	ok(!HAS(ever, 600), "what has no end is given up");
	ok(HAS(kinds, 20)
	   && is("push 1, pop 1, NOP 2, pushf 1, popf 1, sti 1, out 1, mov 2, lea 1, test 1, "
		 "cmp 1, set 1, shift 1, add/and/or/xor 2, bt 1, lfence 1, other 1"),
	   "every kind by its name");
	return done();
}
