/* SPDX-License-Identifier: GPL-2.0-only */
/* The writer, see writer.h. */
#include "cpu/cpu.h"
#include "firmware/console.h"
#include "firmware/attributes.h"
#include "cpu/guard.h"
#include "cpu/may_fault.h"
#include "patch/own_text.h"
#include "pages.h"
#include "cpu/serialise.h"
#include "window.h"
#include "writer.h"

/* All of the text, and the part of it that holds sites and stubs, in whole pages:
 * nothing that runs during a store is in that. */
extern uint8_t __text_start[], __text_end[], __patched_start[], __patched_end[];

/* The application's own text, then code elsewhere. */
#define RUNS	32

/* Pages of one kind that follow each other. */
static struct run {
	uint8_t *at;
	size_t len;
	uint64_t found, kept;		/* attributes; those outside of a store */
	const void *of;			/* the first page of them all */
	bool stored_to;
} runs[RUNS];
static unsigned run_count;

static bool by_attributes, is_open, found_writable;
static bool all_readonly;		/* asked for, for the run */

/* Somebody else has changed page tables: what the pages are nobody knows. */
static bool tables_stay;

static size_t whole_pages(size_t len)
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
	return by_attributes && attributes_get((uintptr_t)at, len, a);
}

static const char *put_run(uint8_t *at, size_t len, uint64_t a, const void *of,
			   bool stored_to)
{
	struct run *last = run_count ? &runs[run_count - 1] : NULL;

	if (last && last->of == of && last->found == a
	    && last->at + last->len == at) {
		last->len += len;
		return NULL;
	}
	if (run_count == RUNS)
		return "the pages' attributes change too often";
	runs[run_count++] = (struct run){ at, len, a, a, of, stored_to };
	return NULL;
}

/* Puts [at, at + len) on the list, by what the firmware or the tables say of each
 * page. */
static const char *note_pages(uint8_t *at, size_t len, const void *of,
			      bool stored_to)
{
	const struct paging p = pages_paging();
	const char *why = NULL;
	uint64_t a = 0;

	if (are_alike(at, len, &a))
		return put_run(at, len, a, of, stored_to);
	for (size_t k = 0; k < len && !why; k += PAGING_PAGE) {
		if (!by_attributes)
			a = attributes_in(&p, (uintptr_t)at + k);
		else if (!attributes_get((uintptr_t)at + k, PAGING_PAGE, &a))
			return "it does not say what the pages' attributes are";
		why = put_run(at + k, PAGING_PAGE, a, of, stored_to);
	}
	return why;
}

/* Whole pages of one run. */
struct part {
	uint64_t at, len;
};

static struct part all_of(const struct run *r)
{
	return (struct part){ (uintptr_t)r->at, r->len };
}

/* Those that [at, at + len) is on; none if it is not to be stored to. */
static struct part part_of(const struct run *r, const uint8_t *at, size_t len)
{
	const uint64_t within = PAGING_PAGE - 1;
	uint64_t begin = (uintptr_t)at & ~within;
	uint64_t end = ((uintptr_t)at + (uint64_t)len + within) & ~within;
	struct part p = all_of(r);

	if (begin < p.at)
		begin = p.at;
	if (end > p.at + p.len)
		end = p.at + p.len;
	return (struct part){ begin, r->stored_to && begin < end ? end - begin : 0 };
}

/* From one set of attributes to another: never writable and executable at once,
 * unless one of the two is. */
static bool change(struct part p, uint64_t from, uint64_t to)
{
	const uint64_t both = ATTRIBUTE_RO | ATTRIBUTE_XP;

	return attributes_set(p.at, p.len, to & ~from & both)
		&& attributes_clear(p.at, p.len, from & ~to & both);
}

static uint64_t open_for_store(const struct run *r)
{
	return (r->kept & ~ATTRIBUTE_RO) | ATTRIBUTE_XP;
}

/* What a page is that has not been put back nobody knows: the text may not be
 * executable any more. */
static void __attribute__((noreturn)) lost(const struct run *r)
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
		const struct run *r = &runs[n];
		struct part p = part_of(r, at, len);

		if (p.len && !change(p, open_for_store(r), r->kept))
			lost(r);
	}
}

/* After a refusal: did the firmware change nothing? */
static bool is_as_kept(const struct run *r, struct part p)
{
	uint64_t a;

	return attributes_get(p.at, p.len, &a) && a == r->kept;
}

/* The pages of the store alone: each costs the firmware time, by so many calls as
 * there are windows.  False: the pages are as they were. */
static bool open_pages(const uint8_t *at, size_t len)
{
	for (unsigned i = 0; i < run_count; i++) {
		const struct run *r = &runs[i];
		struct part p = part_of(r, at, len);

		if (!p.len || change(p, r->kept, open_for_store(r)))
			continue;
		shut(is_as_kept(r, p) ? i : i + 1, at, len);
		return false;
	}
	return true;
}

static bool attributes_window(uint8_t *at, size_t len,
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
	shut(run_count, at, len);
	return true;
}

static bool writer_window(void *ctx, uint8_t *at, size_t len,
			  void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx;
	if (by_attributes && !attributes_window(at, len, store, arg))
		return false;
	if (!by_attributes)
		window_open_for(store, arg);
	for (unsigned i = 0; i < run_count; i++) {
		struct part p = part_of(&runs[i], at, len);

		if (p.len)
			pages_clean((void *)(uintptr_t)p.at, p.len);
	}
	return true;
}

const struct text_writer cpu_text_writer = { writer_window, NULL };

static bool live_window(void *ctx, uint8_t *at, size_t len,
			void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	window_open_for(store, arg);
	return true;
}

void live_writer_done(void)
{
	pages_clean(__text_start, (size_t)(__text_end - __text_start));
}

const struct text_writer live_text_writer = { live_window, NULL };

/* By the guard: where the window opens nothing, that is no fault of the firmware's
 * to handle. */
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

	if (!writer_window(NULL, own_islands, 1, store_byte, &stored) || !stored)
		return "the text cannot be made writable";
	if (!text_copy(&cpu_text_writer, own_islands, &other, 1)
	    || !text_copy(&cpu_text_writer, own_islands, &was, 1))
		return "a store to the text is not there afterwards";
	if (byte_store(own_islands) != before)
		return "the text is not protected as it was after a store";
	return NULL;
}

/* Attributes as pages are to keep them, by whatever can give them. */
static bool keep(struct run *r, uint64_t attributes)
{
	const unsigned want =
		(attributes & ATTRIBUTE_RO ? PAGING_READONLY : PAGING_WRITABLE)
		| (attributes & ATTRIBUTE_XP ? PAGING_NO_EXECUTE : PAGING_EXECUTABLE);

	if (r->kept != attributes
	    && (by_attributes ? !change(all_of(r), r->kept, attributes)
		: !!pages_lend(r->at, r->len, want)))
		return false;
	r->kept = attributes;
	return true;
}

/* From the runs beginning with @first on.  What cannot be put back stays on the
 * list: it is not to be given back to the firmware. */
static bool put_back(unsigned first)
{
	unsigned left = first;

	for (unsigned i = first; i < run_count; i++)
		if (!keep(&runs[i], runs[i].found))
			runs[left++] = runs[i];
	run_count = left;
	return left == first;
}

/* Where the firmware cannot be asked, what is executable stays as it is: other rights
 * would be small pages where large ones are, which the default run is not to change.
 * But where text is to be read-only all code is. */
static uint64_t for_code(uint64_t found)
{
	if (!by_attributes && !(found & ATTRIBUTE_XP)
	    && !all_readonly)
		return found;
	return (found | ATTRIBUTE_RO) & ~ATTRIBUTE_XP;
}

static const char *map_readonly(void)
{
	size_t len = whole_pages((size_t)(__text_end - __text_start));
	const char *why = NULL;

	if (!by_attributes)
		why = pages_lend(__text_start, len, PAGING_READONLY);
	if (why)
		return why;
	return byte_store(own_islands)
		? "the text was mapped read-only, and a store to it is not stopped"
		: NULL;
}

static const char *note_own_text(void)
{
	const char *why = note_pages(__patched_start,
				     (size_t)(__patched_end - __patched_start),
				     __patched_start, true);

	return why ? why : note_pages(__patched_end,
				      whole_pages((size_t)(__text_end - __patched_end)),
				      __patched_end, false);
}

/* By the protocol, what it has mapped loosely too: read-only for the run. */
static const char *keep_own_text(void)
{
	for (unsigned i = 0; i < run_count; i++)
		if (!keep(&runs[i], for_code(runs[i].found)))
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
	if (!why && !open_pages(__patched_start, len))
		why = "it refuses to make text writable";
	else if (!why)
		shut(run_count, __patched_start, len);
	if (why)
		put_back(0);		/* writer_close() sees what stays read-only */
	return why;
}

/* The protocol where it is there and works, else CR0.WP; then too the list has to be
 * whole: pages that are not on it would be left dirty.  Return: why it is not. */
static const char *choose(struct text_written *found)
{
	const char *why = "the firmware has none", *bad = NULL;

	by_attributes = attributes_there();
	if (by_attributes) {
		why = try_attributes();
		by_attributes = !why;
	}
	if (!by_attributes) {
		run_count = 0;
		bad = note_own_text();
	}
	found->by = by_attributes ? "memory attribute protocol" : "CR0.WP";
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

	is_open = true;
	all_readonly = readonly;
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

	if (!is_open)
		return NULL;
	is_open = false;
	all = !by_attributes || put_back(0);
	if (!by_attributes)
		run_count = 0;		/* all of it is in the tables' loans */
	tables_stay = !pages_take_back();
	if (!all || tables_stay)
		return "the attributes of pages could not be put back";
	return byte_store(own_islands) == found_writable ? NULL
		: "the text is not protected as it was found";
}

/* Tries a byte of each run that was made read-only. */
static bool is_stored_to(unsigned first)
{
	for (unsigned i = first; i < run_count; i++)
		if ((runs[i].kept & ~runs[i].found & ATTRIBUTE_RO)
		    && byte_store(runs[i].at))
			return true;
	return false;
}

const char *writer_code(void *at, size_t len)
{
	unsigned first = run_count;
	const char *why = note_pages(at, whole_pages(len), at, true);

	for (unsigned i = first; !why && i < run_count; i++)
		if (!keep(&runs[i], for_code(runs[i].found)))
			why = by_attributes
				? "the firmware refuses to make them executable"
				: "the page tables cannot make them executable";
	if (!why && !by_attributes && is_stored_to(first))
		why = "they were mapped read-only, and a store to them is not stopped";
	if (why)
		put_back(first);
	return why;
}

bool writer_forget(void *at)
{
	unsigned left = 0;
	bool all = !tables_stay;

	for (unsigned i = 0; i < run_count; i++) {
		if (runs[i].of == at && keep(&runs[i], runs[i].found))
			continue;
		all &= runs[i].of != at;
		runs[left++] = runs[i];
	}
	run_count = left;
	return all;
}
