/* SPDX-License-Identifier: GPL-2.0-only */
/* Layouts: what lies between the copies of a body. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>
#include "patch/nop.h"
#include "site/sited_op.h"

/* Bytes of a cache line, as layouts mean it, on every CPU. */
#define LINE_BYTES	64

enum layout_id {
#define LAYOUT(name, filled, what) LAYOUT_##name,
#include "list/layout.def"
#undef LAYOUT
	LAYOUT_COUNT
};

/* What a filler goes with. */
struct fill {
	enum isa isa;
	const struct nop_table *nops;
	unsigned copy;		/* bytes of the copy before it */
	unsigned longest;	/* of the copies of all bodies of the group */
};

/* Most bytes a filler has.  Copies of COPY_MAX bytes and less have fillers that fit,
 * whatever the layout and the NOPs. */
#define FILL_MAX	1024
#define COPY_MAX	768

struct layout {
	const char *name, *what;
	bool filled;
	/*
	 * Writes the filler to @to, room for FILL_MAX bytes; bytes written.  More
	 * than FILL_MAX: it would be so long, and nothing was written.  The filler
	 * changes no register and no flag, and all fillers of a group have the same
	 * number of instructions.
	 */
	unsigned (*fill)(const struct fill *f, uint8_t *to);
};

/**
 * fill_leas - instructions that change no register and no flag, LEA_MAX bytes each at most.
 * @n: so many, in eight chains (ia32: six).
 *
 * Return: bytes written.
 */
unsigned fill_leas(enum isa isa, unsigned n, uint8_t *to);
#define LEA_MAX		4

/* The same in one chain, of RBX (EBX), which a call keeps: one that goes on through calls. */
unsigned fill_chain(enum isa isa, unsigned n, uint8_t *to);

/* Indexed by enum layout_id. */
extern const struct layout layouts[LAYOUT_COUNT];

#endif
