/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room of the ops: what an op is, the table that indirect sites call through,
 * and what a backend of it is.
 *
 * A site calls an op through its slot; a backend says what is in the slots.  The
 * native one (native.h, native.c) is whole and in this room, because the table
 * begins with it; the others override some of it and have a room of their own.
 * How one is written: backend.h; how it is put in force: install.h; what stands
 * between a site and its op: stub.h; what a hypervisor would share: pv_memory.h.
 */
#ifndef PARAVIRT_H
#define PARAVIRT_H

#include <stdbool.h>
#include <stdint.h>
#include "arch.h"
#include "site/sited_op.h"
#include "paravirt/shape.h"

/* An op's number: its slot in the table and the type in a site's record. */
enum op {
#define OP(name, shape, class, ring3, contract) OP_##name,
#include "list/op.def"
#undef OP
	OP_COUNT
};

/* When an op may run, see op.def. */
enum op_class {
	OP_CLASS_timed, OP_CLASS_setup, OP_CLASS_jump, OP_CLASS_trap,
	OP_CLASS_x64 = ARCH_X64(OP_CLASS),
};

/* One slot an op, nothing else: slot i is at i * sizeof(void *). */
struct paravirt_ops {
#define OP(name, shape, class, ring3, contract) SLOT(shape, name);
#include "list/op.def"
#undef OP
};

_Static_assert(sizeof(struct paravirt_ops) == OP_COUNT * sizeof(void *),
	       "an op is a slot: assembly computes its offset from its number");
_Static_assert(sizeof(void *) == ARCH_WORD, "arch.h tells assembly the slot size");
_Static_assert(OP_COUNT <= 256, "a record's type is a byte");

/*
 * The table in force.  Indirect sites call through it; it holds the native ops
 * from the first instruction on, so no site ever calls through a null slot.
 */
extern struct paravirt_ops paravirt_ops;

/*
 * The same table once more, of what changes RAX (EAX) alone, and on ia32 EDX where
 * the op returns 64 bits: what convention callee calls.  That is the op itself where
 * it is written so, or a thunk that pushes what a C function may change, calls the
 * op, and pops it.  Where a thunk cannot be (on ia32 an op that is passed words on the
 * stack) there is none, and convention callee calls the op as ccall does.
 */
extern struct paravirt_ops paravirt_callee;

/* May ring 3 run it? */
enum ring3 {
#define RING3(name, may, what) RING3_##name,
#include "list/ring3.def"
#undef RING3
	RING3_COUNT
};
struct ring3_info {
	bool may;
	const char *what;
};
extern const struct ring3_info ring3_info[RING3_COUNT];

struct op_info {
	const char *name;
	unsigned words;		/* it returns: 0 nothing, 1 a word, 2 64 bits */
	unsigned arguments;	/* words of them on ia32: above 3 they are on the stack */
	enum op_class class;
	enum ring3 ring3;
	const char *contract;
};

/* Indexed by enum op. */
extern const struct op_info op_info[OP_COUNT];

/**
 * op_trap - an op without meaning here was called.
 * @op: which.
 *
 * The native slots of class trap call it.  It calls the handler that
 * op_trap_install() was last given; when that returns, or when none was
 * installed, it executes UD2.  It never returns to the caller of the op.
 */
void op_trap(enum op op) __attribute__((noreturn));

/**
 * op_trap_install - say what to do when an op of class trap is called.
 * @handler: is given the op; should print op_info[op].name and end the
 *           application.  NULL: only UD2.
 */
void op_trap_install(void (*handler)(enum op op));

/*
 * What stands for IF under a backend that does not use the CPU's.
 * @set:  turns it on or off, whatever the events that are pending.
 * @get:  is it on?
 * @pend: makes an event pending, or takes it back.
 */
struct virtual_if {
	void (*set)(bool on);
	bool (*get)(void);
	void (*pend)(bool pending);
};

/*
 * A set of implementations: what it overrides of the native backend's, which is
 * whole.
 * @ops, @callee: a NULL slot is the native backend's.
 * @vif: NULL: IF is the CPU's.
 */
struct backend {
	const char *name;
	struct paravirt_ops ops, callee;
	const struct virtual_if *vif;
};

/* The one that is whole; every list of backends begins with it. */
extern const struct backend native_backend;

#endif
