/* SPDX-License-Identifier: GPL-2.0-only */
/* One instruction that may fault, with the guard open.  Private to cpu/. */
#ifndef GUARD_TRY_H
#define GUARD_TRY_H

#include "cpu.h"
#include "guard.h"
#include "guard_entry.h"

/* The vectors that an instruction may fault by, which guard_fault then holds. */
#define VECTOR_UD	6
#define VECTOR_GP	13

/* @call: one of guard_entry.S's functions.  True: it did not fault; else guard_fault says
 * by which vector. */
#define TRY(call, ax, dx, cx) ({					\
	bool faulted_, on_ = cpu_irqs_off();				\
									\
	guard_open();							\
	asm volatile("call " call : "=@ccc" (faulted_), "+a" (ax),	\
		     "+d" (dx) : "c" (cx) : "memory");			\
	guard_close();							\
	cpu_set_if(on_);						\
	!faulted_; })

#endif
