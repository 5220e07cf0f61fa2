/* SPDX-License-Identifier: GPL-2.0-only */
/* The writer, from the start of the run to its end: see writer_open.h. */
#include "attribute_window.h"
#include "cpu/may_fault.h"
#include "firmware/attributes.h"
#include "machine/paging.h"
#include "page_rights.h"
#include "pages.h"
#include "patch/own_islands.h"
#include "patch/text.h"
#include "writer.h"
#include "writer_open.h"

/* All of the text, and the part of it that holds sites and stubs, in whole pages:
 * nothing that runs during a store is in that. */
extern uint8_t __text_start[], __text_end[], __patched_start[], __patched_end[];

static bool writer_is_open, found_writable;

static void store_byte(void *arg, ptrdiff_t shift)
{
	bool *stored = arg;

	*stored = byte_store(own_islands + shift);
}

/* Is what is stored there, and is the page as it was?  By a byte that nobody
 * executes. */
static const char *try_store(void)
{
	bool before = byte_store(own_islands), stored = false;
	uint8_t was = *own_islands, other = (uint8_t)~was;

	if (!cpu_text_writer.window(NULL, own_islands, 1, store_byte, &stored) || !stored)
		return "the text cannot be made writable";
	if (!text_copy(&cpu_text_writer, own_islands, &other, 1)
	    || !text_copy(&cpu_text_writer, own_islands, &was, 1))
		return "a store to the text is not there afterwards";
	if (byte_store(own_islands) != before)
		return "the text is not protected as it was after a store";
	return NULL;
}

static const char *map_readonly(void)
{
	size_t len = page_whole((size_t)(__text_end - __text_start));
	const char *why = NULL;

	if (!page_runs.by_attributes)
		why = pages_lend(__text_start, len, PAGING_READONLY);
	if (why)
		return why;
	return byte_store(own_islands)
		? "the text was mapped read-only, and a store to it is not stopped"
		: NULL;
}

static const char *note_own_text(void)
{
	const char *why = page_runs_note(__patched_start,
				     (size_t)(__patched_end - __patched_start),
				     __patched_start, true);

	return why ? why
		: page_runs_note(__patched_end,
				 page_whole((size_t)(__text_end - __patched_end)),
				 __patched_end, false);
}

/* By the protocol, what it has mapped loosely too: read-only for the run. */
static const char *keep_own_text(void)
{
	for (unsigned i = 0; i < page_runs.count; i++)
		if (!page_rights_keep_code(&page_runs.run[i]))
			return "it refuses to make text read-only";
	return NULL;
}

/* Read-only first: a firmware may refuse to make pages writable and executable again,
 * which are found so. */
static const char *try_attributes(void)
{
	const size_t len = (size_t)(__patched_end - __patched_start);
	const char *why = note_own_text();

	if (why)
		return why;
	why = keep_own_text();
	if (!why && !attribute_window_works(__patched_start, len))
		why = "it refuses to make text writable";
	/* writer_close() sees what stays read-only. */
	if (why)
		page_rights_put_back(0);
	return why;
}

/* The protocol where it is there and works, else CR0.WP; then too the list has to be
 * whole: pages that are not on it would be left dirty.  Return: why it is not. */
static const char *choose(struct text_written *found)
{
	const char *why = "the firmware has none", *bad = NULL;

	page_runs.by_attributes = attributes_there();
	if (page_runs.by_attributes) {
		why = try_attributes();
		page_runs.by_attributes = !why;
	}
	if (!page_runs.by_attributes) {
		page_runs.count = 0;
		bad = note_own_text();
	}
	found->by = page_runs.by_attributes ? "memory attribute protocol" : "CR0.WP";
	found->why = why ? why : "";
	return bad;
}

static const char *name_of(bool writable)
{
	return writable ? "writable" : "read-only";
}

const char *writer_open(bool readonly, struct text_written *found)
{
	const char *why;

	writer_is_open = true;
	page_rights_ask_readonly(readonly);
	found_writable = byte_store(own_islands);
	why = choose(found);
	if (!why && readonly)
		why = map_readonly();
	found->found = name_of(found_writable);
	found->mapped = name_of(byte_store(own_islands));
	return why ? why : try_store();
}

const char *writer_close(void)
{
	bool all;

	if (!writer_is_open)
		return NULL;
	writer_is_open = false;
	all = !page_runs.by_attributes || page_rights_put_back(0);
	if (!page_runs.by_attributes)
		page_runs.count = 0;		/* all of it is in the tables' loans */
	if (!pages_take_back() || !all)
		return "the attributes of pages could not be put back";
	return byte_store(own_islands) == found_writable ? NULL
		: "the text is not protected as it was found";
}
