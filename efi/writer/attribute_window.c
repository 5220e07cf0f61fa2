/* SPDX-License-Identifier: GPL-2.0-only */
/* A store by the firmware's attributes of pages, see attribute_window.h. */
#include "attribute_window.h"
#include "cpu/cpu.h"
#include "cpu/guard.h"
#include "cpu/serialise.h"
#include "firmware/attributes.h"
#include "firmware/console.h"
#include "page_rights.h"

static uint64_t open_for_store(const struct page_run *r)
{
	return (r->kept & ~ATTRIBUTE_RO) | ATTRIBUTE_XP;
}

/* What a page is that has not been put back nobody knows: the text may not be
 * executable any more. */
static void __attribute__((noreturn)) lost(const struct page_run *r)
{
	sink_printf(console, "parapatch: the firmware does not put back the attributes "
		    "of the pages at 0x%llx; the machine is stopped\n",
		    (unsigned long long)(uintptr_t)r->at);
	for (;;)
		asm volatile("cli; hlt");
}

static void shut(unsigned n, const uint8_t *at, size_t len)
{
	while (n--) {
		const struct page_run *r = &page_runs.run[n];
		struct page_part p = page_run_part(r, at, len);

		if (p.len && !page_rights_change(p, open_for_store(r), r->kept))
			lost(r);
	}
}

/* After a refusal: did the firmware change nothing? */
static bool is_as_kept(const struct page_run *r, struct page_part p)
{
	uint64_t a;

	return attributes_get(p.at, p.len, &a) && a == r->kept;
}

/* The pages of the store alone: each costs the firmware time, by so many calls as
 * there are windows.  False: the pages are as they were. */
static bool open_pages(const uint8_t *at, size_t len)
{
	for (unsigned i = 0; i < page_runs.count; i++) {
		const struct page_run *r = &page_runs.run[i];
		struct page_part p = page_run_part(r, at, len);

		if (!p.len || page_rights_change(p, r->kept, open_for_store(r)))
			continue;
		shut(is_as_kept(r, p) ? i : i + 1, at, len);
		return false;
	}
	return true;
}

bool attribute_window_works(const uint8_t *at, size_t len)
{
	if (!open_pages(at, len))
		return false;
	shut(page_runs.count, at, len);
	return true;
}

bool attribute_window(uint8_t *at, size_t len,
		      void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	unsigned long flags = cpu_flags();

	if (!open_pages(at, len))
		return false;
	cpu_set_if(false);
	guard_open();
	store(arg, 0);
	cpu_serialise();
	guard_close();
	cpu_set_if(flags & FLAGS_IF);
	shut(page_runs.count, at, len);
	return true;
}
