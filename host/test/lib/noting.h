/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The callers of callers.h as a text that can be patched, and a backend whose ops note
 * what they are passed.
 */
#ifndef NOTING_H
#define NOTING_H

#include <sys/mman.h>
#include "callers.h"
#include "paravirt/backend.h"
#include "paravirt/install.h"
#include "paravirt/native.h"
#include "paravirt/stub.h"
#include "paravirt/thunked.h"
#include "patch/mode.h"
#include "synthetic.h"
#include "tap.h"

#define X64	(ARCH_WORD == 8)

extern uint8_t __start_callers[], __stop_callers[];

/* An op that notes its number and what it was passed, changes all that a C call may,
 * and returns .result: where words are, the rest of it. */
enum { IN_REGISTERS = X64 ? 4 : 3, ON_STACK = 2 };
struct noted {
	unsigned long word[IN_REGISTERS], stack[ON_STACK], op, calls;
	uint64_t result;
};
struct noted noted;

#if X64
#define NOTE(op) asm(".globl noting_" #op "\n.hidden noting_" #op "\n"	\
		     "noting_" #op ": push $OP_" #op "\n\tjmp noting");
asm(".pushsection .text\nnoting: pop 48+noted(%rip)\n"
    "mov %rdi, noted(%rip); mov %rsi, 8+noted(%rip); mov %rdx, 16+noted(%rip)\n"
    "mov %rcx, 24+noted(%rip); incq 56+noted(%rip)\n"
    "mov $0x1111, %rdi; mov %rdi, %rsi; mov %rdi, %rdx; mov %rdi, %rcx; mov %rdi, %r8\n"
    "mov %rdi, %r9; mov %rdi, %r10; mov %rdi, %r11; mov 64+noted(%rip), %rax; ret\n"
    ".popsection");
_Static_assert(offsetof(struct noted, op) == 48 && offsetof(struct noted, result) == 64,
	       "assembly knows these");
#else
#define NOTE(op) asm(".globl noting_" #op "\n.hidden noting_" #op "\n"	\
		     "noting_" #op ": push $OP_" #op "\n\tjmp noting");
asm(".pushsection .text\nnoting: pop 20+noted\n"
    "mov %eax, noted; mov %edx, 4+noted; mov %ecx, 8+noted; incl 24+noted\n"
    "mov 4(%esp), %eax; mov %eax, 12+noted; mov 8(%esp), %eax; mov %eax, 16+noted\n"
    "mov 28+noted, %eax; mov 32+noted, %edx; mov $0x1111, %ecx; ret\n"
    ".popsection");
_Static_assert(offsetof(struct noted, op) == 20 && offsetof(struct noted, result) == 28,
	       "assembly knows these");
#endif

#define NOTED(backend, shape, op)					\
	extern FN_##shape(noting_##op) __attribute__((visibility("hidden"))); \
	NOTE(op)
#define CALLED_timed(X, shape, op)	CALLED_##shape(X, shape, op)
#define CALLED_setup			CALLED_timed
#define CALLED_jump(X, shape, op)
#define CALLED_trap(X, shape, op)
#define CALLED_x64			ARCH_X64(CALLED)
#define CALLED(X, shape, op)		X(noting, shape, op)
#define CALLED_v_v	CALLED
#define CALLED_u_v	CALLED
#define CALLED_q_v	CALLED
#define CALLED_v_u	CALLED
#define CALLED_u_u	CALLED
#define CALLED_v_uu	CALLED
#define CALLED_v_p	CALLED
#define CALLED_v_pu	CALLED
#define CALLED_v_pp	CALLED
#define CALLED_v_pq	CALLED
#define CALLED_q_up	CALLED
#define CALLED_i_uq	CALLED
#define CALLED_q_q	CALLED
#define CALLED_v_pup	CALLED
#define CALLED_q_pup	CALLED
#define CALLED_v_puuu	CALLED
#define CALLED_v_pupq	CALLED
#define CALLED_v_pppp	CALLED
#define CALLED_patch(X, shape, op)
#define OP(name, shape, class, ring3, contract) CALLED_##class(NOTED, shape, name)
asm(".pushsection .text");
#include "list/op.def"
asm(".popsection");
#undef OP
#define OP(name, shape, class, ring3, contract) THUNKED_##class(THUNK, noting, shape, name)
#include "list/op.def"
#undef OP

static const struct backend noting_backend = {
	.name = "noting",
#define OP(name, shape, class, ring3, contract) CALLED_##class(SLOT_OF, shape, name)
	.ops = {
#include "list/op.def"
	},
#undef OP
#define OP(name, shape, class, ring3, contract) \
	THUNKED_##class(THUNK_SLOT, noting, shape, name)
	.callee = {
#include "list/op.def"
	},
#undef OP
};

static const char *const shapes[OP_COUNT] = {
#define OP(name, shape, class, ring3, contract) [OP_##name] = #shape,
#include "list/op.def"
#undef OP
};

static const struct callers {
	const char *name;
	const caller *of;
} callers[] = {
#define NAMED(convention, how)	{ #convention " " #how, callers_##convention##_##how },
	CALLERS(NAMED)
};
#define CONVENTIONS	(sizeof(callers) / sizeof(callers[0]))

static struct text text;
static struct syn_writer writer;

static inline void open_text(void)
{
	struct text_where w = {
		.isa = ARCH_ISA, .addr = (uintptr_t)__start_callers, .bytes = __start_callers,
		.len = (size_t)(__stop_callers - __start_callers),
		.sites_addr = (uintptr_t)__start_parainstructions,
		.sites = __start_parainstructions,
		.count = (size_t)(__stop_parainstructions - __start_parainstructions),
		.table = (uintptr_t)&paravirt_ops, .ops = OP_COUNT,
		.callee = (uintptr_t)&paravirt_callee,
		.stub = { (uintptr_t)stub_retpoline, (uintptr_t)stub_lfence,
			  (uintptr_t)stub_trampoline },
	};
	uintptr_t page = w.addr & ~4095ul;
	size_t room = text_room(&w);
	struct text_error e;

	mprotect((void *)page, w.addr + w.len - page, PROT_READ | PROT_WRITE | PROT_EXEC);
	syn_writer_begin(&writer);
	if (!ok(text_open(&text, &w, malloc(room), room, &e), "every record is accepted"))
		diag("record %zu: %s", (size_t)e.record, e.why);
}

static inline void patch(const struct backend *b, enum mode_id mode,
				enum padding_id padding)
{
	static const struct cpu_id id;
	struct nop_table nops = nop_padding(nop_table_for(ARCH_ISA, &id), padding);
	struct text_counts counts = { 0 };
	struct text_error e;

	if (!text_apply(&text, b, &modes[mode], &nops, TEXT_ALL, &writer.writer, &counts, &e))
		diag("%s: %s", modes[mode].name, e.why);
}

/* Values of which no half is another's. */
static inline uint64_t value(void)
{
	static uint64_t next;

	next += 0x0101010101010101;
	return next * 0x9e3779b97f4a7c15;
}

static inline void give(struct caller_work *w)
{
	for (unsigned i = 0; i < CALLER_ARGUMENTS; i++)
		w->in[i] = value();
	for (unsigned i = 0; i < CALLER_LIVE; i++)
		w->live[i] = (unsigned long)value();
	w->got = value();
}

/* An argument or a result of that type. */
static inline uint64_t as(char type, uint64_t v)
{
	return type == 'q' ? v : type == 'i' ? (uint64_t)(int64_t)(int32_t)v : (unsigned long)v;
}

/* Is what lived across the call what it was? */
static inline bool kept(const char *shape, const struct caller_work *w)
{
	for (unsigned i = 0; i < CALLER_LIVE; i++)
		if (w->still[i] != w->live[i])
			return false;
	for (unsigned i = 0; shape[2] != 'v' && shape[2 + i]; i++)
		if (w->again[i] != as(shape[2 + i], w->in[i]))
			return false;
	return true;
}

#endif
