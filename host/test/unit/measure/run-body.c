/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bodies, byte for byte, on both ISAs: what comes out is compared with the same
 * instructions made for the new address; and on the CPU that is here, where what
 * comes out is run and counted.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "measure/body.h"
#include "plan/cell.h"
#include "synthetic.h"
#include "tap.h"

/* Bodies go here, in reach of it all. */
#define NEW_TEXT	0x00500010u
#define NEW_RECORDS	0x00600000u
#define WAY_OUT		(SYN_TEXT + 0x800)

static const struct syn_shape *shape(enum isa isa, enum syn_shapes s)
{
	return &syn_shapes[isa][s];
}

/* A template's head and its copy: instructions, sites of two conventions. */
static void put_head(struct syn *s)
{
	syn_byte(s, 0x90);
	syn_site(s, OP_save_fl, shape(s->where.isa, SYN_SEED_U));
	syn_byte(s, 0xf8);
}

static void put_copy(struct syn *s)
{
	syn_site(s, OP_irq_disable, shape(s->where.isa, SYN_CCALL));
	syn_byte(s, 0xf9);
	syn_byte(s, 0xf5);
	syn_site(s, OP_restore_fl, shape(s->where.isa, SYN_SEED));
}

enum { HEAD_SITES = 1, COPY_SITES = 2, LONGEST = 90 };

/* A text with a template in it, and other sites before and after. */
static struct syn from;
static struct template template;
static struct template_sites sites;

static bool make_template(enum isa isa, bool empty_copy)
{
	size_t begin, copy;

	syn_begin(&from, isa);
	syn_site(&from, OP_clts, shape(isa, SYN_CCALL));
	begin = from.used;
	put_head(&from);
	copy = from.used;
	if (!empty_copy)
		put_copy(&from);
	template = (struct template){
		.bytes = from.bytes + begin, .addr = SYN_TEXT + begin,
		.head = (unsigned)(copy - begin),
		.copy = (unsigned)(from.used - copy), .way_out = WAY_OUT,
	};
	syn_site(&from, OP_wbinvd, shape(isa, SYN_CCALL));
	return template_sites(&template, &from.where, &sites);
}

/* Memory of exactly so much, for the sanitizer. */
static void room_for(struct emitter *e, size_t bytes, size_t records)
{
	*e = (struct emitter){
		.isa = from.where.isa, .addr = NEW_TEXT, .room = bytes,
		.bytes = malloc(bytes + !bytes), .sites_addr = NEW_RECORDS,
		.sites_room = records,
		.sites = malloc((records + !records) * sizeof(struct site)),
	};
	memset(e->bytes, 0x11, bytes);
}

static void free_room(struct emitter *e)
{
	free(e->bytes);
	free(e->sites);
}

static const struct nop_table *nopl(void)
{
	unsigned i = 0;

	while (strcmp(nop_tables[i]->name, "nopl"))
		i++;
	return nop_tables[i];
}

static struct fill fill_for(const struct template *t)
{
	return (struct fill){ from.where.isa, nopl(), t->copy, LONGEST };
}

/* The same, made where it is to be. */
static void expect(struct syn *x, unsigned repeats, unsigned offset,
		   enum layout_id l, struct body *b)
{
	struct fill f = fill_for(&template);
	uint64_t rel;

	while ((x->where.addr + x->used + template.head) % LINE_BYTES != offset)
		syn_byte(x, 0xcc);
	b->entry = b->begin = x->where.addr + x->used;
	put_head(x);
	b->first = x->where.addr + x->used;
	for (unsigned i = 0; i < repeats; i++) {
		if (template.copy)
			put_copy(x);
		x->used += layouts[l].fill(&f, x->bytes + x->used);
	}
	rel = WAY_OUT - (x->where.addr + x->used + 5);
	syn_byte(x, 0xe9);
	for (unsigned i = 0; i < 4; i++)
		syn_byte(x, (rel >> 8 * i) & 0xff);
	b->end = x->where.addr + x->used;
}

static void expect_begin(struct syn *x)
{
	syn_begin(x, from.where.isa);
	x->where.addr = NEW_TEXT;
	x->where.sites_addr = NEW_RECORDS;
}

static bool same_body(const struct body *a, const struct body *b)
{
	return a->entry == b->entry && a->begin == b->begin && a->end == b->end
		&& a->first == b->first;
}

static const char *emit(struct emitter *e, unsigned repeats, unsigned offset,
			enum layout_id l, struct body *b)
{
	struct fill f = fill_for(&template);

	return body_emit(e, &template, &sites, repeats, offset, &layouts[l], &f, b);
}

static bool all_same(const struct emitter *e, const struct syn *x)
{
	return e->used == x->used && !memcmp(e->bytes, x->bytes, x->used)
		&& e->count == x->where.count
		&& !memcmp(e->sites, x->sites, e->count * sizeof(struct site));
}

/* What comes out is a text like any other. */
static bool accepted(const struct emitter *e)
{
	struct text_where w = from.where;
	struct text_error te;
	struct text t;
	uint8_t *room;
	bool good;

	w.addr = e->addr;
	w.bytes = e->bytes;
	w.len = e->used;
	w.sites_addr = e->sites_addr;
	w.sites = e->sites;
	w.count = e->count;
	room = malloc(text_room(&w));
	good = text_open(&t, &w, room, text_room(&w), &te);
	if (!good)
		diag("record %zu: %s", te.record, te.why);
	free(room);
	return good;
}

/* Two bodies, one behind the other. */
static bool emit_right(unsigned repeats, unsigned offset, enum layout_id l)
{
	static struct syn x;
	struct body want[2], got[2];
	struct emitter e;
	bool good;

	expect_begin(&x);
	expect(&x, repeats, offset, l, &want[0]);
	expect(&x, repeats / 2, offset, l, &want[1]);
	room_for(&e, x.used, x.where.count);
	good = !emit(&e, repeats, offset, l, &got[0])
		&& !emit(&e, repeats / 2, offset, l, &got[1])
		&& all_same(&e, &x) && accepted(&e)
		&& same_body(&got[0], &want[0]) && same_body(&got[1], &want[1])
		&& got[0].first % LINE_BYTES == offset
		&& got[1].first % LINE_BYTES == offset;
	free_room(&e);
	return good;
}

static void test_bytes(enum isa isa)
{
	for (unsigned l = 0; l < LAYOUT_COUNT; l++) {
		unsigned good = 0;

		for (unsigned o = 0; o < LINE_BYTES; o++)
			good += emit_right(5, o, l);
		ok(good == LINE_BYTES, "%s, %s: every byte at %u of 64 offsets",
		   syn_isa[isa], layouts[l].name, good);
		ok(emit_right(0, 0, l) && emit_right(1, 60, l),
		   "%s, %s: no copies, and one", syn_isa[isa], layouts[l].name);
	}
	ok(make_template(isa, true) && emit_right(7, 4, LAYOUT_dense)
	   && emit_right(7, 4, LAYOUT_line) && emit_right(7, 4, LAYOUT_work),
	   "%s: empty copies: the filler alone", syn_isa[isa]);
	make_template(isa, false);
}

/* The records that are found in a template. */
static void test_sites(enum isa isa)
{
	unsigned calls = shape(isa, SYN_SEED)->pushes;
	const struct template_site *s = sites.site;

	ok(sites.count == 3 && s[0].type == OP_save_fl && s[0].at == 1
	   && s[1].type == OP_irq_disable && s[1].at == template.head
	   && !s[1].call && s[1].len == 6
	   && s[2].type == OP_restore_fl
	   && from.bytes[template.addr - SYN_TEXT + s[2].at + s[2].call] == 0xff
	   && s[2].call >= calls, "%s: three sites of five", syn_isa[isa]);
}

/* A template whose edges cut a site. */
static void test_half(enum isa isa)
{
	const struct template whole = template;
	struct template_sites s;
	struct template t = whole;

	t.copy -= 2;			/* site and the byte behind it */
	ok(!template_sites(&t, &from.where, &s), "%s: half a site at the end",
	   syn_isa[isa]);
	t = whole;
	t.head -= 3;
	t.copy += 3;
	ok(!template_sites(&t, &from.where, &s), "%s: half in the head",
	   syn_isa[isa]);
	t = whole;
	t.addr += 3;
	t.bytes += 3;
	t.head -= 3;
	ok(!template_sites(&t, &from.where, &s), "%s: half before it",
	   syn_isa[isa]);
	t = whole;
	t.head += t.copy;
	t.copy = 0;
	ok(template_sites(&t, &from.where, &s) && s.count == 3,
	   "%s: all of it head", syn_isa[isa]);
}

static void test_many(enum isa isa)
{
	static struct syn x;
	static struct site one_more[TEMPLATE_SITES_MAX + 1];
	struct template_sites s;
	struct template t;
	struct text_where w;

	syn_begin(&x, isa);
	for (unsigned i = 0; i < TEMPLATE_SITES_MAX; i++)
		syn_site(&x, OP_clts, shape(isa, SYN_CCALL));
	t = (struct template){ x.bytes, SYN_TEXT, 0, (unsigned)x.used, WAY_OUT };
	ok(template_sites(&t, &x.where, &s) && s.count == TEMPLATE_SITES_MAX,
	   "%s: as many sites as there may be", syn_isa[isa]);
	memcpy(one_more, x.sites, sizeof(x.sites));
	one_more[TEMPLATE_SITES_MAX] = one_more[0];
	one_more[TEMPLATE_SITES_MAX].site -=
		(int32_t)(TEMPLATE_SITES_MAX * sizeof(struct site));
	w = x.where;
	w.sites = one_more;
	w.count++;
	ok(!template_sites(&t, &w, &s), "%s: one more", syn_isa[isa]);
}

/* Every room that is too small, and every number of records. */
static void test_no_room(enum isa isa)
{
	static struct syn x;
	struct emitter e;
	struct body b;
	size_t bytes = 0, records = 0;

	expect_begin(&x);
	expect(&x, 2, 8, LAYOUT_line, &b);
	for (size_t room = 0; room < x.used; room++) {
		const char *why;

		room_for(&e, room, x.where.count);
		why = emit(&e, 2, 8, LAYOUT_line, &b);
		bytes += why && !strcmp(why, "no room for the bodies")
			&& e.used <= room;
		free_room(&e);
	}
	ok(bytes == x.used, "%s: no room for bytes, %zu of %zu", syn_isa[isa],
	   bytes, x.used);
	for (size_t n = 0; n < x.where.count; n++) {
		const char *why;

		room_for(&e, x.used, n);
		why = emit(&e, 2, 8, LAYOUT_line, &b);
		records += why && strstr(why, "no room for the records");
		free_room(&e);
	}
	ok(records == x.where.count, "%s: no room for records, %zu of %zu",
	   syn_isa[isa], records, x.where.count);
}

/* Of the copy: up to its second site, and that site. */
static unsigned cut_at(void)
{
	return sites.site[2].at;
}

static const unsigned gaps_of_steps[] = { 0, 3, 17, 1, 0 };
#define STEPS	(sizeof(gaps_of_steps) / sizeof(gaps_of_steps[0]))
/* Which part a step has: the first site and two bytes, the second site, none. */
static const unsigned parts_of_steps[STEPS] = { 1, 0, 0, 2, 1 };

static void step_into(struct syn *x, unsigned i, gap_fill *fill)
{
	x->used += fill(from.where.isa, gaps_of_steps[i], x->bytes + x->used);
	if (parts_of_steps[i] == 0) {
		syn_site(x, OP_irq_disable, shape(x->where.isa, SYN_CCALL));
		syn_byte(x, 0xf9);
		syn_byte(x, 0xf5);
	}
	if (parts_of_steps[i] == 1)
		syn_site(x, OP_restore_fl, shape(x->where.isa, SYN_SEED));
}

static void expect_steps(struct syn *x, unsigned rounds, gap_fill *fill, struct body *b)
{
	uint64_t rel;

	while ((x->where.addr + x->used + template.head) % LINE_BYTES != 12)
		syn_byte(x, 0xcc);
	b->entry = b->begin = x->where.addr + x->used;
	put_head(x);
	b->first = x->where.addr + x->used;
	for (unsigned i = 0; i < rounds * STEPS; i++)
		step_into(x, i % STEPS, fill);
	rel = WAY_OUT - (x->where.addr + x->used + 5);
	syn_byte(x, 0xe9);
	for (unsigned i = 0; i < 4; i++)
		syn_byte(x, (rel >> 8 * i) & 0xff);
	b->end = x->where.addr + x->used;
}

static const char *emit_steps(struct emitter *e, unsigned rounds, gap_fill *fill,
			      struct body *b)
{
	const unsigned cut = cut_at(), end = template.head + template.copy;
	struct body_step step[STEPS];

	for (unsigned i = 0; i < STEPS; i++) {
		const unsigned part = parts_of_steps[i];

		step[i] = (struct body_step){
			.from = part == 0 ? template.head : part == 1 ? cut : 5,
			.to = part == 0 ? cut : part == 1 ? end : 5, .gap = gaps_of_steps[i],
		};
	}
	return body_emit_steps(e, &template, &sites, step, STEPS, rounds, 12, fill, b);
}

static bool steps_right(unsigned rounds, gap_fill *fill)
{
	static struct syn x;
	struct body want, got;
	struct emitter e;
	bool good;

	expect_begin(&x);
	expect_steps(&x, rounds, fill, &want);
	room_for(&e, x.used, x.where.count);
	good = !emit_steps(&e, rounds, fill, &got) && all_same(&e, &x) && accepted(&e)
		&& same_body(&got, &want);
	free_room(&e);
	for (size_t room = 0; room < x.used && good; room++) {
		room_for(&e, room, x.where.count);
		good = emit_steps(&e, rounds, fill, &got) && e.used <= room;
		free_room(&e);
	}
	return good;
}

/* Parts in another order than they were compiled in, with gaps before them. */
static void test_steps(enum isa isa)
{
	ok(steps_right(1, fill_leas) && steps_right(2, fill_leas) && steps_right(0, fill_leas),
	   "%s: parts in any order, once and again; and no room for them", syn_isa[isa]);
	ok(steps_right(2, fill_chain), "%s: with a chain in the gaps", syn_isa[isa]);
}

/* The copy alone, from its first byte to its last, as a kernel path's block is. */
static bool begin_block(struct template *t, struct template_sites *s)
{
	*t = template;
	t->bytes += t->head;
	t->addr += t->head;
	t->head = 0;
	return template_sites(t, &from.where, s);
}

/* It where it is to be: the sites reach their slots from there. */
static void expect_block(struct syn *x, unsigned offset, struct body *b)
{
	while ((x->where.addr + x->used) % LINE_BYTES != offset)
		syn_byte(x, 0xcc);
	b->entry = b->begin = b->first = x->where.addr + x->used;
	put_copy(x);
	b->end = x->where.addr + x->used;
}

/* A way in: a number into the second argument's register, and a jump. */
static void expect_way_in(struct syn *x, const struct body *block, uint32_t units,
			  struct body *b)
{
	static const uint8_t load[] = { 0x8b, 0x44, 0x24, 0x04 };
	const bool ia32 = x->where.isa == ISA_IA32;
	uint64_t rel;

	b->entry = b->begin = x->where.addr + x->used;
	b->first = block->first;
	for (unsigned i = 0; i < 4 && ia32; i++)
		syn_byte(x, load[i]);
	syn_byte(x, ia32 ? 0xba : 0xbe);
	for (unsigned i = 0; i < 4; i++)
		syn_byte(x, (units >> 8 * i) & 0xff);
	rel = block->entry - (x->where.addr + x->used + 5);
	syn_byte(x, 0xe9);
	for (unsigned i = 0; i < 4; i++)
		syn_byte(x, (rel >> 8 * i) & 0xff);
	b->end = x->where.addr + x->used;
}

/* A block and two ways into it. */
static const char *emit_block(struct emitter *e, unsigned offset, struct body got[3])
{
	struct template_sites s;
	struct template t;
	const char *why;

	if (!begin_block(&t, &s))
		return "no block";
	why = body_emit_block(e, &t, &s, offset, &got[0]);
	if (!why)
		why = body_emit_way_in(e, &got[0], 1, &got[1]);
	return why ? why : body_emit_way_in(e, &got[0], 0x01020304, &got[2]);
}

static size_t expect_blocks(struct syn *x, unsigned offset, struct body want[3])
{
	expect_begin(x);
	expect_block(x, offset, &want[0]);
	expect_way_in(x, &want[0], 1, &want[1]);
	expect_way_in(x, &want[0], 0x01020304, &want[2]);
	return x->used;
}

static bool block_right(unsigned offset)
{
	static struct syn x;
	struct body want[3], got[3];
	const size_t all = expect_blocks(&x, offset, want);
	struct emitter e;
	bool good;

	room_for(&e, all, x.where.count);
	good = !emit_block(&e, offset, got) && all_same(&e, &x) && accepted(&e)
		&& got[0].entry % LINE_BYTES == offset;
	for (unsigned i = 0; i < 3; i++)
		good = good && same_body(&got[i], &want[i]);
	free_room(&e);
	return good;
}

/* One byte or record less than it takes, or more than that. */
static bool block_has_no_room(unsigned offset)
{
	static struct syn x;
	struct body want[3], got[3];
	const size_t all = expect_blocks(&x, offset, want);
	struct emitter e;
	const char *why;
	bool good = true;

	for (size_t room = 0; room < all && good; room++) {
		room_for(&e, room, x.where.count);
		why = emit_block(&e, offset, got);
		good = why && !strcmp(why, "no room for the bodies") && e.used <= room;
		free_room(&e);
	}
	for (size_t n = 0; n < x.where.count && good; n++) {
		room_for(&e, all, n);
		why = emit_block(&e, offset, got);
		good = why && strstr(why, "no room for the records") && e.count == n;
		free_room(&e);
	}
	return good;
}

static void test_block(enum isa isa)
{
	unsigned good = 0;

	for (unsigned o = 0; o < LINE_BYTES; o++)
		good += block_right(o);
	ok(good == LINE_BYTES, "%s: a block and ways into it: every byte at %u of 64 offsets",
	   syn_isa[isa], good);
	ok(block_has_no_room(0) && block_has_no_room(40),
	   "%s: no room for it, at every byte and record short", syn_isa[isa]);
}

/* Beside a copy that no filler can be as long as: refused, nothing overrun. */
static void test_long(enum isa isa)
{
	struct fill f = fill_for(&template);
	struct emitter e;
	struct body b;
	const char *why;

	f.longest = 960;
	room_for(&e, 1 << 16, 256);
	why = body_emit(&e, &template, &sites, 2, 8, &layouts[LAYOUT_line], &f, &b);
	ok(why && strstr(why, "too long for a filler"),
	   "%s: beside a copy of %u bytes: %s", syn_isa[isa], f.longest,
	   why ? why : "emitted");
	free_room(&e);
}

/* The head alone, with nothing skipped, at an address. */
static const char *emit_at(uint64_t addr, uint64_t records, uint64_t way_out)
{
	struct fill f = fill_for(&template);
	struct template t = template;
	struct emitter e;
	struct body b;
	const char *why;

	t.way_out = way_out;
	room_for(&e, 4096, 16);
	e.addr = addr;
	e.sites_addr = records;
	why = body_emit(&e, &t, &sites, 0, (unsigned)(addr + t.head) % LINE_BYTES,
			&layouts[LAYOUT_dense], &f, &b);
	free_room(&e);
	return why;
}

static bool says(const char *why, const char *what)
{
	return why && strstr(why, what);
}

/* On x86-64 the last byte that is within reach, and the first that is not; on
 * ia32 addresses wrap, and all is. */
static void test_reach(void)
{
	const uint64_t most = INT32_MAX, least = 0x80000000u;
	bool x64 = from.where.isa == ISA_X86_64;
	const char *const isa = syn_isa[from.where.isa];
	/* The end of the head's call, from the body's beginning; its slot. */
	uint64_t call = sites.site[0].at + sites.site[0].call + 6;
	uint64_t slot = SYN_TABLE + OP_save_fl * (x64 ? 8u : 4u);
	uint64_t up = slot + least - call;
	/* The end of the jump. */
	uint64_t jump = template.head + 5;
	uint64_t at = NEW_TEXT;

	ok(!emit_at(up, up, up), "%s: 2 GiB above the table", isa);
	ok(says(emit_at(up + 1, up, up), "table is out of reach") == x64,
	   "%s: one more", isa);
	ok(!emit_at(at, at, at + jump + most), "%s: 2 GiB below the way out", isa);
	ok(says(emit_at(at, at, at + jump + most + 1), "application is out of reach")
	   == x64, "%s: one more", isa);
	ok(!emit_at(at, at, at + jump - least), "%s: 2 GiB above the way out", isa);
	ok(says(emit_at(at, at, at + jump - least - 1), "application is out of reach")
	   == x64, "%s: one more", isa);
	at += sites.site[0].at;		/* of the site */
	ok(!emit_at(NEW_TEXT, at - most, NEW_TEXT), "%s: 2 GiB above the record", isa);
	ok(says(emit_at(NEW_TEXT, at - most - 1, NEW_TEXT), "records are too far")
	   == x64, "%s: one more", isa);
	ok(!emit_at(NEW_TEXT, at + least, NEW_TEXT), "%s: 2 GiB below the record", isa);
	ok(says(emit_at(NEW_TEXT, at + least + 1, NEW_TEXT), "records are too far")
	   == x64, "%s: one more", isa);
}

/* Here and now. */

#define HERE_BYTES	(1u << 16)

/* Executable at one address, writable at another, within a call's reach. */
static bool map_twice(struct emitter *e)
{
	int fd = memfd_create("bodies", MFD_CLOEXEC);
	uint8_t *at = MAP_FAILED;

	if (fd < 0 || ftruncate(fd, HERE_BYTES))
		return false;
	for (uintptr_t d = 16; d < 64 && at == MAP_FAILED; d++) {
		uintptr_t want = ((uintptr_t)map_twice & ~0xffful) - (d << 24);

		at = mmap((void *)want, HERE_BYTES, PROT_READ | PROT_EXEC,
			  MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	}
	*e = (struct emitter){
		.isa = sizeof(void *) == 8 ? ISA_X86_64 : ISA_IA32,
		.addr = (uintptr_t)at, .room = HERE_BYTES,
		.bytes = mmap(NULL, HERE_BYTES, PROT_READ | PROT_WRITE,
			      MAP_SHARED, fd, 0),
	};
	close(fd);
	return at != MAP_FAILED && e->bytes != MAP_FAILED;
}

/*
 * A block as a kernel path's: a function of its own, a loop, and a call through a slot that is
 * not in it.  w->flags goes up by what is behind the slot, w->seen by the function, one a unit.
 */
void count_in_flags(void);
#ifdef __x86_64__
#define WORK		"%rdi"
#define UNITS		"%rsi"
#define SLOT_CALL	"call *counting_slot(%rip)"
#define SEEN		"8"
#define POINTER		".quad"
#else
#define WORK		"%eax"
#define UNITS		"%edx"
#define SLOT_CALL	"call *counting_slot"
#define SEEN		"4"
#define POINTER		".long"
#endif
asm(".pushsection .data\n"
    ".balign 8; counting_slot: " POINTER " count_in_flags\n"
    ".popsection\n.pushsection .text\n"
    "count_in_flags: incl (" WORK "); ret\n"
    "block: jmp block_units\n"
    "block_function: incl " SEEN "(" WORK "); ret\n"
    "block_units: call block_function\n"
    "block_site: " SLOT_CALL "\n"
    "dec " UNITS "; jnz block_units; ret\n"
    "block_end: .popsection");
extern const uint8_t block[], block_site[], block_end[];

/* Emitted, and entered for so many units. */
static bool block_runs(const struct emitter *fresh, unsigned offset, unsigned units)
{
	const struct template t = {
		block, (uintptr_t)block, 0, (unsigned)(block_end - block), (uintptr_t)block_end,
	};
	const struct template_sites s = {
		1, { { .at = (unsigned)(block_site - block), .len = 6 } },
	};
	struct site record[1];
	struct emitter e = *fresh;
	struct work w = { .flags = 0 };
	struct body at, in;

	e.sites = record;
	e.sites_addr = fresh->addr;
	e.sites_room = 1;
	if (body_emit_block(&e, &t, &s, offset, &at) || body_emit_way_in(&e, &at, units, &in)
	    || at.entry % LINE_BYTES != offset)
		return false;
	((void (*)(struct work *))(uintptr_t)in.entry)(&w);
	if (w.flags != units || w.seen != units)
		return false;
	((void (*)(struct work *))(uintptr_t)in.entry)(&w);
	return w.flags == 2 * units && w.seen == 2 * units;
}

static void test_block_here(void)
{
	struct emitter e;
	unsigned good = 0;

	if (!ok(map_twice(&e), "memory for a block that runs"))
		return;
	for (unsigned o = 0; o < LINE_BYTES; o++)
		good += block_runs(&e, o, 1) && block_runs(&e, o, WORKLOAD_N)
			&& block_runs(&e, o, 2 * WORKLOAD_N) && block_runs(&e, o, 100000);
	ok(good == LINE_BYTES, "a block runs for as many units as it is entered for, at %u offsets",
	   good);
}

#ifdef __x86_64__

/*
 * counts: w->flags and w->seen go up, one in the head, one in the copy; nothing
 * but RCX is changed, and no flag.
 */
asm(".pushsection .text\n"
    "counts: mov (%rdi), %rcx; lea 1(%rcx), %rcx; mov %rcx, (%rdi)\n"
    "counts_copy: mov 8(%rdi), %rcx; lea 1(%rcx), %rcx; mov %rcx, 8(%rdi)\n"
    "counts_end: ret\n"
    ".popsection");
extern const uint8_t counts[], counts_copy[], counts_end[];

/* Registers but RSP, RCX and RDI, then the flags, as a body leaves them. */
enum { MARKS = 14 };
void run_marked(uint64_t entry, struct work *w, uint64_t out[MARKS]);
#define EACH(X) X(rax, 0) X(rbx, 1) X(rdx, 2) X(rsi, 3) X(rbp, 4) X(r8, 5) \
	X(r9, 6) X(r10, 7) X(r11, 8) X(r12, 9) X(r13, 10) X(r14, 11) X(r15, 12)
#define MARK(n)		(0x1122334455660000 + n)
#define STR_(x)		#x
#define STR(x)		STR_(x)
#define LOAD(reg, n)	"movabs $" STR(MARK(n)) ", %" #reg "\n"
#define KEEP(reg, n)	"mov %" #reg ", " #n " * 8(%rcx)\n"
#define FLAGS_ALL	0x8d7		/* O S Z A P C, and the one that is 1 */
asm(".pushsection .text\n.type run_marked, @function\nrun_marked:\n"
    "push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "push %rdx; push %rdi; mov %rsi, %rdi\n"
    EACH(LOAD)
    "pushq $" STR(FLAGS_ALL) "; popf; call *(%rsp)\n"
    "pushf; mov 16(%rsp), %rcx\n"
    EACH(KEEP)
    "pop 13 * 8(%rcx); pop %rdi; pop %rdx\n"
    "pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n"
    ".popsection");

static bool kept(const uint64_t out[MARKS])
{
	for (unsigned i = 0; i < MARKS - 1; i++)
		if (out[i] != (uint64_t)MARK(0) + i)
			return false;
	return (out[MARKS - 1] & FLAGS_ALL) == FLAGS_ALL;
}

/* So many copies, counted; twice, by two passes. */
static bool runs(const struct emitter *fresh, unsigned repeats,
		 unsigned offset, enum layout_id l)
{
	struct template t = {
		counts, (uintptr_t)counts, (unsigned)(counts_copy - counts),
		(unsigned)(counts_end - counts_copy), (uintptr_t)counts_end,
	};
	struct fill f = { ISA_X86_64, nopl(), t.copy, t.copy };
	struct template_sites none = { .count = 0 };
	struct emitter e = *fresh;
	struct work w = { .flags = 0 };
	uint64_t out[MARKS];
	struct body b;

	if (body_emit(&e, &t, &none, repeats, offset, &layouts[l], &f, &b))
		return false;
	run_marked(b.entry, &w, out);
	if (w.flags != 1 || w.seen != repeats || !kept(out))
		return false;
	run_marked(b.entry, &w, out);
	return w.flags == 2 && w.seen == 2 * repeats && kept(out);
}

static void test_here(void)
{
	struct emitter e;

	if (!ok(map_twice(&e), "memory for bodies that run"))
		return;
	for (unsigned l = 0; l < LAYOUT_COUNT; l++) {
		unsigned good = 0;

		for (unsigned o = 0; o < LINE_BYTES; o += OFFSET_STEP)
			good += runs(&e, WORKLOAD_N - 1, o, l)
				&& runs(&e, 2 * WORKLOAD_N - 1, o, l)
				&& runs(&e, 0, o, l);
		ok(good == OFFSETS_MAX, "%s: n and 2n copies run so often, and "
		   "registers and flags are kept, at %u offsets", layouts[l].name,
		   good);
	}
}

#else

static void test_here(void)
{
}

#endif

int main(void)
{
	for (unsigned isa = 0; isa < ISA_COUNT; isa++) {
		if (!ok(make_template(isa, false), "%s: a template", syn_isa[isa]))
			return done();
		test_sites(isa);
		test_half(isa);
		test_many(isa);
		test_bytes(isa);
		test_no_room(isa);
		test_long(isa);
		test_steps(isa);
		test_block(isa);
		test_reach();
	}
	test_block_here();
	test_here();
	return done();
}
