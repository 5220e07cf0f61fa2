/* SPDX-License-Identifier: GPL-2.0-only */
/* The loops' sites as a text, see torture_text.h. */
#include "firmware/memory.h"
#include "lib/mem.h"
#include "patch/own_text.h"
#include "torture_loop.h"
#include "torture_text.h"

/* Of the linker script, and of torture_islands.S. */
extern const struct site __start_torture_sites[], __stop_torture_sites[];
extern uint8_t torture_islands[];
extern const uint8_t __text_start[], __text_end[];

static const struct loop {
	const uint8_t *begin, *end;
} loops[] = {
#define LOOP(conv) { torture_begin_##conv, torture_end_##conv },
	TORTURE_CONVENTIONS(LOOP)
#undef LOOP
};
#define LOOPS	(sizeof(loops) / sizeof(loops[0]))
_Static_assert(LOOPS == TORTURE_PASSES, "assembly makes room for so many");

static struct text_where where(void)
{
	struct text_where w = own_text((uint8_t *)__text_start,
				      (uintptr_t)__text_end - (uintptr_t)__text_start);

	w.sites = __start_torture_sites;
	w.sites_addr = (uintptr_t)__start_torture_sites;
	w.count = (size_t)(__stop_torture_sites - __start_torture_sites);
	w.islands = (uintptr_t)torture_islands;
	w.island_bytes = torture_islands;
	return w;
}

/* From the first loop to the last: what is between them is code as well. */
static struct loop whole(void)
{
	struct loop all = loops[0];

	for (unsigned i = 1; i < LOOPS; i++) {
		if (loops[i].begin < all.begin)
			all.begin = loops[i].begin;
		if (loops[i].end > all.end)
			all.end = loops[i].end;
	}
	return all;
}

static size_t whole_len(void)
{
	return (size_t)(whole().end - whole().begin);
}

static bool in_loop(uintptr_t ip)
{
	for (unsigned i = 0; i < LOOPS; i++)
		if (ip >= (uintptr_t)loops[i].begin && ip < (uintptr_t)loops[i].end)
			return true;
	return false;
}

static const struct text_where *quiet_where;

bool torture_is_quiet(uintptr_t ip)
{
	const struct text_where *w = quiet_where;

	if (!in_loop(ip))
		return false;
	for (size_t i = 0; i < w->count; i++) {
		uintptr_t begin = (uintptr_t)text_site_addr(w, i);

		if (ip > begin && ip < begin + w->sites[i].len)
			return false;
	}
	return true;
}

static bool sites_are_in_loops(const struct text_where *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (!in_loop((uintptr_t)text_site_addr(w, i)))
			return false;
	return w->count == TORTURE_SITES;
}

static const char *open_text(struct torture_text *t, const struct text_where *w)
{
	struct text_error e;

	t->room = pool_get(text_room(w));
	t->built = pool_get(whole_len());
	t->wanted = pool_get(whole_len());
	if (!t->room || !t->built || !t->wanted)
		return "no memory for the loops' bytes";
	if (!text_open(&t->text, w, t->room, text_room(w), &e))
		return e.why;
	memcpy(t->built, whole().begin, whole_len());
	memcpy(t->wanted, whole().begin, whole_len());
	quiet_where = &t->text.where;
	return NULL;
}

const char *torture_text_open(struct torture_text *t)
{
	const struct text_where w = where();
	const char *why;

	*t = (struct torture_text){ .room = NULL };
	why = sites_are_in_loops(&w) ? open_text(t, &w)
		: "the loops' records are not of the loops";
	if (why)
		torture_text_close(t);
	return why;
}

void torture_text_close(struct torture_text *t)
{
	pool_put(t->room);
	pool_put(t->built);
	pool_put(t->wanted);
}

void torture_text_want(struct torture_text *t, const struct text_staged *s)
{
	const struct text_where *w = &t->text.where;

	for (size_t i = 0; i < w->count; i++) {
		uint64_t addr = text_site_addr(w, i);

		if (addr >= s->span.begin && addr < s->span.end)
			text_staged_site(s, i, t->wanted
					 + (addr - (uintptr_t)whole().begin));
	}
}

bool torture_text_is_right(const struct torture_text *t)
{
	return !memcmp(t->wanted, whole().begin, whole_len());
}

bool torture_text_is_built(const struct torture_text *t)
{
	return !memcmp(t->built, whole().begin, whole_len());
}
