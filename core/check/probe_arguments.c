/* SPDX-License-Identifier: GPL-2.0-only */
/* An op's arguments, see probe_arguments.h. */
#include "check/probe_arguments.h"

/* Argument types of the ops: "puu". */
static const char *const shapes[OP_COUNT] = {
#define OP(name, shape, class, ring3, contract) #shape,
#include "list/op.def"
#undef OP
};

static const char *given(enum op op)
{
	const char *at = shapes[op];

	while (*at && *at != '_')
		at++;
	return *at && at[1] != 'v' ? at + 1 : "";
}

/* By their numbers in instructions: RDI, RSI, RDX, RCX, R8; EAX, EDX, ECX. */
static const struct {
	uint8_t count, number[5];
} registers[ISA_COUNT] = {
	[ISA_IA32] = { 3, { 0, 2, 1 } },
	[ISA_X86_64] = { 5, { 7, 6, 2, 1, 8 } },
};

/* Word @k. */
static void put(enum isa isa, struct clobber_frame *f, unsigned k, unsigned long word)
{
	if (k < registers[isa].count)
		f->in.r[registers[isa].number[k]] = word;
	else if (k - registers[isa].count < CLOBBER_STACK_WORDS)
		f->stack[k - registers[isa].count] = word;
}

void probe_arguments(enum isa isa, enum op op, const struct work *w,
		     struct clobber_frame *f)
{
	unsigned word = 0, words = 0, quads = 0;

	if (op == OP_restore_fl) {
		put(isa, f, 0, w->flags);
		return;
	}
	/* CPUID's leaf and subleaf are where the answer comes. */
	for (unsigned i = 0; op == OP_cpuid && i < 4; i += 2)
		*(volatile uint32_t *)w->arg[i] = 0;
	for (const char *type = given(op); *type; type++) {
		uint64_t q;

		if (*type != 'q') {
			put(isa, f, word++, w->arg[words++]);
			continue;
		}
		q = w->arg_q[quads++];
		put(isa, f, word++, isa == ISA_IA32 ? (uint32_t)q : (unsigned long)q);
		if (isa == ISA_IA32)
			put(isa, f, word++, (uint32_t)(q >> 32));
	}
}
