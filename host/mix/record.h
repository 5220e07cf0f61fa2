/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recorder's decisions: what each instruction that the guest begins adds to which count.
 * It knows no emulator: record_step() is told of every instruction, in their order.
 *
 * What is counted
 *
 * - An instruction is counted when it is begun.  One that faults is counted, and counted
 *   again when the handler returns to it.  A REP string instruction is one, however often it
 *   repeats, and is begun again after an interrupt.  Marks are not counted.
 * - Kernel and user are told apart by address.
 * - What comes to an entry (sites.h) while nothing explains it is an event: the one before
 *   was no branch there, or is one that may go anywhere (RET, IRET).  After INT n, INT3 and
 *   SYSCALL it is a call, whatever the entry's kind.
 *   Where nothing explains it and no entry is listed, it is "unlisted", and the addresses are
 *   kept: counts are exact if there are none, as then only may an event have come in place of
 *   what a RET or IRET would have gone to.
 * - An instruction that is executed twice in a row without a branch to itself was restarted
 *   by the emulator (code that was written to), and counted once.
 * - An op is the first instruction of a site; or, in the kernel and outside of sites, an
 *   opcode that mix_opcode.def says is one.  What follows in the site's bytes is its rest, no op
 *   and in no gap.
 * - A gap is what is between two ops, of instructions that are neither ops nor a site's rest.
 *   The first follows "begin", the last comes before "end".  So
 *	instructions = ops + rest of sites + all gaps.
 */
#ifndef MIX_RECORD_H
#define MIX_RECORD_H

#include "sites.h"

/* An instruction at an address: described once, executed often. */
struct code {
	uint64_t at, next, target;
	struct insn insn;
	bool user;		/* 0 kernel, 1 user: an index */
	bool plain;		/* only to be counted */
	bool rest;		/* of a site, behind its first byte */
	int op;			/* of record_op_name(); -1: none */
	int site, entry, watch;	/* an index; -1: none */
	enum mark mark;		/* by its bytes, or by the list */
	bool listed_mark;	/* by the list: an instruction that is counted */
};

/* Groups of counters. */
enum group {
	GROUP_INSTRUCTIONS, GROUP_REPEATS, GROUP_EVENTS, GROUP_OPS, GROUP_OPCODES_KERNEL,
	GROUP_OPCODES_USER, GROUP_OPCODES_SITES, GROUP_ENTRIES, GROUP_WATCHES, GROUP_COUNT
};
enum { INSTRUCTIONS_KERNEL, INSTRUCTIONS_USER, INSTRUCTIONS_REST, INSTRUCTIONS_COUNT };
/* Those of user code follow, in the same order. */
enum { REPEATS_RUNS, REPEATS_ITERATIONS, REPEATS_BYTES, REPEATS_OF_ONE,
       REPEATS_COUNT = 2 * REPEATS_OF_ONE };
enum { EVENT_INTERRUPTS, EVENT_FAULTS, EVENT_CALLS, EVENT_UNLISTED, EVENT_RESTARTS, EVENT_COUNT };

#define GAP_BUCKETS	65

/* Of a pair of ops. */
struct gap {
	uint64_t count, sum, user_sum, longest;
	/* [0]: none between; [n]: 2^(n-1) up to 2^n - 1 */
	uint64_t bucket[GAP_BUCKETS];
};

#define UNLISTED_MAX	32

struct record {
	const struct sites *sites;
	bool active;
	unsigned region;		/* from 1; the last that has begun */
	const char *error;		/* what STEP_ERROR was for */

	uint64_t *n;			/* all counters: [first[group] + index] */
	unsigned first[GROUP_COUNT + 1];
	uint64_t *site_n;
	uint64_t *at_mark;		/* all counters, when the unit began */
	uint64_t *units;		/* those of each unit that has ended */
	size_t units_count, units_room;

	const struct code *last;
	unsigned last_op;		/* of record_op_name(), or "begin" */
	uint64_t between[2];		/* since then, kernel and user */
	struct gap **gaps;		/* [op before * record_ops() + op]; NULL: none */
	unsigned accesses;		/* of this iteration of last, that count */
	struct { uint64_t at, count; } unlisted[UNLISTED_MAX];
	unsigned unlisted_count;
};

void record_open(struct record *r, const struct sites *s);
void record_close(struct record *r);

/**
 * code_describe - describe an instruction.
 * @kernel_from: addresses from there on are the kernel's.
 */
void code_describe(struct code *c, const struct sites *s, uint64_t at, const uint8_t *bytes,
		   unsigned len, uint64_t kernel_from);

enum step { STEP_ON, STEP_ENDED, STEP_ERROR };

/**
 * record_step - an instruction begins.
 * @c: must stay where it is until the region has ended.
 *
 * Return: STEP_ENDED if a region ended before it: it is to be written, and record_step()
 * goes on from there.  STEP_ERROR: marks are in the wrong order, or counts do not add up;
 * record.error says it.
 */
enum step record_step(struct record *r, const struct code *c);

/* @c, which began last, has accessed memory. */
void record_access(struct record *r, const struct code *c, bool store, unsigned bytes);

/* How many names ops, "begin" and "end" have, and which. */
unsigned record_ops(const struct record *r);
const char *record_op_name(const struct record *r, unsigned op);

unsigned gap_bucket(uint64_t gap);

struct record_about {
	const char *name;		/* of the mix */
	const char *emulator;		/* its name and version */
	char *const *command;		/* its command line, with a NULL behind */
	uint64_t kernel_from;
};

/* The region that has ended, as JSON: docs/mixes.md describes it. */
void record_write(const struct record *r, const struct record_about *about, FILE *to);

#endif
