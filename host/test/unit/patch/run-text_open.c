/* SPDX-License-Identifier: GPL-2.0-only */
/* What text_open() refuses and accepts, on texts made in memory, of both ISAs. */
#include "engine.h"

/* What text_open() refuses.  The good text: records 0 to 2 are a ccall, a seed
 * and a seed site that a value comes back from. */

static void move(struct syn *s, size_t record, size_t at)
{
	s->sites[record].site = syn_offset(s, record, at);
}

static void before_text(struct syn *s) { move(s, 1, (size_t)-1); }
static void after_text(struct syn *s) { move(s, 1, SYN_BYTES); }
static void far_before(struct syn *s) { s->sites[1].site = INT32_MIN; }
static void far_after(struct syn *s) { s->sites[1].site = INT32_MAX; }
static void one_past(struct syn *s)
{
	s->where.len = at_of(s, 2) + s->sites[2].len - 1;
}
static void records_far(struct syn *s) { s->where.sites_addr += 1ull << 32; }
static void slot_top(struct syn *s) { s->bytes[at_of(s, 0) + 5] ^= 0x40; }
static void no_text(struct syn *s) { s->where.len = 0; }
static void identical(struct syn *s)
{
	move(s, 1, at_of(s, 0));
	s->sites[1].len = s->sites[0].len;
}
static void partial(struct syn *s) { move(s, 1, at_of(s, 0) + 5); }
static void inner_call(struct syn *s)
{
	unsigned pushes = (s->sites[1].len - 6u) / 2;

	move(s, 2, at_of(s, 1) + pushes);
	s->sites[2].type = s->sites[1].type;
	s->sites[2].len = 6;
}
static void type_count(struct syn *s) { s->sites[1].type = OP_COUNT; }
static void type_255(struct syn *s) { s->sites[2].type = 255; }
static void fewer_ops(struct syn *s) { s->where.ops = OP_irq_enable; }
static void len_0(struct syn *s) { s->sites[0].len = 0; }
static void len_5(struct syn *s) { s->sites[0].len = 5; }
static void len_255(struct syn *s) { s->sites[1].len = 255; }
static void wrong_op(struct syn *s) { s->sites[1].type = OP_irq_disable; }
static void wrong_table(struct syn *s) { s->where.table++; }
static void slot_inside(struct syn *s) { s->bytes[at_of(s, 0) + 2]++; }
static void other_isa(struct syn *s)
{
	s->where.isa = s->where.isa == ISA_IA32 ? ISA_X86_64 : ISA_IA32;
}
static void skip_push(struct syn *s)
{
	move(s, 1, at_of(s, 1) + 1);
	s->sites[1].len--;
}
static void in_the_call(struct syn *s) { move(s, 0, at_of(s, 0) + 1); }
static void short_by_one(struct syn *s) { s->sites[1].len--; }
static void long_by_one(struct syn *s) { s->sites[0].len++; }
static void direct_call(struct syn *s)
{
	s->bytes[at_of(s, 0)] = 0xe8;
}
static void register_call(struct syn *s)
{
	s->bytes[at_of(s, 0) + 1] = 0xd0;
}
static uint8_t *last_pops(struct syn *s)
{
	return s->bytes + at_of(s, 1) + s->sites[1].len - 2;
}
static void no_register(struct syn *s) { s->sites[0].clobbers |= 0x200; }
static void saved_register(struct syn *s) { s->sites[1].clobbers = CLOBBER_CX; }
static void other_pop(struct syn *s) { last_pops(s)[1] ^= 4; }
static void pop_order(struct syn *s)
{
	uint8_t *p = last_pops(s), t = p[0];

	p[0] = p[1];
	p[1] = t;
}
static void pop_unpushed(struct syn *s)
{
	s->bytes[at_of(s, 0) + 6] = 0x58;
	s->sites[0].len = 7;
}
static void lone_rex(struct syn *s)
{
	s->bytes[at_of(s, 0) + 6] = 0x41;
	s->sites[0].len = 7;
}
static void push_after(struct syn *s)
{
	last_pops(s)[1] = 0x50;
}
static void no_records(struct syn *s) { s->where.count = 0; }

#define INSIDE	"the site is not inside the text"
#define OVERLAP	"the site overlaps another"
#define NO_OP	"there is no op of that type"
#define SHORT	"the site is shorter than an indirect call"
#define NO_CALL	"the site holds no indirect call through memory"
#define OTHER	"the site does not call the op that its record names"
#define POPS	"the site ends inside an instruction or pops what it did not push"

static const struct refusal {
	const char *what;
	void (*spoil)(struct syn *s);
	size_t record;
	const char *why;
} refusals[] = {
	{ "one byte before the text",	before_text,	1, INSIDE },
	{ "right after the text",	after_text,	1, INSIDE },
	{ "as far before as can be",	far_before,	1, INSIDE },
	{ "as far after as can be",	far_after,	1, INSIDE },
	{ "one byte past the end",	one_past,	2, INSIDE },
	{ "records 4 GiB away",		records_far,	0, INSIDE },
	{ "a text of no bytes",		no_text,	0, INSIDE },
	{ "the same site twice",	identical,	1, OVERLAP },
	{ "overlap by a byte",		partial,	1, OVERLAP },
	{ "a call within a site",	inner_call,	2, OVERLAP },
	{ "the first type there is not", type_count,	1, NO_OP },
	{ "type 255",			type_255,	2, NO_OP },
	{ "a type beyond where.ops",	fewer_ops,	1, NO_OP },
	{ "0 bytes",			len_0,		0, SHORT },
	{ "5 bytes",			len_5,		0, SHORT },
	{ "255 bytes",			len_255,	1, "the site is too long" },
	{ "the record names another op", wrong_op,	1, OTHER },
	{ "another table",		wrong_table,	0, OTHER },
	{ "a call between two slots",	slot_inside,	0, OTHER },
	{ "a slot 1 GiB away",		slot_top,	0, OTHER },
	{ "a text of the other ISA",	other_isa,	0, OTHER },
	{ "the first push left out",	skip_push,	1, POPS },
	{ "in the middle of the call",	in_the_call,	0, NO_CALL },
	{ "a byte too short",		short_by_one,	1, POPS },
	{ "a byte too long",		long_by_one,	0, POPS },
	{ "a direct call",		direct_call,	0, NO_CALL },
	{ "a call through a register",	register_call,	0, NO_CALL },
	{ "a clobber that is no register", no_register, 0,
	  "the record names registers that a call does not change" },
	{ "a clobber that the site saves", saved_register, 1,
	  "the record lets a register be changed that the site saves" },
	{ "a pop of another register",	other_pop,	1, POPS },
	{ "two pops in push order",	pop_order,	1, POPS },
	{ "a pop without a push",	pop_unpushed,	0, POPS },
	{ "a prefix without its pop",	lone_rex,	0, POPS },
	{ "a push in place of a pop",	push_after,	1, POPS },
	{ "no records",			no_records,	TEXT_NO_RECORD, "there are no records" },
};
#define REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

static bool error_names(const struct refusal *r)
{
	const struct site *s = syn.sites;

	if (err.record != r->record || strcmp(err.why, r->why))
		return false;
	if (r->record == TEXT_NO_RECORD)
		return !err.addr && !err.type && !err.len;
	s += r->record;
	return err.addr == text_site_addr(&syn.where, r->record)
		&& err.type == s->type && err.len == s->len;
}

static bool text_is_as(const struct text *t, int byte)
{
	const uint8_t *p = (const uint8_t *)t;

	for (size_t i = 0; i < sizeof(*t); i++)
		if (p[i] != byte)
			return false;
	return true;
}

static void test_refusals(enum isa isa)
{
	for (const struct refusal *r = refusals; r < refusals + REFUSALS; r++) {
		bool opened;

		build_three(isa);
		r->spoil(&syn);
		fresh = syn;
		memset(&text, 0x5a, sizeof(text));
		memset(&err, 0, sizeof(err));
		opened = syn_open(&syn, &text, &err);
		if (!ok(!opened && error_names(r) && unchanged()
			&& text_is_as(&text, 0x5a),
			"%s: refused: %s", syn_isa[isa], r->what))
			diag("opened %d, record %zu: %s", opened, err.record,
			     err.why ? err.why : "-");
	}
}

static void test_room(enum isa isa)
{
	size_t need;

	build_three(isa);
	fresh = syn;
	need = text_room(&syn.where);
	ok(!text_open(&text, &syn.where, syn.room, need - 1, &err)
	   && err.record == TEXT_NO_RECORD
	   && !strcmp(err.why, "too little room for the built bytes")
	   && unchanged(), "%s: refused: room for a byte less", syn_isa[isa]);
	ok(text_open(&text, &syn.where, syn.room, need, &err),
	   "%s: accepted: room for no byte more", syn_isa[isa]);
}

/* What text_open() must accept. */

static void as_built(struct syn *s) { (void)s; }
static void ends_with_text(struct syn *s)
{
	s->where.len = at_of(s, 2) + s->sites[2].len;
}
static void backwards(struct syn *s)
{
	struct site a = s->sites[0], b = s->sites[2];
	size_t at_a = at_of(s, 0), at_b = at_of(s, 2);

	s->sites[0] = b;
	s->sites[2] = a;
	move(s, 0, at_b);
	move(s, 2, at_a);
}
/* As many pushes and pops as fit: 248 of RAX/EAX; the rest it lets be changed. */
static void longest(struct syn *s)
{
	size_t at = s->used;

	for (int i = 0; i < (SITE_LEN_MAX - 6) / 2; i++)
		syn_stack(s, 0x50, 0);
	syn_call(s, OP_irq_disable);
	for (int i = 0; i < (SITE_LEN_MAX - 6) / 2; i++)
		syn_stack(s, 0x58, 0);
	syn_record(s, at, OP_irq_disable, SITE_LEN_MAX,
		   syn_shapes[s->where.isa][SYN_CCALL].clobbers & ~CLOBBER_AX);
}
static void last_type(struct syn *s)
{
	syn_site(s, OP_COUNT - 1, &syn_shapes[s->where.isa][SYN_CCALL]);
}

static const struct {
	const char *what;
	void (*change)(struct syn *s);
} accepted[] = {
	{ "as built",				as_built },
	{ "the last site ends with the text",	ends_with_text },
	{ "records in another order",		backwards },
	{ "a site of 254 bytes",		longest },
	{ "the last op of the table",		last_type },
};
#define ACCEPTED (sizeof(accepted) / sizeof(accepted[0]))

/* Patched, checked and restored. */
static bool goes_round(void)
{
	bool changed;

	syn_writer_begin(&wr);
	if (!apply(&native_backend, MODE_inline, nops_named("nopl"), TEXT_ALL)
	    || !sums())
		return false;
	changed = !unchanged();
	return text_restore(&text, &wr.writer, &err) && changed && unchanged();
}

static void test_accepted(enum isa isa)
{
	for (size_t i = 0; i < ACCEPTED; i++) {
		build_three(isa);
		accepted[i].change(&syn);
		fresh = syn;
		ok(syn_open(&syn, &text, &err) && unchanged() && goes_round(),
		   "%s: accepted: %s", syn_isa[isa], accepted[i].what);
	}
}

/* Run-time addresses are 64 bits and their arithmetic wraps; a call reaches
 * 2 GiB either way, or on ia32 all there is. */
static const struct {
	enum isa isa;
	uint64_t base, table;		/* added to synthetic.h's */
} places[] = {
	{ ISA_X86_64, 0xffffffff80000000, 0 },
	{ ISA_X86_64, 0x7fffffff00000000, 0 },
	{ ISA_X86_64, -(uint64_t)SYN_TEXT - SYN_BYTES, 0 },
	{ ISA_X86_64, 0x100000000, 0x7f000000 },
	{ ISA_X86_64, 0x100000000, -(uint64_t)0x7f000000 },
	{ ISA_IA32, 0xc0000000, 0 },
	{ ISA_IA32, 0, 0xf0000000 },
};
#define PLACES (sizeof(places) / sizeof(places[0]))

static void test_places(void)
{
	for (unsigned i = 0; i < PLACES; i++) {
		enum isa isa = places[i].isa;

		syn_begin(&syn, isa);
		syn.where.addr += places[i].base;
		syn.where.sites_addr += places[i].base;
		syn.where.table += places[i].base + places[i].table;
		syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
		syn_site(&syn, OP_save_fl, &syn_shapes[isa][SYN_SEED_U]);
		fresh = syn;
		ok(syn_open(&syn, &text, &err) && goes_round(),
		   "%s: a text at 0x%llx, its table at 0x%llx", syn_isa[isa],
		   (unsigned long long)syn.where.addr,
		   (unsigned long long)syn.where.table);
	}
}

/* Random damage: refused without a change, or patched and put back. */

static uint64_t seed = 0x9e3779b97f4a7c15;

/* xorshift64: the same numbers on every machine. */
static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

static void damage_record(struct site *s)
{
	switch (rnd(5)) {
	case 0: s->site += (int32_t)rnd(65) - 32; break;
	case 1: s->site = (int32_t)(rnd(UINT32_MAX)); break;
	case 2: s->len = (uint8_t)rnd(256); break;
	case 3: s->len = (uint8_t)(s->len + rnd(5) - 2); break;
	case 4: s->type = (uint8_t)(rnd(2) ? rnd(256) : s->type ^ 1); break;
	}
}

static void damage(struct syn *s)
{
	for (unsigned n = rnd(3); n; n--)
		damage_record(&s->sites[rnd((uint32_t)s->where.count)]);
	for (unsigned n = rnd(3); n; n--)
		s->bytes[rnd((uint32_t)s->used)] = (uint8_t)rnd(256);
	if (!rnd(4))
		s->where.len = rnd((uint32_t)s->used + 8);
}

/* Independent of text_open(): a byte map as plain as can be. */
static bool sane(const struct syn *s)
{
	static uint8_t taken[SYN_BYTES];

	memset(taken, 0, sizeof(taken));
	for (size_t i = 0; i < s->where.count; i++) {
		const struct site *r = &s->sites[i];
		int64_t at = (int64_t)(s->where.sites_addr + 8 * i) + r->site
			- (int64_t)s->where.addr;

		if (at < 0 || at + r->len > (int64_t)s->where.len
		    || r->len < 6 || r->len == 255 || r->type >= OP_COUNT)
			return false;
		for (unsigned k = 0; k < r->len; k++)
			if (taken[at + k]++)
				return false;
	}
	return true;
}

/* In memory of exactly the size that was asked for, so that the sanitizer sees
 * every step beyond it. */
static bool fuzz_one(enum isa isa, unsigned *opened)
{
	size_t bytes, len;
	uint8_t *room, *exact;
	bool good = true;

	build_three(isa);
	damage(&syn);
	fresh = syn;
	len = syn.where.len;
	exact = malloc(len ? len : 1);
	memcpy(exact, syn.bytes, len);
	syn.where.bytes = exact;
	bytes = text_room(&syn.where);
	room = malloc(bytes);
	if (text_open(&text, &syn.where, room, bytes, &err)) {
		++*opened;
		syn_writer_begin(&wr);
		good = sane(&fresh) && !memcmp(exact, fresh.bytes, len)
			&& enter(&states[2]) && enter(&states[6])
			&& text_restore(&text, &wr.writer, &err);
	}
	good = good && !memcmp(exact, fresh.bytes, len);
	free(room);
	free(exact);
	return good;
}

static void test_fuzz(enum isa isa)
{
	unsigned i, opened = 0;

	for (i = 0; i < 100000; i++)
		if (!fuzz_one(isa, &opened))
			break;
	ok(i == 100000, "%s: %u random texts", syn_isa[isa], i);
	ok(opened > 1000 && opened < 90000, "%s: of which %u were good",
	   syn_isa[isa], opened);
}

/* One site alone, of a shape that is accepted or not. */

static const char *shape_says(void)
{
	fresh = syn;
	return syn_open(&syn, &text, &err) ? NULL : err.why;
}

/* A ccall site and bytes behind it that belong to it. */
static void padded(enum isa isa, const uint8_t *bytes, unsigned len)
{
	syn_begin(&syn, isa);
	syn_call(&syn, OP_irq_disable);
	for (unsigned i = 0; i < len; i++)
		syn_byte(&syn, bytes[i]);
	syn_record(&syn, 0, OP_irq_disable, 6 + len,
		   syn_shapes[isa][SYN_CCALL].clobbers);
}

/* Of NOPs those that site.h has, and no other filler. */
static const struct {
	const char *what;
	uint8_t bytes[24];
	unsigned len;
	bool good;
} fillers[] = {
	{ "a NOP of 2", { 0x66, 0x90 }, 2, true },
	{ "a NOP of 8", { 0x0f, 0x1f, 0x84 }, 8, true },
	{ "one of 8 and one of 2", { 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0, 0x66, 0x90 }, 10, true },
	{ "one of 2 and one of 8", { 0x66, 0x90, 0x0f, 0x1f, 0x84 }, 10, true },
	{ "a NOP of 1", { 0x90 }, 1, false },
	{ "a NOP of 3", { 0x0f, 0x1f, 0x00 }, 3, false },
	{ "a NOP of 8 and another displacement", { 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 1 }, 8, false },
	{ "half a NOP of 8", { 0x0f, 0x1f, 0x84, 0 }, 4, false },
	{ "half a NOP of 2", { 0x66 }, 1, false },
	{ "INT3", { 0xcc }, 1, false },
	{ "a NOP and CLI", { 0x66, 0x90, 0xfa }, 3, false },
	{ "a NOP and another call", { 0x66, 0x90, 0xff, 0x15 }, 8, false },
};
#define FILLERS (sizeof(fillers) / sizeof(fillers[0]))

static void test_fillers(enum isa isa)
{
	for (unsigned i = 0; i < FILLERS; i++) {
		const char *why;

		padded(isa, fillers[i].bytes, fillers[i].len);
		why = shape_says();
		ok((fillers[i].good ? !why : why && !strcmp(why, POPS)) && unchanged(),
		   "%s: behind the call %s: %s", syn_isa[isa], fillers[i].what,
		   fillers[i].good ? "accepted" : "refused");
	}
	syn_begin(&syn, isa);
	syn_byte(&syn, 0x66);
	syn_byte(&syn, 0x90);
	syn_call(&syn, OP_irq_disable);
	syn_record(&syn, 0, OP_irq_disable, 8, syn_shapes[isa][SYN_CCALL].clobbers);
	ok(!strcmp(shape_says() ? err.why : "", NO_CALL),
	   "%s: a NOP before the call: refused", syn_isa[isa]);
}

#define FORGETS	"the site neither saves nor lets be changed what a C function may change"

/* Each register that a C function may change is saved, or may be changed: a site
 * that forgets one is refused, but for those that ops return in. */
static void test_forgets(enum isa isa)
{
	unsigned all = syn_shapes[isa][SYN_CCALL].clobbers;
	unsigned results = isa == ISA_IA32 ? CLOBBER_AX | CLOBBER_DX : CLOBBER_AX;

	for (unsigned bit = 1; bit <= all; bit <<= 1) {
		bool good = bit & results;
		const char *why;

		syn_begin(&syn, isa);
		syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
		syn.sites[0].clobbers = (uint16_t)(all & ~bit);
		why = shape_says();
		ok(good ? !why : why && !strcmp(why, FORGETS),
		   "%s: a site that forgets register 0x%x: %s", syn_isa[isa], bit,
		   good ? "an op returns in it" : "refused");
	}
	for (unsigned k = 0; k < syn_shapes[isa][SYN_SEED].pushes; k++) {
		struct syn_shape shape = syn_shapes[isa][SYN_SEED];
		unsigned reg = shape.reg[k];
		bool good = !reg || (isa == ISA_IA32 && reg == 2);
		const char *why;

		memmove(shape.reg + k, shape.reg + k + 1, sizeof(shape.reg) - k - 1);
		shape.pushes--;
		syn_begin(&syn, isa);
		syn_site(&syn, OP_irq_disable, &shape);
		why = shape_says();
		ok(good ? !why : why && !strcmp(why, FORGETS),
		   "%s: a seed site without its push of register %u: %s",
		   syn_isa[isa], reg, good ? "an op returns in it" : "refused");
	}
	/* A thunk changes RAX alone, so its site need not say more. */
	syn_begin(&syn, isa);
	syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CALLEE]);
	ok(!shape_says(), "%s: a site of a thunk: accepted", syn_isa[isa]);
	syn.where.callee = 0;
	ok(!strcmp(shape_says() ? err.why : "", OTHER),
	   "%s: but not where there are no thunks", syn_isa[isa]);
	syn_begin(&syn, isa);
	syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
	syn.sites[0].clobbers = CLOBBER_AX;
	ok(!strcmp(shape_says() ? err.why : "", FORGETS),
	   "%s: a site of the op itself that says it is a thunk's: refused",
	   syn_isa[isa]);
}

/* Jumps where calls are wanted, and calls where jumps are. */
static void test_jump_shapes(enum isa isa)
{
	for (unsigned jumps = 0; jumps < 2; jumps++) {
		const char *why;

		syn_begin(&syn, isa);
		syn.where.jumps = jumps;
		syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
		ok(!shape_says(), "%s: a text of %s", syn_isa[isa],
		   jumps ? "trampolines" : "calls");
		syn.where.jumps = !jumps;
		why = shape_says();
		ok(why && !strcmp(why, NO_CALL), "%s: refused: %s", syn_isa[isa],
		   jumps ? "a jump among calls" : "a call among trampolines");
	}
}

int main(void)
{
	test_places();
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_refusals(isa);
		test_room(isa);
		test_accepted(isa);
		test_fuzz(isa);
		test_fillers(isa);
		test_forgets(isa);
		test_jump_shapes(isa);
	}
	return done();
}
