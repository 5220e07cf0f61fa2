/* SPDX-License-Identifier: GPL-2.0-only */
/* Live patching: the steps of a batch, see live_batch.h. */
#include "lib/atomic.h"
#include "lib/mem.h"
#include "live/live_batch.h"

#define INT3	0xcc

void live_begin(struct live_batch *b)
{
	b->count = 0;
}

struct live_site *live_next(struct live_batch *b)
{
	return b->count < LIVE_SITES ? &b->site[b->count] : NULL;
}

void live_add(struct live_batch *b, enum isa isa)
{
	struct live_site *s = live_next(b);

	if (!s || live_site_holds(s))
		return;
	s->head = s->at[0];
	s->was = live_was(isa, s->at, s->len, s->addr, &s->target);
	b->count++;
}

/* The steps' stores. */

static void put_int3(const struct live_batch *b, ptrdiff_t shift)
{
	for (unsigned i = 0; i < b->count; i++)
		*(volatile uint8_t *)(b->site[i].at + shift) = INT3;
}

/* Nobody is inside a site, nor in an island, which only its site leads to. */
static void put_tails(const struct live_batch *b, ptrdiff_t shift)
{
	for (unsigned i = 0; i < b->count; i++) {
		const struct live_site *s = &b->site[i];

		if (s->island_at)
			memcpy(s->island_at + shift, s->island, ISLAND_BYTES);
		memcpy(s->at + shift + 1, s->form + 1, s->len - 1);
	}
}

static void put_heads(const struct live_batch *b, ptrdiff_t shift)
{
	for (unsigned i = 0; i < b->count; i++) {
		const struct live_site *s = &b->site[i];

		*(volatile uint8_t *)(s->at + shift) = s->form[0];
	}
}

static void put_back(const struct live_batch *b, ptrdiff_t shift)
{
	for (unsigned i = 0; i < b->count; i++) {
		const struct live_site *s = &b->site[i];

		*(volatile uint8_t *)(s->at + shift) = s->head;
	}
}

/* One step's stores, and all CPUs serialise. */
static bool step(const struct live_batch *b, const struct live_others *o,
		 ptrdiff_t shift, bool quiet,
		 void (*put)(const struct live_batch *b, ptrdiff_t shift))
{
	put(b, shift);
	if (o->settle) {
		o->settle();
		put(b, shift);
	}
	o->serialise();
	return o->sync(o->ctx, quiet);
}

/* The batch is published before its first INT3, so who takes one finds it. */
enum live_end live_store(struct live_batch *b, const struct live_others *o,
			 ptrdiff_t shift)
{
	if (b->late)
		return LIVE_LATE_KEPT;
	if (!b->count)
		return LIVE_DONE;
	store_release(&b->under_way, b->count);
	b->late = !step(b, o, shift, true, put_int3);
	if (b->late) {
		put_back(b, shift);
		o->serialise();
		return LIVE_LATE_KEPT;
	}
	b->late = !step(b, o, shift, false, put_tails);
	b->late |= !step(b, o, shift, false, put_heads);
	if (b->late)
		return LIVE_LATE_STORED;
	store_release(&b->under_way, 0);
	return LIVE_DONE;
}
