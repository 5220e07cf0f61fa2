/* SPDX-License-Identifier: GPL-2.0-only */
/* What a loaded module has, and how it is given back. */
#ifndef HELD_MODULE_H
#define HELD_MODULE_H

#include <stdbool.h>
#include "alternative/alternatives.h"
#include "module/module.h"
#include "patch/text.h"

/**
 * struct held_module - what a loaded module has.
 * @mem, @bytes: its parts, each on pages of its own, and how long each is.
 * @executable: its text's pages may be executed, and only the writer stores there.
 * @text:    its sites.
 * @alternatives: .site is NULL where it has none.
 * @room, @alt_room: memory of both; @entries: of the alternatives' records.
 */
struct held_module {
	struct module_memory mem;
	size_t bytes[MODULE_PART_COUNT];
	bool executable;
	struct text text;
	struct alternatives alternatives;
	struct alternative *entries;
	void *room, *alt_room;
};

/**
 * module_drop - put its alternatives back, poison its pages and free them.
 * @h: its sites are as they were built.
 *
 * Return: NULL, or what of it failed.  The firmware has the memory back if its memory
 * map shows all pages free, and its counts of what they were lower by as many.
 */
const char *module_drop(struct held_module *h);

#endif
