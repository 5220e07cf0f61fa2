/* SPDX-License-Identifier: GPL-2.0-only */
/* Attributing the differences of a booted kernel's instructions, see rewrite.h. */
#include <stdlib.h>
#include <string.h>
#include "by_address.h"
#include "explain.h"
#include "habits.h"
#include "paras.h"
#include "rewrite.h"
#include "tables.h"

static void add_pad(const struct kernel *k, const struct habits *h, uint64_t pad,
		    struct spots *s)
{
	if (image_bytes(k->im, pad, h->moved))
		spots_add(s, (struct spot){ .addr = pad, .table = TABLE_accounting,
					    .len = (uint8_t)h->moved });
}

/* The code before every function that a counted call or a static call's trampoline was
 * of, and that such a call is of now. */
static void list_accounting(const struct kernel *k, const struct dump *d,
			    const uint8_t *built, const struct habits *h,
			    struct spots *s)
{
	size_t count = h->moved ? s->count : 0;

	for (size_t i = 0; i < count; i++) {
		const struct spot at = s->spot[i];
		const uint8_t *was = image_bytes(k->im, at.addr, CALL_LEN);
		const uint8_t *got = dump_bytes(d, at.addr, CALL_LEN);

		if (at.table != TABLE_calls && at.table != TABLE_static_calls
		    && at.table != TABLE_trampolines)
			continue;
		was = built + (was - k->im->bytes);
		if (was[0] == (at.table == TABLE_trampolines ? 0xe9 : 0xe8))
			add_pad(k, h, branch_target(k->im, at.addr, was) - h->moved, s);
		if (got && got[0] == 0xe8)
			add_pad(k, h, branch_target(k->im, at.addr, got), s);
	}
}

static uint8_t *want_at(const struct kernel *k, const struct rewriting *rw,
			uint64_t addr, uint64_t len)
{
	const uint8_t *p = image_bytes(k->im, addr, len);

	return p ? rw->want + (p - k->im->bytes) : NULL;
}

static void explain_spot(const struct kernel *k, const struct dump *d,
			 struct rewriting *rw, struct spot *s)
{
	uint8_t *want = want_at(k, rw, s->addr, s->len);
	const uint8_t *got = dump_bytes(d, s->addr, s->len);
	const struct view v = { k, d, &rw->habits, s, want, got };

	if (!got || !memcmp(want, got, s->len))
		return;
	s->done = (uint8_t)explain(&v);
	if (s->done == REWRITE_NOT)
		return;
	memcpy(want, got, s->len);
	rw->places[s->done]++;
	rw->changed[s->table]++;
}

bool rewriting_find(const struct kernel *k, const struct dump *d,
		    const uint8_t *built, struct rewriting *rw)
{
	*rw = (struct rewriting){ .want = malloc(k->im->len) };
	if (!rw->want)
		return false;
	memcpy(rw->want, k->im->bytes, k->im->len);
	spots_list(k, &rw->spots);
	spots_sort(&rw->spots);
	habits_learn(k, d, &rw->spots, &rw->habits);
	list_accounting(k, d, built, &rw->habits, &rw->spots);
	spots_sort(&rw->spots);
	for (size_t i = 0; i < rw->spots.count; i++) {
		rw->listed[rw->spots.spot[i].table]++;
		explain_spot(k, d, rw, &rw->spots.spot[i]);
	}
	return !rw->spots.full;
}

/* The alternative's site that holds an address; NULL. */
static const struct alt_site *alt_of(const struct applied *a, uint64_t addr)
{
	size_t n = rows_upto(a->alts, a->alt_count, sizeof(*a->alts), addr);
	const struct alt_site *last = n ? &a->alts[n - 1] : NULL;

	return last && addr - last->addr < last->len ? last : NULL;
}

static bool at_site(const struct kernel *k, const struct applied *a, uint64_t addr)
{
	return alt_of(a, addr) || para_in(k, addr, 1);
}

static void add_rest(struct rewriting *rw, uint64_t addr)
{
	const struct spot *s = spots_at(&rw->spots, addr);

	if (rw->rest_count < RESTS)
		rw->rest[rw->rest_count] = (struct rest){
			addr, s ? table_names[s->table] : NULL };
	rw->rest_count++;
	if (s)
		rw->left[s->table]++;
}

/* Bytes that differ next to each other are one difference. */
static void scan(const struct kernel *k, const struct applied *a,
		 const struct section *s, const uint8_t *got, struct rewriting *rw)
{
	const uint8_t *want = rw->want + (s->bytes - k->im->bytes);
	bool inside = false;

	for (size_t i = 0; i < s->len; i++) {
		bool other = want[i] != got[i] && !at_site(k, a, s->addr + i);

		if (other && !inside)
			add_rest(rw, s->addr + i);
		inside = other;
	}
}

/* The part of a section that is in the dump. */
static void scan_section(const struct kernel *k, const struct applied *a,
			 const struct dump *d, struct section s, struct rewriting *rw)
{
	uint64_t end = d->addr + d->len;

	if (s.addr < d->addr && d->addr - s.addr < s.len) {
		s.bytes += d->addr - s.addr;
		s.len -= d->addr - s.addr;
		s.addr = d->addr;
	}
	if (s.addr < d->addr || s.addr >= end)
		return;
	if (s.len > end - s.addr)
		s.len = end - s.addr;
	rw->text_bytes += s.len;
	scan(k, a, &s, dump_bytes(d, s.addr, s.len), rw);
}

void rewriting_rest(const struct kernel *k, const struct applied *a,
		    const struct dump *d, struct rewriting *rw)
{
	for (size_t i = 0; i < rw->spots.count; i++) {
		const struct spot *s = &rw->spots.spot[i];

		if (s->done != REWRITE_NOT)
			rw->at_sites[s->done] += at_site(k, a, s->addr);
	}
	for (size_t i = 0; i < k->im->count; i++) {
		const struct section *s = &k->im->sections[i];

		if (s->exec && !s->write && s->bytes && s->addr)
			scan_section(k, a, d, *s, rw);
	}
}

void rewriting_free(struct rewriting *rw)
{
	free(rw->want);
	spots_free(&rw->spots);
}
