/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Alternatives, replacements, records and texts of any bytes: the table is refused or
 * accepted; what is accepted is applied, by any features, in any mode, to all sites or
 * to some, and taken back.  Nothing outside of those sites changes, nor an island of
 * another, what is refused changes nothing, and nothing is read that is not there.
 *
 * Input: a head, the entries, the records, the replacements, the text.  Sites of records
 * are put into the text; records of any bytes are fuzz-text's.
 */
#include <stdlib.h>
#include "alternative/alternatives.h"
#include "lib/mem.h"
#include "backend/backends.h"
#include "patch/mode.h"
#include "../test/lib/synthetic.h"

#define REPLACEMENTS	0x00440000u
#define POINTER		0x00452000u
#define FEATURES	8
#define ENTRIES_MAX	16
#define RECORDS_MAX	8
#define ISLAND_FILL	0x5a
#define FLAG_X64	1
#define FLAG_ISLANDS	2
#define FLAG_NO_WINDOW	4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct head {
	uint8_t flags, features, count, replacement_len, pointer;
	uint8_t records, what, begin, end;
};

/* An entry, short, so that most are nearly good. */
struct short_entry {
	uint8_t at, replacement, len, replacement_len, feature, flags;
};

struct short_record {
	uint8_t at, type, shape;
};

/* All of it in memory of exactly its size. */
struct input {
	struct head h;
	struct alternative entry[ENTRIES_MAX];
	struct alternative_where alt;
	struct text text;
	bool has_text;			/* there are records, and they are good */
	uint8_t *fresh, *replacement, *islands;
	void *text_room;
};

static uint8_t features;
static uint64_t pointer_value;
static bool no_window;

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
	if (no_window)
		return false;
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
		.addr = SYN_TEXT + (int8_t)s->at, .replacement = REPLACEMENTS
			+ (uint64_t)(int64_t)(int8_t)s->replacement,
		.len = s->len, .replacement_len = s->replacement_len,
		.feature = s->feature, .flags = s->flags,
	};
}

static bool in_span(const struct alternatives_site *s, struct text_span span)
{
	return s->addr >= span.begin && s->addr < span.end;
}

static bool is_in_site(const struct alternatives *a, struct text_span span, size_t at)
{
	for (size_t i = 0; i < a->count; i++)
		if (SYN_TEXT + at - a->site[i].addr < a->site[i].len
		    && in_span(&a->site[i], span))
			return true;
	return false;
}

static bool is_fresh(const struct input *in)
{
	return !memcmp(in->alt.bytes, in->fresh, in->alt.len);
}

/* Each record is one site's. */
static void check_records(const struct input *in, const struct alternatives *a)
{
	const struct text_where *w = &in->text.where;
	size_t built = 0, of = 0;

	for (size_t r = 0; in->has_text && r < w->count; built += w->sites[r].len, r++)
		for (size_t i = 0; i < a->count; i++)
			if (a->site[i].record == r) {
				must(a->site[i].addr == text_site_addr(w, r));
				must(a->site[i].len == w->sites[r].len);
				must(a->site[i].record_built == built);
				of++;
			}
	must(of == (in->has_text ? w->count : 0));
}

/* Sites that are not of the span, and their islands, are as they were. */
static void check_rest(const struct input *in, const struct alternatives *a,
		       struct text_span span)
{
	for (size_t at = 0; at < in->alt.len; at++)
		must(in->alt.bytes[at] == in->fresh[at] || is_in_site(a, span, at));
	for (size_t i = 0; i < a->count; i++) {
		const struct alternatives_site *s = &a->site[i];

		if (s->record == TEXT_NO_RECORD || in_span(s, span))
			continue;
		for (unsigned k = 0; k < ISLAND_BYTES; k++)
			must(in->islands[s->record * ISLAND_BYTES + k] == ISLAND_FILL);
	}
}

static void check_counts(const struct alternatives *a, struct text_span span,
			 const struct alternatives_counts *c)
{
	unsigned sites = 0, sum = c->text.sites, texts = 0;

	for (size_t i = 0; i < a->count; i++)
		sites += in_span(&a->site[i], span);
	for (unsigned k = 0; k < ALTERNATIVE_OUTCOMES; k++)
		sum += c->alternative[k];
	for (unsigned k = 0; k < PATCHED_COUNT; k++)
		texts += c->text.outcome[k];
	must(c->sites == sites && sum == sites && texts == c->text.sites);
}

static bool apply(const struct alternatives *a, const struct alternatives_how *how)
{
	struct alternatives_counts c;
	struct alternatives_error e;

	if (!alternatives_apply(a, how, &writer, &c, &e)) {
		must(e.why && e.table);
		return false;
	}
	check_counts(a, how->span, &c);
	must(alternatives_verify(a, how, &e));
	return true;
}

/* To a span, then to all by other features, and back. */
static void go(const struct input *in, const struct alternatives *a)
{
	unsigned what = in->h.what;
	const struct nop_table nops = nop_padding(nop_tables[2], what / 7 % PADDING_COUNT);
	struct alternatives_how how = {
		.backend = what >= 0xf0 ? NULL : backends[what / 16 % BACKEND_COUNT],
		.mode = &modes[what % 16 % MODE_COUNT], .nops = &nops, .span = TEXT_ALL,
		.rules = { .has = has, .pointer = pointer, .nothing = POINTER,
			   .nops = nop_tables[2], .shrink = features % 3 },
	};
	struct alternatives_error e;

	if (in->h.end > in->h.begin)
		how.span = (struct text_span){ SYN_TEXT + in->h.begin,
					       SYN_TEXT + in->h.end };
	if (!apply(a, &how)) {
		must(is_fresh(in));
		return;
	}
	check_rest(in, a, how.span);
	features = (uint8_t)~features;
	how.span = TEXT_ALL;
	if (apply(a, &how))
		check_rest(in, a, how.span);
	must(alternatives_restore(a, &writer, &e) && is_fresh(in));
}

static void run(const struct input *in)
{
	const struct text *t = in->has_text ? &in->text : NULL;
	size_t bytes = alternatives_room(&in->alt, t);
	void *room = malloc(bytes);
	struct alternatives a;
	struct alternatives_error e;

	if (alternatives_open(&a, &in->alt, t, room, bytes, &e)) {
		check_records(in, &a);
		go(in, &a);
	} else {
		must(e.why && (e.record == TEXT_NO_RECORD || e.record < in->alt.count));
	}
	must(is_fresh(in));
	free(room);
}

/* Their sites go into @syn's bytes. */
static void put_records(struct syn *syn, const uint8_t *data, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct short_record r;

		memcpy(&r, data + i * sizeof(r), sizeof(r));
		syn->used = r.at;
		syn_site(syn, r.type % OP_COUNT,
			 &syn_shapes[syn->where.isa][r.shape % SYN_SHAPES]);
	}
}

/* As many of the records as are good. */
static void open_records(struct input *in, struct syn *syn)
{
	struct text_where w = syn->where;
	struct text_error e;
	size_t room;

	w.bytes = in->alt.bytes;
	w.len = in->alt.len;
	w.island_bytes = in->islands;
	if (!(in->h.flags & FLAG_ISLANDS))
		w.islands = 0;
	for (; w.count && !in->has_text; w.count -= !in->has_text) {
		room = text_room(&w);
		free(in->text_room);
		in->text_room = malloc(room);
		in->has_text = text_open(&in->text, &w, in->text_room, room, &e);
	}
}

static void take(struct input *in, struct syn *syn, const uint8_t *data, size_t size)
{
	const struct head *h = &in->h;

	for (unsigned i = 0; i < h->count; i++)
		in->entry[i] = entry_of((const struct short_entry *)data + i);
	data += h->count * sizeof(struct short_entry);
	syn_begin(syn, h->flags & FLAG_X64 ? ISA_X86_64 : ISA_IA32);
	size -= h->count * sizeof(struct short_entry)
		+ h->records * sizeof(struct short_record) + h->replacement_len;
	memcpy(syn->bytes, data + h->records * sizeof(struct short_record)
	       + h->replacement_len, size);
	put_records(syn, data, h->records);
	data += h->records * sizeof(struct short_record);
	in->replacement = copy_of(data, h->replacement_len);
	in->fresh = copy_of(syn->bytes, size);
	in->islands = malloc(RECORDS_MAX * ISLAND_BYTES);
	memset(in->islands, ISLAND_FILL, RECORDS_MAX * ISLAND_BYTES);
	in->alt = (struct alternative_where){
		.isa = syn->where.isa, .addr = SYN_TEXT,
		.bytes = copy_of(in->fresh, size), .len = size,
		.replacement_addr = REPLACEMENTS, .replacement = in->replacement,
		.replacement_len = h->replacement_len, .entry = in->entry,
		.count = h->count, .features = FEATURES,
	};
	open_records(in, syn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t pointers[] = { 0, POINTER, POINTER + 16, ~0ull };
	static struct syn syn;
	struct input in = { .has_text = false };
	struct head *h = &in.h;

	if (size < sizeof(*h) || size > SYN_BYTES)
		return 0;
	memcpy(h, data, sizeof(*h));
	h->count %= ENTRIES_MAX + 1;
	h->records %= RECORDS_MAX + 1;
	if (size - sizeof(*h) < h->count * sizeof(struct short_entry)
	    + h->records * sizeof(struct short_record) + h->replacement_len)
		return 0;
	features = h->features;
	pointer_value = pointers[h->pointer % 4];
	no_window = h->flags & FLAG_NO_WINDOW;
	take(&in, &syn, data + sizeof(*h), size - sizeof(*h));
	run(&in);
	free(in.alt.bytes);
	free(in.fresh);
	free(in.replacement);
	free(in.islands);
	free(in.text_room);
	return 0;
}
