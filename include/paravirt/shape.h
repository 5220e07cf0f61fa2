/* SPDX-License-Identifier: GPL-2.0-only */
/* Shapes: the return and argument types an op may have. */
#ifndef SHAPE_H
#define SHAPE_H

#include <stdint.h>
#include "arch.h"

/*
 * A shape is "return_arguments", a letter each: v nothing, i int, u unsigned
 * long (a machine word), q uint64_t, p pointer.
 *
 * SLOT(shape, name) is the slot of struct paravirt_ops for an op of that shape,
 * FN_shape(fn) declares a function that fits it (FN_patch is in sited_op.h).  Every
 * op is FASTCALL, as in Linux 2.6.20: on ia32 the first three words travel in EAX,
 * EDX and ECX, so that a form made of instructions knows where its operands are.
 */
#define FN_v_v(fn)	void FASTCALL fn(void)
#define FN_u_v(fn)	unsigned long FASTCALL fn(void)
#define FN_q_v(fn)	uint64_t FASTCALL fn(void)
#define FN_p_v(fn)	const char *FASTCALL fn(void)
#define FN_v_u(fn)	void FASTCALL fn(unsigned long a)
#define FN_u_u(fn)	unsigned long FASTCALL fn(unsigned long a)
#define FN_i_u(fn)	int FASTCALL fn(unsigned long a)
#define FN_v_p(fn)	void FASTCALL fn(void *a)
#define FN_v_uu(fn)	void FASTCALL fn(unsigned long a, unsigned long b)
#define FN_v_pu(fn)	void FASTCALL fn(void *a, unsigned long b)
#define FN_v_pp(fn)	void FASTCALL fn(void *a, void *b)
#define FN_v_pq(fn)	void FASTCALL fn(void *a, uint64_t b)
#define FN_q_up(fn)	uint64_t FASTCALL fn(unsigned long a, int *b)
#define FN_i_uq(fn)	int FASTCALL fn(unsigned long a, uint64_t b)
#define FN_v_pup(fn)	void FASTCALL fn(void *a, unsigned long b, void *c)
#define FN_v_puuu(fn)	void FASTCALL fn(void *a, unsigned long b, \
					 unsigned long c, unsigned long d)
#define FN_v_pupq(fn)	void FASTCALL fn(void *a, unsigned long b, void *c, \
					 uint64_t d)
#define FN_v_pppp(fn)	void FASTCALL fn(uint32_t *a, uint32_t *b, \
					 uint32_t *c, uint32_t *d)
#define FN_q_q(fn)	uint64_t FASTCALL fn(uint64_t a)
#define FN_q_pup(fn)	uint64_t FASTCALL fn(void *a, unsigned long b, void *c)

#define SLOT(shape, name)	FN_##shape((*name))

#endif
