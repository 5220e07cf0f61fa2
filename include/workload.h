/* SPDX-License-Identifier: GPL-2.0-only */
/* Workloads: the things that are timed, and how their source is unrolled. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

/* Copies of a workload in its short body; the long body has twice as many. */
#define WORKLOAD_N	24

/*
 * A workload's file is compiled once for each convention, with SITES defined as
 * the convention's name and its header in front.
 */
#ifdef __ASSEMBLER__

#define WL_PASTE(conv, name, rest)	wl_##conv##_##name##_##rest
#define WL_SYMBOL(conv, name, rest)	WL_PASTE(conv, name, rest)

/*
 * WORKLOAD_BODY(name, which, copies, insns...) - one body of a workload written
 * in assembly: a function of a struct work *, which insns may ignore.
 */
#define WORKLOAD_BODY(name, which, copies, ...)				\
	.text; .balign 16;						\
	.globl WL_SYMBOL(SITES, name, which);			\
	.globl WL_SYMBOL(SITES, name, which##_begin);		\
	.globl WL_SYMBOL(SITES, name, which##_end);		\
	.hidden WL_SYMBOL(SITES, name, which);			\
	.hidden WL_SYMBOL(SITES, name, which##_begin);		\
	.hidden WL_SYMBOL(SITES, name, which##_end);		\
	.type WL_SYMBOL(SITES, name, which), @function;		\
WL_SYMBOL(SITES, name, which):					\
WL_SYMBOL(SITES, name, which##_begin):				\
	.rept copies; __VA_ARGS__; .endr;				\
WL_SYMBOL(SITES, name, which##_end):				\
	ret;								\
	.size WL_SYMBOL(SITES, name, which), .			\
		- WL_SYMBOL(SITES, name, which)

#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a workload works on.  The flags live in memory, and every use of them
 * is a load or a store in every convention: what then differs between two modes
 * is the site and nothing else.  (What a call costs in registers that it makes
 * the compiler spill is a question for a workload of its own.)
 */
struct work {
	volatile unsigned long flags;	/* argument, and scratch */
	volatile unsigned long seen;	/* what the checked pass saw */
};

/* One body: the function, and the bytes its sites are in. */
struct workload_body {
	void (*run)(struct work *w);
	const uint8_t *begin, *end;	/* [begin, end) */
};

/* A workload as one convention compiled it. */
struct workload_code {
	struct workload_body one;	/* one copy, leaves work.seen */
	struct workload_body n;		/* WORKLOAD_N copies */
	struct workload_body n2;	/* 2 * WORKLOAD_N copies */
};

enum if_want { IF_OFF, IF_ON, IF_SAME, IF_ARG, IF_ANY };

struct workload {
	const char *name, *column, *what;
	bool if_before;
	enum if_want seen, after;
};

enum workload_id {
#define WORKLOAD(name, column, before, seen, after, what) WORKLOAD_##name,
#include "workload.def"
#undef WORKLOAD
	WORKLOAD_COUNT
};

enum convention_id {
#define CONVENTION(name, sites, what) CONVENTION_##name,
#include "convention.def"
#undef CONVENTION
	CONVENTION_COUNT
};

struct convention {
	const char *name, *what;
	bool sites;		/* leaves records */
};

/* Indexed by enum workload_id, enum convention_id. */
extern const struct workload workloads[WORKLOAD_COUNT];
extern const struct convention conventions[CONVENTION_COUNT];
extern const struct workload_code
	workload_code[CONVENTION_COUNT][WORKLOAD_COUNT];

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

#define LOOK(value)	do { if (checked) w->seen = (value); } while (0)

#define WL_8(x)		x x x x x x x x
#define WL_24(x)	WL_8(x) WL_8(x) WL_8(x)

/* noinline: one copy of the labels; no clones either. */
#define WORKLOAD_BODY(name, which, copies)				\
void WL_SYMBOL(name, which)(struct work *w);				\
__attribute__((noinline, noclone)) void WL_SYMBOL(name, which)(struct work *w) \
{									\
	asm volatile(WL_LABEL(WL_SYMBOL(name, which##_begin)));		\
	copies								\
	asm volatile(WL_LABEL(WL_SYMBOL(name, which##_end)));		\
}
#define WL_LABEL(symbol)						\
	".globl " WL_STR(symbol) "\n.hidden " WL_STR(symbol) "\n"	\
	WL_STR(symbol) ":"

#define WORKLOAD_SOURCE(name, ...)					\
static inline __attribute__((always_inline))				\
void work_body(struct work *w, const bool checked)			\
{									\
	(void)w;							\
	(void)checked;							\
	__VA_ARGS__							\
}									\
WORKLOAD_BODY(name, one, work_body(w, true);)				\
WORKLOAD_BODY(name, n, WL_24(work_body(w, false);))			\
WORKLOAD_BODY(name, n2, WL_24(work_body(w, false);) WL_24(work_body(w, false);))

_Static_assert(WORKLOAD_N == 24, "WORKLOAD_SOURCE writes 24 copies out");

#endif
#endif
