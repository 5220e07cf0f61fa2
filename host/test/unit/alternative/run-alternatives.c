/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Large texts, records and alternatives in orders of their own: each site gets what is
 * its, from its own built bytes; eight times as many take about eight times as long;
 * and the room that is asked for cannot be too small.
 */
#include <time.h>
#include "alternative/alternatives.h"
#include "patch/insn.h"
#include "patch/mode.h"
#include "alternative/record_index.h"
#include "synthetic.h"
#include "tap.h"

#define REPLACEMENTS	0x00380000u
#define TABLE		0x00381000u
#define STEP		32		/* bytes of text a site */

enum { F_NEVER, F_ALWAYS, FEATURES };

struct large {
	size_t n;
	uint8_t *bytes, *fresh, replacement[1];
	struct site *sites;
	struct alternative *entry;
	struct text_where where;
	struct alternative_where alt;
	void *room, *alt_room;
	struct text text;
	struct alternatives open;
	struct alternatives_counts c;
	struct alternatives_error e;
};

static bool has(void *ctx, unsigned feature)
{
	(void)ctx;
	return feature == F_ALWAYS;
}

static bool window(void *ctx, uint8_t *at, size_t len,
		   void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, 0);
	return true;
}

static const struct text_writer writer = { window, NULL };

/* Of site @i. */
static unsigned type_of(size_t i) { return i % 5 ? OP_irq_disable : OP_irq_enable; }
static unsigned len_of(size_t i) { return i % 3 ? 6 : 16; }
static bool has_record(size_t i) { return i % 11; }
static bool has_entry(size_t i) { return i % 7 || !has_record(i); }
static bool is_replaced(size_t i) { return has_entry(i) && i % 2; }

static uint64_t addr_of(const struct large *l, size_t i)
{
	return l->where.addr + i * STEP;
}

static void put_site(struct large *l, size_t i)
{
	static const uint8_t nops[] = { SITE_NOP8_BYTES, SITE_NOP2_BYTES };
	bool x64 = l->where.isa == ISA_X86_64;
	uint32_t slot = TABLE + type_of(i) * (x64 ? 8 : 4);
	uint8_t *p = l->bytes + i * STEP;

	if (x64)
		slot -= (uint32_t)addr_of(l, i) + 6;
	*p++ = 0xff;
	*p++ = 0x15;
	memcpy(p, &slot, 4);
	if (len_of(i) > 6)
		memcpy(p + 4, nops, sizeof(nops));
}

static void put_record(struct large *l, size_t i)
{
	size_t k = l->where.count++;

	l->sites[k] = (struct site){
		.site = (int32_t)(addr_of(l, i)
				  - (l->where.sites_addr + k * sizeof(struct site))),
		.type = (uint8_t)type_of(i), .len = (uint8_t)len_of(i),
		.clobbers = l->where.isa == ISA_X86_64 ? 0x1ff : 7,
	};
}

static void put_entry(struct large *l, size_t i)
{
	l->entry[l->alt.count++] = (struct alternative){
		.addr = addr_of(l, i), .replacement = REPLACEMENTS,
		.feature = i % 2 ? F_ALWAYS : F_NEVER, .len = (uint8_t)len_of(i),
		.replacement_len = 1,
	};
}

/* @step: sites are gone through in steps of so many, which has no factor of @n. */
static struct large *make(enum isa isa, size_t n, size_t step)
{
	struct large *l = calloc(1, sizeof(*l));

	l->n = n;
	l->bytes = malloc(n * STEP);
	l->fresh = malloc(n * STEP);
	l->sites = calloc(n, sizeof(*l->sites));
	l->entry = calloc(n, sizeof(*l->entry));
	l->replacement[0] = 0xf4;
	memset(l->bytes, SYN_FILLER, n * STEP);
	l->where = (struct text_where){
		.isa = isa, .addr = SYN_TEXT, .bytes = l->bytes, .len = n * STEP,
		.sites_addr = SYN_TEXT + n * STEP, .sites = l->sites,
		.table = TABLE, .ops = OP_COUNT, .endbr = ENDBR_LEN,
	};
	for (size_t i = 0; i < n; i++)
		put_site(l, i);
	for (size_t i = 0; i < n; i++) {
		if (has_record(i * step % n))
			put_record(l, i * step % n);
		if (has_entry(n - 1 - i * step % n))
			put_entry(l, n - 1 - i * step % n);
	}
	l->alt = (struct alternative_where){
		.isa = isa, .addr = SYN_TEXT, .bytes = l->bytes, .len = n * STEP,
		.replacement_addr = REPLACEMENTS, .replacement = l->replacement,
		.replacement_len = 1, .entry = l->entry, .count = l->alt.count,
		.features = FEATURES,
	};
	memcpy(l->fresh, l->bytes, n * STEP);
	return l;
}

static void end(struct large *l)
{
	free(l->bytes);
	free(l->fresh);
	free(l->sites);
	free(l->entry);
	free(l->room);
	free(l->alt_room);
	free(l);
}

static void open_records(struct large *l)
{
	size_t bytes = text_room(&l->where);
	struct text_error e;

	l->room = malloc(bytes);
	if (!text_open(&l->text, &l->where, l->room, bytes, &e))
		printf("Bail out! record %zu: %s\n", e.record, e.why);
	l->alt_room = malloc(alternatives_room(&l->alt, &l->text));
}

static bool open_all(struct large *l)
{
	return alternatives_open(&l->open, &l->alt, &l->text, l->alt_room,
				 alternatives_room(&l->alt, &l->text), &l->e);
}

static bool apply(struct large *l, enum mode_id mode)
{
	const struct alternatives_how how = {
		.backend = &native_backend, .mode = &modes[mode],
		.nops = nop_tables[2], .span = TEXT_ALL,
		.rules = { .has = has, .nops = nop_tables[2] },
	};

	return alternatives_apply(&l->open, &how, &writer, &l->c, &l->e)
		&& alternatives_verify(&l->open, &how, &l->e);
}

/* Return: how many sites do not hold what they are to.  Forms of one byte, or, where
 * @built, what was built. */
static size_t wrong(const struct large *l, bool built)
{
	size_t bad = 0;

	for (size_t i = 0; i < l->n; i++) {
		const uint8_t *p = l->bytes + i * STEP, *q = l->fresh + i * STEP;
		uint8_t form = type_of(i) == OP_irq_disable ? 0xfa : 0xfb;

		if (is_replaced(i))
			bad += p[0] != 0xf4;
		else if (built || !has_record(i))
			bad += !!memcmp(p, q, len_of(i));
		else
			bad += p[0] != form;
		bad += !!memcmp(p + len_of(i), q + len_of(i), STEP - len_of(i));
	}
	return bad;
}

static void test_order(enum isa isa, size_t step)
{
	struct large *l = make(isa, 1000, step);
	const char *n = syn_isa[isa];

	open_records(l);
	ok(open_all(l) && l->open.count == l->n, "%s, steps of %zu: opened", n, step);
	ok(apply(l, MODE_inline) && l->c.sites == l->n && !wrong(l, false),
	   "%s, steps of %zu: each site has its form", n, step);
	ok(apply(l, MODE_indirect) && !wrong(l, true),
	   "%s, steps of %zu: each record's site has its own built bytes", n, step);
	ok(alternatives_restore(&l->open, &writer, &l->e)
	   && !memcmp(l->bytes, l->fresh, l->n * STEP), "%s, steps of %zu: restored",
	   n, step);
	end(l);
}

/* Sites at so many bytes from that of a record of 16 bytes, which has NOPs before and
 * behind it: it shares them all, none, or is refused. */
static const struct near {
	int by;
	unsigned len;
	bool good;
} nears[] = {
	{ -2, 2, true }, { 16, 2, true }, { 0, 16, true },
	{ -1, 7, false }, { -1, 17, false }, { -1, 18, false }, { -2, 18, false },
	{ 0, 6, false }, { 0, 14, false }, { 0, 17, false }, { 6, 8, false },
	{ 6, 10, false }, { 14, 2, false }, { 14, 3, false },
};

static void test_near(enum isa isa)
{
	struct large *l = make(isa, 100, 7);

	open_records(l);
	memset(l->bytes + 51 * STEP - 4, 0x90, 4);
	memset(l->bytes + 51 * STEP + 16, 0x90, 4);
	l->alt.count = 1;
	for (unsigned i = 0; i < sizeof(nears) / sizeof(nears[0]); i++) {
		const struct near *k = &nears[i];
		bool opened;

		l->entry[0].addr = addr_of(l, 51) + (uint64_t)(int64_t)k->by;
		l->entry[0].len = (uint8_t)k->len;
		opened = open_all(l);
		ok(opened == k->good && (opened || (l->e.record == 0
			&& !strcmp(l->e.why, "the site shares bytes with that of a paravirt "
					     "record, and is not the same"))),
		   "%s: %u bytes at %d of a record's 16: %s", syn_isa[isa], k->len,
		   k->by, k->good ? "taken" : "refused");
	}
	end(l);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct took {
	double open, apply;
};

/* The least of five times. */
static struct took took(enum isa isa, size_t n)
{
	struct large *l = make(isa, n, 4097);
	struct took least = { 1e9, 1e9 };

	open_records(l);
	for (unsigned i = 0; i < 5; i++) {
		double begin = now(), opened, applied;

		open_all(l);
		opened = now();
		apply(l, MODE_inline);
		applied = now();
		if (opened - begin < least.open)
			least.open = opened - begin;
		if (applied - opened < least.apply)
			least.apply = applied - opened;
	}
	end(l);
	return least;
}

/* If each site went through all records it were 64 times. */
static void test_growth(enum isa isa)
{
	const struct took few = took(isa, 2500), many = took(isa, 8 * 2500);
	double open = many.open / few.open, apply = many.apply / few.apply;

	ok(open < 24, "%s: open: 8 times the sites, less than 24 times the time",
	   syn_isa[isa]);
	diag("%.1f times, %.0f us", open, many.open * 1e6);
	ok(apply < 24, "%s: apply: 8 times the sites, less than 24 times the time",
	   syn_isa[isa]);
	diag("%.1f times, %.0f us", apply, many.apply * 1e6);
}

/* Sums of bytes that are more than there can be. */
static void test_room(enum isa isa)
{
	static const size_t each[] = { sizeof(struct record_place),
		sizeof(struct alternatives_site), ISLAND_BYTES,
		sizeof(struct record_place) + sizeof(struct alternatives_site) };
	struct large *l = make(isa, 10, 3);
	const char *n = syn_isa[isa];
	bool good = true;
	size_t least, bytes;

	open_records(l);
	bytes = alternatives_room(&l->alt, &l->text);
	for (unsigned i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		struct text t = l->text;

		t.where.count = SIZE_MAX / each[i] + 2;
		good &= alternatives_room(&l->alt, &t) == SIZE_MAX
			&& !alternatives_open(&l->open, &l->alt, &t, l->alt_room, bytes,
					      &l->e);
	}
	ok(good, "%s: more records than memory has bytes: refused", n);
	l->alt.count = 0;
	least = alternatives_room(&l->alt, NULL);
	for (size_t i = 0; i < l->n; i++)
		l->entry[i] = (struct alternative){ .addr = SYN_TEXT, .len = 255 };
	l->alt.count = l->n;
	bytes = alternatives_room(&l->alt, NULL);
	ok(bytes <= least + l->n * sizeof(struct alternatives_site) + 2 * l->alt.len,
	   "%s: room for no more built bytes than the text has", n);
	end(l);
}

int main(void)
{
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_order(isa, 1);
		test_order(isa, 7);
		test_order(isa, 999);
		test_near(isa);
		test_room(isa);
		test_growth(isa);
	}
	return done();
}
