/* SPDX-License-Identifier: GPL-2.0-only */
/* A module is given back, see held_module.h. */
#include "firmware/memory.h"
#include "firmware/memory_map.h"
#include "held_module.h"
#include "lib/mem.h"
#include "writer/code_pages.h"
#include "writer/writer.h"

/* What is run by mistake after this traps; what is read is nothing of use.  False: not
 * all of it could be stored. */
static bool poison(uint8_t *at, size_t bytes, bool code)
{
	static uint8_t traps[MODULE_PAGE];
	bool stored = true;

	memset(traps, 0xcc, sizeof(traps));
	for (; bytes; bytes -= sizeof(traps), at += sizeof(traps))
		if (code)
			stored = text_copy(&cpu_text_writer, at, traps, sizeof(traps))
				&& stored;
		else
			memcpy(at, traps, sizeof(traps));
	return stored;
}

/* All of its pages, but for a text that never could be executed: nothing was stored
 * there. */
static bool poison_pages(struct held_module *h)
{
	bool stored = true;

	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		if (h->mem.part[p].bytes && (p != MODULE_text || h->executable))
			stored = poison(h->mem.part[p].bytes, h->bytes[p],
					p == MODULE_text) && stored;
	return stored;
}

/* Frees the pages.  Return: does the firmware have them back? */
static bool put_pages(struct held_module *h)
{
	struct memory_count before, after;
	size_t code = h->bytes[MODULE_text], data = h->bytes[MODULE_rodata]
		+ h->bytes[MODULE_data];
	bool back;

	if (!code_pages_forget(h->mem.part[MODULE_text].bytes))
		h->mem.part[MODULE_text].bytes = NULL;	/* it stays, and is missed */
	back = memory_count(&before);
	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		pages_put(h->mem.part[p].bytes, h->bytes[p]);
	back = memory_count(&after) && back
		&& after.loader_code + code == before.loader_code
		&& after.loader_data + data == before.loader_data;
	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		back = back && memory_is_free(h->mem.part[p].addr, h->bytes[p]);
	return back;
}

const char *module_drop(struct held_module *h)
{
	struct alternatives_error e;
	const char *why = NULL;

	if (h->alternatives.site
	    && !alternatives_restore(&h->alternatives, &cpu_text_writer, &e))
		why = "its alternatives could not be put back";
	if (!poison_pages(h) && !why)
		why = "its text could not be poisoned";
	if (!put_pages(h))
		why = "the firmware does not have its memory back";
	pool_put(h->room);
	pool_put(h->entries);
	pool_put(h->alt_room);
	memset(h, 0, sizeof(*h));
	return why;
}
