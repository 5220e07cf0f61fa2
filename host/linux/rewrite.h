/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel's other mechanisms make of its instructions: return thunks, retpolines,
 * call depth tracking, sealed ENDBRs, LOCK prefixes, ftrace, jump labels, static calls,
 * constants of run time.
 *
 * Each has a table in the image of the places it rewrites.  Some are sections; others
 * are found by what only their records are.  A place is explained only if it is in a
 * table and memory holds there what that mechanism makes of it: exactly so where the
 * image and the memory say (a static call calls what its key points to), and as nearly
 * all other places of its kind where only the kernel that ran knew (which thunk).
 */
#ifndef REWRITE_H
#define REWRITE_H

#include "apply.h"
#include "dump.h"

/* The tables.  TABLE(name, what). */
#define TABLES(TABLE)							\
	TABLE(returns, ".return_sites: jumps to the return thunk")	\
	TABLE(retpolines, ".retpoline_sites: branches to the thunk of a register") \
	TABLE(calls, "calls that call depth tracking counts: .call_sites, paravirt sites, alternatives") \
	TABLE(accounting, "NOPs before the functions called there")	\
	TABLE(locks, ".smp_locks: LOCK prefixes")			\
	TABLE(endbrs, ".ibt_endbr_seal: ENDBRs of functions that nothing points to") \
	TABLE(fentries, "calls of the tracer where functions begin (__mcount_loc)") \
	TABLE(labels, "jump labels (__jump_table)")			\
	TABLE(static_calls, "static calls (.static_call_sites)")	\
	TABLE(trampolines, "trampolines of static calls")		\
	TABLE(constants, "runtime_*: immediate operands known at boot")

enum table {
#define TABLE(name, what) TABLE_##name,
	TABLES(TABLE)
#undef TABLE
	TABLE_COUNT
};

/* What was made of a place.  REWRITTEN(name, what). */
#define REWRITES(REWRITTEN)						\
	REWRITTEN(return_thunk, "a return: JMP to the thunk that nearly all others jump to") \
	REWRITTEN(return_plain, "a return: RET, as nearly all others")	\
	REWRITTEN(indirect, "a retpoline: the indirect branch itself")	\
	REWRITTEN(indirect_lfence, "a retpoline: LFENCE and the indirect branch") \
	REWRITTEN(indirect_its, "a retpoline: a branch to a thunk in the upper half of a cache line (ITS)") \
	REWRITTEN(indirect_depth, "a retpoline: a branch to the thunks that count calls") \
	REWRITTEN(call_depth, "a CALL: of accounting code, as far before the function as nearly all others") \
	REWRITTEN(accounting, "NOPs before a function: the accounting code that nearly all others have") \
	REWRITTEN(lock_prefix, "a LOCK prefix: a DS prefix, for one CPU") \
	REWRITTEN(endbr_sealed, "an ENDBR: a NOP that no branch may lead to") \
	REWRITTEN(fentry_nop, "the tracer's call: a NOP")		\
	REWRITTEN(label_jump, "a jump label: a JMP to its target, by its key") \
	REWRITTEN(label_nop, "a jump label: a NOP, by its key")		\
	REWRITTEN(label_no_key, "a jump label: a NOP or a JMP to its target; its key is not in the dump") \
	REWRITTEN(static_call, "a static call: of what its key points to") \
	REWRITTEN(static_none, "a static call: nothing, as its key points to nothing or to what returns 0") \
	REWRITTEN(static_warning, "a static call: UD1, as its key points to what begins with it") \
	REWRITTEN(trampoline, "a static call's trampoline: to what its key points to") \
	REWRITTEN(constant, "an immediate operand: the value that all of its section have")

enum rewrite {
#define REWRITTEN(name, what) REWRITE_##name,
	REWRITES(REWRITTEN)
#undef REWRITTEN
	REWRITE_COUNT,
	REWRITE_NOT = REWRITE_COUNT	/* not by these rules */
};

extern const char *const rewrite_names[REWRITE_COUNT], *const rewrite_what[REWRITE_COUNT];
extern const char *const table_names[TABLE_COUNT], *const table_what[TABLE_COUNT];

/* A trampoline's key that no table names. */
#define KEY_UNKNOWN	UINT64_MAX

/* One place of a table. */
struct spot {
	uint64_t addr;
	uint64_t arg;		/* jump label: target; static calls: key; constant: section */
	uint64_t key;		/* jump label; of a section's record its number */
	uint8_t len;
	uint8_t table;
	bool flag;		/* jump label: is it a jump while the key is off? */
	uint8_t done;		/* enum rewrite */
};

struct spots {
	struct spot *spot;	/* by address once all are listed */
	size_t count, room;
	bool full;		/* no memory */
};

void spots_add(struct spots *s, struct spot spot);

/* All tables of an image, but the accounting code's: that follows from memory. */
void spots_list(const struct kernel *k, struct spots *s);

/* Where JMP or CALL rel32 at @addr leads. */
uint64_t branch_target(const struct image *im, uint64_t addr, const uint8_t *p);

/* Is there the mark of a static call's trampoline behind the branch at @addr? */
bool is_trampoline(const struct image *im, uint64_t addr);

/* NOPs of 2 and 5 bytes, one instruction, that kernels put where instructions may be
 * running. */
bool is_atomic_nop(const uint8_t *p, unsigned len);

/* What only memory knows, of nearly all places of a kind; 0: nothing. */
struct habits {
	struct {
		bool plain;	/* RET */
		uint64_t thunk;
	} returns[2];		/* of places in the lower, the upper half of a line */
	enum rewrite branches[2];	/* what retpolines of either half were made */
	uint64_t retpoline[2];	/* from a register's thunk to another: CALL, JMP */
	unsigned moved;		/* bytes that calls lead before functions */
	uint64_t pad;		/* where the accounting code is that others have */
};

void habits_learn(const struct kernel *k, const struct dump *d,
		  const struct spots *s, struct habits *h);

/* RET, and INT3s for the rest of a JMP; NOPs only. */
bool is_ret(const uint8_t *p);
bool all_nops(const struct kernel *k, const uint8_t *p, unsigned len);

/* Does memory hold at @addr what it holds at @pad, if that were moved there? */
bool same_pad(const struct kernel *k, const struct dump *d, uint64_t pad,
	      uint64_t addr, unsigned len);

/* A place, as the image was patched and as memory has it. */
struct view {
	const struct kernel *k;
	const struct dump *d;
	const struct habits *h;
	const struct spot *s;
	const uint8_t *built, *got;
};

/* The half of a cache line that a retpoline's indirect branch would end in. */
unsigned branch_half(const struct view *v);

/* What a retpoline was made, by its bytes alone. */
enum rewrite retpoline_form(const struct view *v);

/* What the table's mechanism made of it; REWRITE_NOT: nothing that it makes. */
enum rewrite explain(const struct view *v);

/* A difference that is left. */
struct rest {
	uint64_t addr;
	const char *table;	/* of which that is a place; NULL: of none */
};
#define RESTS	8		/* how many of them are kept */

struct rewriting {
	uint8_t *want;		/* the image's bytes, with what was explained */
	struct spots spots;
	struct habits habits;
	size_t listed[TABLE_COUNT];	/* places in the tables */
	size_t changed[TABLE_COUNT];	/* of them those that were explained */
	size_t left[TABLE_COUNT];	/* and those that nothing explains */
	size_t places[REWRITE_COUNT];	/* by what was made of them */
	size_t at_sites[REWRITE_COUNT];	/* of them at paravirt sites and alternatives */
	size_t text_bytes;		/* of instructions, that were compared */
	size_t rest_count;		/* differences elsewhere that nothing explains */
	struct rest rest[RESTS];
};

/**
 * rewriting_find - attribute the memory's differences from the patched image.
 * @built: the image's bytes before it was patched.
 * @rw:    filled; rewriting_free() gives it back.
 *
 * Return: false: no memory.
 */
bool rewriting_find(const struct kernel *k, const struct dump *d,
		    const uint8_t *built, struct rewriting *rw);

/* Counts what is left: differences in sections of instructions that are at no
 * site of @k's and that nothing explains. */
void rewriting_rest(const struct kernel *k, const struct applied *a,
		    const struct dump *d, struct rewriting *rw);
void rewriting_free(struct rewriting *rw);

#endif
