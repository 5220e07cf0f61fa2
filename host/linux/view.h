/* SPDX-License-Identifier: GPL-2.0-only */
/* A place of a table, as the image was patched and as memory has it. */
#ifndef VIEW_H
#define VIEW_H

#include "branch.h"
#include "dump.h"
#include "records.h"
#include "spots.h"

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

/* A place, as the image was patched and as memory has it. */
struct view {
	const struct kernel *k;
	const struct dump *d;
	const struct habits *h;
	const struct spot *s;
	const uint8_t *built, *got;
};

/* Where the branch leads that is in memory, behind a prefix; and that was built. */
uint64_t leads_to(const struct view *v, unsigned skip);
uint64_t led_to(const struct view *v, unsigned skip);

/* Does memory hold at @addr what it holds at @pad, if that were moved there? */
bool same_pad(const struct kernel *k, const struct dump *d, uint64_t pad,
	      uint64_t addr, unsigned len);

/* Is there at @pad accounting code, so far before the function @to? */
bool counts_call(const struct view *v, uint64_t pad, uint64_t to);

/* A return: RET, or a JMP to a thunk of returns. */
bool is_return(const struct view *v);

#endif
