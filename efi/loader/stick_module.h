/* SPDX-License-Identifier: GPL-2.0-only */
/* One module of the stick: from its file to workloads, and back to free pages. */
#ifndef MODULE_HELD_H
#define MODULE_HELD_H

#include "alternative/alternatives.h"
#include "arch.h"
#include "module/module.h"
#include "run/run.h"

/* Where modules are on the stick. */
#define MODULE_FOLDER	"\\modules\\" ARCH_NAME

/* What a loaded module has. */
struct held_module {
	struct module_memory mem;
	size_t bytes[MODULE_PART_COUNT];
	bool executable;		/* its text's pages */
	struct text text;
	struct alternatives alternatives;	/* .site NULL: it has none */
	struct alternative *entries;
	void *room, *alt_room;		/* of both */
};

/**
 * module_bring - load one, with its sites open and its workloads added.
 * @row: its name is set; the rest is filled, row->why where it is refused.
 * @h:   zero; what it has.
 * @cpu: whose features its alternatives ask for.
 *
 * Return: false: it has nothing then; row->why says so where it could not be given
 * back.
 */
bool module_bring(struct run_module *row, struct held_module *h,
		  const struct text_where *own, const struct nop_table *nops,
		  struct features cpu);

/**
 * module_drop - put its alternatives back, poison its pages and free them.
 * @h: its sites are as they were built.
 *
 * Return: NULL, or what of it failed.  The firmware has the memory back if its memory
 * map shows all pages free, and its counts of what they were lower by as many.
 */
const char *module_drop(struct held_module *h);

#endif
