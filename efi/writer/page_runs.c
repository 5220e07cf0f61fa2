/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that hold code, see page_runs.h. */
#include "firmware/attributes.h"
#include "page_runs.h"
#include "pages.h"

struct page_runs page_runs;

size_t page_whole(size_t len)
{
	return (len + PAGING_PAGE - 1) & ~(size_t)(PAGING_PAGE - 1);
}

/* By the page tables.  Where they are not as UEFI has them nothing is known, and
 * nothing will be changed. */
static uint64_t attributes_in(const struct paging *p, uint64_t at)
{
	const struct paging_page page = paging_look(p, at);

	if (!page.mapped)
		return 0;
	return (page.writable ? 0 : ATTRIBUTE_RO)
		| (page.executable ? 0 : ATTRIBUTE_XP);
}

/* Of [at, at + len): what they all are, if the firmware has one answer for them. */
static bool are_alike(const uint8_t *at, size_t len, uint64_t *a)
{
	return page_runs.by_attributes && attributes_get((uintptr_t)at, len, a);
}

static const char *put_run(uint8_t *at, size_t len, uint64_t a, const void *of,
			   bool stored_to)
{
	struct page_run *last = page_runs.count ? &page_runs.run[page_runs.count - 1] : NULL;

	if (last && last->of == of && last->before == a
	    && last->at + last->len == at) {
		last->len += len;
		return NULL;
	}
	if (page_runs.count == PAGE_RUNS)
		return "the pages' attributes change too often";
	page_runs.run[page_runs.count++] = (struct page_run){ at, len, a, a, of, stored_to };
	return NULL;
}

const char *page_runs_note(uint8_t *at, size_t len, const void *of,
			      bool stored_to)
{
	const struct paging p = pages_paging();
	const char *why = NULL;
	uint64_t a = 0;

	if (are_alike(at, len, &a))
		return put_run(at, len, a, of, stored_to);
	for (size_t k = 0; k < len && !why; k += PAGING_PAGE) {
		if (!page_runs.by_attributes)
			a = attributes_in(&p, (uintptr_t)at + k);
		else if (!attributes_get((uintptr_t)at + k, PAGING_PAGE, &a))
			return "it does not say what the pages' attributes are";
		why = put_run(at + k, PAGING_PAGE, a, of, stored_to);
	}
	return why;
}

struct page_part page_run_all(const struct page_run *r)
{
	return (struct page_part){ (uintptr_t)r->at, r->len };
}

struct page_part page_run_part(const struct page_run *r, const uint8_t *at, size_t len)
{
	const uint64_t within = PAGING_PAGE - 1;
	uint64_t begin = (uintptr_t)at & ~within;
	uint64_t end = ((uintptr_t)at + (uint64_t)len + within) & ~within;
	struct page_part p = page_run_all(r);

	if (begin < p.at)
		begin = p.at;
	if (end > p.at + p.len)
		end = p.at + p.len;
	return (struct page_part){ begin, r->stored_to && begin < end ? end - begin : 0 };
}
