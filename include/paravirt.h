/* SPDX-License-Identifier: GPL-2.0-only */
/* The ops table: what an op is, and the table that indirect sites call through. */
#ifndef PARAVIRT_H
#define PARAVIRT_H

#include <stdbool.h>
#include <stdint.h>
#include "arch.h"
#include "patch.h"
#include "shape.h"

/* An op's number: its slot in the table and the type in a site's record. */
enum op {
#define OP(name, shape, class, ring3, contract) OP_##name,
#include "op.def"
#undef OP
	OP_COUNT
};

/* When an op may run, see op.def. */
enum op_class { OP_CLASS_timed, OP_CLASS_setup, OP_CLASS_jump, OP_CLASS_trap };

/* One slot an op, nothing else: slot i is at i * sizeof(void *). */
struct paravirt_ops {
#define OP(name, shape, class, ring3, contract) SLOT(shape, name);
#include "op.def"
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

/* May ring 3 run it? */
enum ring3 {
#define RING3(name, may, what) RING3_##name,
#include "ring3.def"
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

/* A full set of implementations. */
struct backend {
	const char *name;
	struct paravirt_ops ops;
};

enum backend_id {
#define BACKEND(name, what) BACKEND_##name,
#include "backend.def"
#undef BACKEND
	BACKEND_COUNT
};

#define BACKEND(name, what) extern const struct backend name##_backend;
#include "backend.def"
#undef BACKEND

/* Indexed by enum backend_id. */
extern const struct backend *const backends[BACKEND_COUNT];

#endif
