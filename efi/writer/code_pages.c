/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages for code of the run's own, see code_pages.h. */
#include "code_pages.h"
#include "cpu/may_fault.h"
#include "firmware/attributes.h"
#include "page_rights.h"
#include "pages.h"

/* Tries a byte of each run that was made read-only. */
static bool is_stored_to(unsigned first)
{
	for (unsigned i = first; i < page_runs.count; i++)
		if ((page_runs.run[i].kept & ~page_runs.run[i].before & ATTRIBUTE_RO)
		    && byte_store(page_runs.run[i].at))
			return true;
	return false;
}

const char *code_pages_take(void *at, size_t len)
{
	unsigned first = page_runs.count;
	const char *why = page_runs_note(at, page_whole(len), at, true);

	for (unsigned i = first; !why && i < page_runs.count; i++)
		if (!page_rights_keep_code(&page_runs.run[i]))
			why = page_runs.by_attributes
				? "the firmware refuses to make them executable"
				: "the page tables cannot make them executable";
	if (!why && !page_runs.by_attributes && is_stored_to(first))
		why = "they were mapped read-only, and a store to them is not stopped";
	if (why)
		page_rights_put_back(first);
	return why;
}

bool code_pages_forget(void *at)
{
	unsigned left = 0;
	bool all = pages_are_known();

	for (unsigned i = 0; i < page_runs.count; i++) {
		struct page_run *r = &page_runs.run[i];

		if (r->of == at && page_rights_keep(r, r->before))
			continue;
		all &= r->of != at;
		page_runs.run[left++] = *r;
	}
	page_runs.count = left;
	return all;
}
