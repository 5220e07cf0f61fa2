/* SPDX-License-Identifier: GPL-2.0-only */
/* Other rights for runs of pages, see page_rights.h. */
#include "firmware/attributes.h"
#include "machine/paging.h"
#include "page_rights.h"
#include "pages.h"

static bool all_readonly;

void page_rights_ask_readonly(bool asked)
{
	all_readonly = asked;
}

bool page_rights_change(struct page_part p, uint64_t from, uint64_t to)
{
	const uint64_t both = ATTRIBUTE_RO | ATTRIBUTE_XP;

	return attributes_set(p.at, p.len, to & ~from & both)
		&& attributes_clear(p.at, p.len, from & ~to & both);
}

bool page_rights_keep(struct page_run *r, uint64_t attributes)
{
	const unsigned want =
		(attributes & ATTRIBUTE_RO ? PAGING_READONLY : PAGING_WRITABLE)
		| (attributes & ATTRIBUTE_XP ? PAGING_NO_EXECUTE : PAGING_EXECUTABLE);

	if (r->kept != attributes
	    && (page_runs.by_attributes
		? !page_rights_change(page_run_all(r), r->kept, attributes)
		: !!pages_lend(r->at, r->len, want)))
		return false;
	r->kept = attributes;
	return true;
}

bool page_rights_put_back(unsigned first)
{
	unsigned left = first;

	for (unsigned i = first; i < page_runs.count; i++)
		if (!page_rights_keep(&page_runs.run[i], page_runs.run[i].before))
			page_runs.run[left++] = page_runs.run[i];
	page_runs.count = left;
	return left == first;
}

/* Where the firmware cannot be asked, what is executable stays as it is: other rights
 * would be small pages where large ones are, which the default run is not to change.
 * But where text is to be read-only all code is. */
static uint64_t for_code(uint64_t before)
{
	if (!page_runs.by_attributes && !(before & ATTRIBUTE_XP) && !all_readonly)
		return before;
	return (before | ATTRIBUTE_RO) & ~ATTRIBUTE_XP;
}

bool page_rights_keep_code(struct page_run *r)
{
	return page_rights_keep(r, for_code(r->before));
}
