/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Alternatives, replacements and texts of any bytes: the table is refused or accepted;
 * what is accepted is applied, by any features, and taken back.  Nothing outside of
 * sites changes, what is refused changes nothing, and nothing is read that is not
 * there.
 *
 * Input: a head, the entries, the replacements, the text.
 */
#include <stdlib.h>
#include "alternatives.h"
#include "lib.h"

#define TEXT		0x00401000u
#define REPLACEMENTS	0x00440000u
#define POINTER		0x00452000u
#define FEATURES	8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct head {
	uint8_t x64, features, count, replacement_len, pointer;
};

/* An entry, short, so that most are nearly good. */
struct short_entry {
	uint8_t at, replacement, len, replacement_len, feature, flags;
};

static uint8_t features;
static uint64_t pointer_value;

static bool has(void *ctx, unsigned feature)
{
	(void)ctx;
	return features >> feature & 1;
}

static bool pointer(void *ctx, uint64_t addr, uint64_t *value)
{
	(void)ctx;
	*value = pointer_value;
	return !(addr & 1);
}

static bool window(void *ctx, uint8_t *at, size_t len,
		   void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, 0);
	return true;
}

static const struct text_writer writer = { window, NULL };

static void must(bool good)
{
	if (!good)
		abort();
}

/* Of exactly its size. */
static uint8_t *copy_of(const uint8_t *from, size_t len)
{
	uint8_t *p = malloc(len ? len : 1);

	memcpy(p, from, len);
	return p;
}

static struct alternative entry_of(const struct short_entry *s)
{
	return (struct alternative){
		.addr = TEXT + (int8_t)s->at, .replacement = REPLACEMENTS
			+ (uint64_t)(int64_t)(int8_t)s->replacement,
		.len = s->len, .replacement_len = s->replacement_len,
		.feature = s->feature, .flags = s->flags,
	};
}

static bool is_in_site(const struct alternatives *a, size_t at)
{
	for (size_t i = 0; i < a->count; i++)
		if (TEXT + at - a->site[i].addr < a->site[i].len)
			return true;
	return false;
}

static void apply(const struct alternatives *a, const uint8_t *fresh)
{
	unsigned i = 0;
	struct alternatives_how how = {
		.span = TEXT_ALL,
		.rules = { .has = has, .pointer = pointer, .nothing = POINTER,
			   .nops = nop_tables[2], .shrink = features % 3 },
	};
	const struct alternative_where *w = &a->where;
	struct alternatives_counts c;
	struct alternatives_error e;

	if (alternatives_apply(a, &how, &writer, &c, &e)) {
		must(alternatives_verify(a, &how, &e));
		for (size_t at = 0; at < w->len; at++)
			must(w->bytes[at] == fresh[at] || is_in_site(a, at));
		for (unsigned k = 0; k < ALTERNATIVE_OUTCOMES; k++)
			i += c.alternative[k];
		must(i == c.sites && c.sites == a->count);
		must(alternatives_restore(a, &writer, &e));
	}
	must(!memcmp(w->bytes, fresh, w->len));
}

static void run(const struct alternative_where *w, const uint8_t *fresh)
{
	size_t bytes = alternatives_room(w, NULL);
	void *room = malloc(bytes);
	struct alternatives a;
	struct alternatives_error e;

	if (alternatives_open(&a, w, NULL, room, bytes, &e))
		apply(&a, fresh);
	must(!memcmp(w->bytes, fresh, w->len));
	free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t pointers[] = { 0, POINTER, POINTER + 16, ~0ull };
	struct alternative entry[16];
	struct alternative_where w;
	struct head h;
	uint8_t *fresh, *replacement;

	if (size < sizeof(h))
		return 0;
	memcpy(&h, data, sizeof(h));
	data += sizeof(h);
	size -= sizeof(h);
	h.count %= 17;
	if (size < h.count * sizeof(struct short_entry) + h.replacement_len)
		return 0;
	for (unsigned i = 0; i < h.count; i++)
		entry[i] = entry_of((const struct short_entry *)data + i);
	data += h.count * sizeof(struct short_entry);
	size -= h.count * sizeof(struct short_entry) + h.replacement_len;
	features = h.features;
	pointer_value = pointers[h.pointer % 4];
	replacement = copy_of(data, h.replacement_len);
	fresh = copy_of(data + h.replacement_len, size);
	w = (struct alternative_where){
		.isa = h.x64 & 1 ? ISA_X86_64 : ISA_IA32, .addr = TEXT,
		.bytes = copy_of(fresh, size), .len = size,
		.replacement_addr = REPLACEMENTS, .replacement = replacement,
		.replacement_len = h.replacement_len, .entry = entry,
		.count = h.count, .features = FEATURES,
	};
	run(&w, fresh);
	free(w.bytes);
	free(fresh);
	free(replacement);
	return 0;
}
