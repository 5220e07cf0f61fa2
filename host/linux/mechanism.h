/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel's mechanisms that rewrite its instructions, see rewrite.h: their tables, and
 * what they make of a place. */
#ifndef MECHANISM_H
#define MECHANISM_H

/* The tables.  TABLE(name, what). */
#define TABLES(TABLE)							\
	TABLE(returns, ".return_sites: jumps to the return thunk")	\
	TABLE(retpolines, ".retpoline_sites: branches to the thunk of a register") \
	TABLE(calls, "calls that call depth tracking counts: .call_sites, paravirt sites, " \
		     "alternatives") \
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
	REWRITTEN(indirect_its, "a retpoline: a branch to a thunk in the upper half of a " \
				"cache line (ITS)") \
	REWRITTEN(indirect_depth, "a retpoline: a branch to the thunks that count calls") \
	REWRITTEN(call_depth, "a CALL: of accounting code, as far before the function as " \
			      "nearly all others") \
	REWRITTEN(accounting, "NOPs before a function: the accounting code that nearly all " \
			      "others have") \
	REWRITTEN(lock_prefix, "a LOCK prefix: a DS prefix, for one CPU") \
	REWRITTEN(endbr_sealed, "an ENDBR: a NOP that no branch may lead to") \
	REWRITTEN(fentry_nop, "the tracer's call: a NOP")		\
	REWRITTEN(label_jump, "a jump label: a JMP to its target, by its key") \
	REWRITTEN(label_nop, "a jump label: a NOP, by its key")		\
	REWRITTEN(label_no_key, "a jump label: a NOP or a JMP to its target; its key is not " \
				"in the dump") \
	REWRITTEN(static_call, "a static call: of what its key points to") \
	REWRITTEN(static_none, "a static call: nothing, as its key points to nothing or to " \
			       "what returns 0") \
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

#endif
