/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workloads: the things that are timed, and how their source is compiled.
 *
 * A workload's file is compiled once for each convention, with SITES defined as
 * the convention's name and its header in front.  It makes two functions of a
 * struct work *:
 *
 *	one	one copy, which leaves what it saw in work.seen;
 *	three	three copies that look at nothing.
 *
 * Both are run as they are in the check.  What is timed are bodies of many
 * copies (body.h), made from the second copy of three: by then the compiler has
 * its pointers where it wants them, and there is another copy to come.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#ifdef __ASSEMBLER__

#define WL_PASTE(conv, name, rest)	wl_##conv##_##name##_##rest
#define WL_SYMBOL(conv, name, rest)	WL_PASTE(conv, name, rest)
#define WL_LABEL(symbol)						\
	.globl symbol; .hidden symbol; symbol:

/*
 * WORKLOAD_ONE(name, enter, leave, insns...) - the body that is checked, with
 * what goes before and after its copy.
 */
#define WORKLOAD_ONE(name, enter, leave, ...)				\
	.text; .balign 16;						\
	.type WL_SYMBOL(SITES, name, one), @function;			\
WL_LABEL(WL_SYMBOL(SITES, name, one))					\
	enter; __VA_ARGS__;						\
WL_LABEL(WL_SYMBOL(SITES, name, one_end))				\
	leave; ret

/* WORKLOAD_THREE(name, insns...) - three copies, and labels between them. */
#define WORKLOAD_THREE(name, ...)					\
	.text; .balign 16;						\
	.type WL_SYMBOL(SITES, name, three), @function;			\
WL_LABEL(WL_SYMBOL(SITES, name, three))					\
	__VA_ARGS__;							\
WL_LABEL(WL_SYMBOL(SITES, name, three_copy))				\
	__VA_ARGS__;							\
WL_LABEL(WL_SYMBOL(SITES, name, three_copy_end))			\
	__VA_ARGS__;							\
WL_LABEL(WL_SYMBOL(SITES, name, three_end))				\
	ret

/* WORKLOAD_PLAIN(name, insns...) - a workload that looks at nothing. */
#define WORKLOAD_PLAIN(name, ...)					\
	WORKLOAD_ONE(name, , , __VA_ARGS__);				\
	WORKLOAD_THREE(name, __VA_ARGS__);				\
	.section .note.GNU-stack, "", @progbits

#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lib/compiler.h"

#define WORK_VALUES	10
#define WORK_SCRATCH	24

/*
 * What a workload works on.  The flags live in memory, and every use of them
 * is a load or a store in every convention: what then differs between two modes
 * is the site and nothing else.  (What a call costs in registers that it makes
 * the compiler spill is a question for a workload of its own.)
 */
struct work {
	volatile unsigned long flags;	/* argument, and scratch */
	volatile unsigned long seen;	/* what the checked pass saw */
	unsigned long (*look)(void);	/* the flags, as the backend has IF */
	volatile unsigned long value[WORK_VALUES];
	/* Of an op of the table: its arguments, in their order, the words and pointers in
	 * arg and what has 64 bits in arg_q; what it returned where it is looked at; and
	 * memory that its pointers may lead to (operands.h). */
	volatile unsigned long call;	/* the native function, where native calls it too */
	volatile unsigned long arg[4];
	volatile uint64_t arg_q[2];
	volatile uint64_t got;
	volatile uint64_t scratch[WORK_SCRATCH] __attribute__((aligned(64)));
};

/* A workload as one convention compiled it. */
struct workload_code {
	void (*one)(struct work *w);
	const uint8_t *one_end;		/* of its copy; the way out follows */
	void (*three)(struct work *w);
	const uint8_t *copy, *copy_end;	/* the second copy of three */
	const uint8_t *three_end;	/* of its copies; the way out follows */
};

enum if_want { IF_OFF, IF_ON, IF_SAME, IF_ARG, IF_ANY };

/* What a workload is for, see workload.def. */
enum workload_kind {
	KIND_OP, KIND_ANCHOR, KIND_CHAIN, KIND_PLAIN, KIND_EMPTY, KIND_TABLE, KIND_INSTRUCTION,
	/* Of no list: a sequence of ops, and what lies between them alone (mix/row.h). */
	KIND_MIX, KIND_GAPS,
	/* Of path.def: a kernel path (path.h). */
	KIND_PATH
};

struct workload {
	const char *name, *column;
	enum workload_kind kind;
	unsigned ring;			/* least privileged that may run it */
	bool if_before;
	enum if_want seen, after;
	const char *what;
};

enum workload_id {
#define WORKLOAD(name, column, kind, ring, before, seen, after, what) \
	WORKLOAD_##name,
#include "list/workload.def"
#undef WORKLOAD
	WORKLOAD_COUNT
};

enum convention_id {
#define CONVENTION(name, sites, what) CONVENTION_##name,
#include "list/convention.def"
#undef CONVENTION
	CONVENTION_COUNT
};

/* Those of the list; those of modules that are loaded, of all together; of mixes; and paths. */
#define WORKLOADS_LOADED_MAX	10
#define WORKLOADS_MIX_MAX	480
#define WORKLOADS_PATH_MAX	24
#define WORKLOAD_MAX	(WORKLOAD_COUNT + WORKLOADS_LOADED_MAX + WORKLOADS_MIX_MAX \
			 + WORKLOADS_PATH_MAX)

/* Is it a mix, or the gaps of one? */
static inline bool kind_is_of_mix(enum workload_kind k)
{
	return k == KIND_MIX || k == KIND_GAPS;
}

/* Has it rows in the text table, as ops by themselves and instructions have not? */
static inline bool kind_has_rows(enum workload_kind k)
{
	return k == KIND_OP || k == KIND_PATH;
}

struct convention {
	const char *name, *what;
	bool sites;		/* leaves records */
};

/* Indexed by enum workload_id, enum convention_id. */
extern const struct workload workloads[WORKLOAD_COUNT];
extern const struct convention conventions[CONVENTION_COUNT];

/*
 * WORKLOAD_SOURCE(name, statements) - the whole of a workload's file.
 *
 * The statements see `w` (struct work *) and may call LOOK(value): in the body
 * that is checked it stores value in w->seen, in the timed bodies it costs
 * nothing and its value is not computed.
 */
#define WL_PASTE_(conv, name, rest)	wl_##conv##_##name##_##rest
#define WL_SYMBOL_(conv, name, rest)	WL_PASTE_(conv, name, rest)
#define WL_SYMBOL(name, rest)		WL_SYMBOL_(SITES, name, rest)
#define WL_STR_(x)			#x
#define WL_STR(x)			WL_STR_(x)
#define WL_LABEL(name, rest)	asm volatile(				\
	".globl " WL_STR(WL_SYMBOL(name, rest)) "\n"			\
	".hidden " WL_STR(WL_SYMBOL(name, rest)) "\n"			\
	WL_STR(WL_SYMBOL(name, rest)) ":")

#define LOOK(value)	do { if (checked) w->seen = (value); } while (0)

/* What an op returned: kept in the body that is checked, and used in the others, so that
 * it is there. */
#define TAKE(value) do {						\
	uint64_t got_ = (value);					\
	if (checked)							\
		w->got = got_;						\
	else if (sizeof(long) == sizeof(got_))				\
		asm volatile("" : : "r" ((unsigned long)got_));		\
	else								\
		asm volatile("" : : "r" ((uint32_t)got_),		\
			     "r" ((uint32_t)(got_ >> 32)));		\
} while (0)
#define TAKE_WORD(value) do {						\
	unsigned long got_ = (value);					\
	if (checked)							\
		w->got = got_;						\
	else								\
		asm volatile("" : : "r" (got_));			\
} while (0)

/* ONE_COPY: of the labels. */
#define WORKLOAD_SOURCE(name, ...)					\
static inline __attribute__((always_inline))				\
void WL_SYMBOL(name, body)(struct work *w, const bool checked)		\
{									\
	(void)w;							\
	(void)checked;							\
	__VA_ARGS__							\
}									\
void WL_SYMBOL(name, one)(struct work *w);				\
ONE_COPY void WL_SYMBOL(name, one)(struct work *w)			\
{									\
	WL_SYMBOL(name, body)(w, true);					\
	WL_LABEL(name, one_end);					\
}									\
void WL_SYMBOL(name, three)(struct work *w);				\
ONE_COPY void WL_SYMBOL(name, three)(struct work *w)			\
{									\
	WL_SYMBOL(name, body)(w, false);				\
	WL_LABEL(name, three_copy);					\
	WL_SYMBOL(name, body)(w, false);				\
	WL_LABEL(name, three_copy_end);					\
	WL_SYMBOL(name, body)(w, false);				\
	WL_LABEL(name, three_end);					\
}

#endif
#endif
