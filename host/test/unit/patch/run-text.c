/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The patch engine on texts made in memory, of both ISAs: what text_open()
 * refuses, that no state depends on the one before, that a failure changes no
 * byte, and random records.
 */
#include <stdlib.h>
#include "patch/mode.h"
#include "backend/backends.h"
#include "synthetic.h"
#include "tap.h"

static struct syn syn, fresh;
static struct text text;
static struct text_error err;
static struct text_counts counts;
static struct syn_writer wr;

/* nop_tables[] by name, so that a new table needs no new number here. */
static const struct nop_table *nops_named(const char *name)
{
	unsigned i = 0;

	while (nop_tables[i] && strcmp(nop_tables[i]->name, name))
		i++;
	return nop_tables[i];
}

static bool unchanged(void)
{
	return !memcmp(syn.bytes, fresh.bytes, sizeof(syn.bytes));
}

/* Ops with and without a form; the last has one that fits no ccall site. */
static const enum op ops[] = {
	OP_irq_disable, OP_irq_enable, OP_save_fl, OP_restore_fl,
	OP_arch_setup, OP_write_cr3, OP_read_pmc,
};
#define OPS (sizeof(ops) / sizeof(ops[0]))

/* Every op in every convention, and one byte of filler between sites. */
static void build(enum isa isa)
{
	syn_begin(&syn, isa);
	for (unsigned i = 0; i < OPS; i++)
		for (unsigned k = 0; k < SYN_SHAPES; k++)
			syn_site(&syn, ops[i], &syn_shapes[isa][k]);
	fresh = syn;
	syn_writer_begin(&wr);
	if (!syn_open(&syn, &text, &err))
		printf("Bail out! record %zu: %s\n", err.record, err.why);
}

static bool apply(const struct backend *b, enum mode_id mode,
		  const struct nop_table *nops, struct text_span span)
{
	return text_apply(&text, b, &modes[mode], nops, span, &wr.writer,
			  &counts, &err);
}

static bool sums(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		n += counts.outcome[i];
	return n == counts.sites;
}

/* What text_open() refuses.  The good text: records 0 to 2 are a ccall, a seed
 * and a seed site that a value comes back from. */

static size_t at_of(const struct syn *s, size_t record)
{
	return (size_t)(text_site_addr(&s->where, record) - s->where.addr);
}

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

static void build_three(enum isa isa)
{
	syn_begin(&syn, isa);
	syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
	syn_site(&syn, OP_irq_enable, &syn_shapes[isa][SYN_SEED]);
	syn_site(&syn, OP_save_fl, &syn_shapes[isa][SYN_SEED_U]);
}

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

/* States: each is what it is, whatever was before. */

/* CALL rel32 to a fixed address, as another backend might. */
static enum patched FASTCALL hook_call(const struct sited_op *so, uint8_t *buf,
				       unsigned *used)
{
	uint32_t rel = SYN_TABLE - ((uint32_t)so->addr + 5);

	if (so->type == OP_arch_setup)
		return KEPT_OUT_OF_REACH;
	buf[0] = 0xe8;
	for (int i = 1; i < 5; i++, rel >>= 8)
		buf[i] = (uint8_t)rel;
	*used = 5;
	return PATCHED_CALL;
}

/* Every second op only. */
static enum patched FASTCALL hook_half(const struct sited_op *so, uint8_t *buf,
				       unsigned *used)
{
	if (so->type & 1)
		return KEPT_NO_FORM;
	*used = so->len;
	memset(buf, 0x90, so->len);
	return PATCHED_INLINE;
}

/* The whole site is padding. */
static enum patched FASTCALL hook_empty(const struct sited_op *so, uint8_t *buf,
					unsigned *used)
{
	(void)so, (void)buf;
	*used = 0;
	return PATCHED_INLINE;
}

static const struct backend call_backend = { .name = "call", .ops.patch = hook_call };
static const struct backend half_backend = { .name = "half", .ops.patch = hook_half };
static const struct backend empty_backend = { .name = "empty", .ops.patch = hook_empty };

static const struct state {
	const char *name;
	const struct backend *backend;
	enum mode_id mode;
	const char *nops;
} states[] = {
	{ "indirect",		&native_backend, MODE_indirect, "nopl" },
	{ "native",		&native_backend, MODE_native,	"nopl" },
	{ "inline, nopl",	&native_backend, MODE_inline,	"nopl" },
	{ "inline, i386",	&native_backend, MODE_inline,	"i386" },
	{ "calls",		&call_backend,	 MODE_inline,	"nopl" },
	{ "every second op",	&half_backend,	 MODE_inline,	"nopl" },
	{ "NOPs alone",		&empty_backend,	 MODE_inline,	"nopl" },
};
#define STATES (sizeof(states) / sizeof(states[0]))

static bool verify(const struct state *s, struct text_span span)
{
	return text_verify(&text, s->backend, &modes[s->mode],
			   nops_named(s->nops), span, &err);
}

static bool enter(const struct state *s)
{
	return apply(s->backend, s->mode, nops_named(s->nops), TEXT_ALL)
		&& sums() && counts.sites == syn.where.count
		&& verify(s, TEXT_ALL);
}

static void test_states(enum isa isa)
{
	static uint8_t want[STATES][SYN_BYTES];

	for (unsigned i = 0; i < STATES; i++) {
		build(isa);
		ok(enter(&states[i]), "%s: %s", syn_isa[isa], states[i].name);
		memcpy(want[i], syn.bytes, SYN_BYTES);
	}
	ok(!memcmp(want[0], fresh.bytes, SYN_BYTES)
	   && !memcmp(want[1], fresh.bytes, SYN_BYTES),
	   "%s: indirect and native are as built", syn_isa[isa]);
	build(isa);
	for (unsigned from = 0; from < STATES; from++)
		for (unsigned to = 0; to < STATES; to++)
			ok(enter(&states[from]) && enter(&states[to])
			   && !memcmp(want[to], syn.bytes, SYN_BYTES),
			   "%s: %s after %s", syn_isa[isa], states[to].name,
			   states[from].name);
	ok(text_restore(&text, &wr.writer, &err) && unchanged(),
	   "%s: restored", syn_isa[isa]);
}

/* One site at a time says the same as all of them. */
static void test_encode(enum isa isa)
{
	unsigned nops = 0, most = 0, other = 0;

	for (unsigned s = 0; s < STATES; s++) {
		build(isa);
		enter(&states[s]);
		nops = most = other = 0;
		for (size_t i = 0; i < syn.where.count; i++) {
			struct text_form f;

			other += text_encode(&text, i, states[s].backend,
					     &modes[states[s].mode],
					     nops_named(states[s].nops), &f)
				|| f.len != syn.sites[i].len
				|| f.type != syn.sites[i].type
				|| memcmp(f.bytes, text_site_bytes(&syn.where, i), f.len);
			nops += f.nops;
			most = f.nops > most ? f.nops : most;
		}
		ok(!other && nops == counts.nops && most == counts.max_nops,
		   "%s: %s, site by site", syn_isa[isa], states[s].name);
	}
}

/* Known bytes and outcomes, site by site. */
static const struct {
	enum isa isa;
	enum op op;
	enum syn_shapes shape;
	enum patched want;
	unsigned nops;
	const char *bytes;	/* NULL: as built */
} forms[] = {
	{ ISA_X86_64, OP_irq_disable, SYN_CCALL, PATCHED_INLINE, 1, "\xfa\x0f\x1f\x44\0" },
	{ ISA_X86_64, OP_save_fl, SYN_CCALL, PATCHED_INLINE, 1, "\x9c\x58\x0f\x1f\x40\0" },
	{ ISA_X86_64, OP_restore_fl, SYN_CCALL, PATCHED_INLINE, 1, "\x57\x9d\x0f\x1f\x40\0" },
	{ ISA_X86_64, OP_irq_disable, SYN_SEED, PATCHED_INLINE, 3, "\xfa\x66\x66\x66\x0f\x1f\x84" },
	{ ISA_X86_64, OP_read_pmc, SYN_CCALL, KEPT_TOO_SMALL, 0, NULL },
	{ ISA_X86_64, OP_read_pmc, SYN_SEED_U, KEPT_NO_REGISTER, 0, NULL },
	{ ISA_X86_64, OP_arch_setup, SYN_SEED, KEPT_NO_FORM, 0, NULL },
	{ ISA_IA32, OP_irq_enable, SYN_CCALL, PATCHED_INLINE, 1, "\xfb\x0f\x1f\x44\0" },
	{ ISA_IA32, OP_restore_fl, SYN_CCALL, PATCHED_INLINE, 1, "\x50\x9d\x0f\x1f\x40\0" },
	{ ISA_IA32, OP_save_fl, SYN_SEED_U, PATCHED_INLINE, 1, "\x9c\x58\x0f\x1f\x84\0\0\0\0" },
	{ ISA_IA32, OP_irq_disable, SYN_SEED, PATCHED_INLINE, 1, "\xfa\x66\x66\x66\x0f\x1f\x84" },
	{ ISA_IA32, OP_read_pmc, SYN_CCALL, PATCHED_INLINE, 1, "\x31\xc9\x0f\x33\x66\x90" },
	{ ISA_IA32, OP_read_pmc, SYN_SEED, KEPT_NO_REGISTER, 0, NULL },
	{ ISA_IA32, OP_arch_setup, SYN_CCALL, KEPT_NO_FORM, 0, NULL },
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

static bool bytes_begin(const struct text_form *f, const char *want,
			const uint8_t *built)
{
	return want ? !memcmp(f->bytes, want, strlen(want))
		    : !memcmp(f->bytes, built, f->len) && f->used == f->len;
}

static void test_forms(void)
{
	for (size_t i = 0; i < FORMS; i++) {
		struct text_form f;

		syn_begin(&syn, forms[i].isa);
		syn_site(&syn, forms[i].op, &syn_shapes[forms[i].isa][forms[i].shape]);
		fresh = syn;
		ok(syn_open(&syn, &text, &err)
		   && !text_encode(&text, 0, &native_backend, &modes[MODE_inline],
				   nops_named("nopl"), &f)
		   && f.outcome == forms[i].want && f.nops == forms[i].nops
		   && bytes_begin(&f, forms[i].bytes, fresh.bytes) && unchanged(),
		   "%s: %s, %s: its bytes", syn_isa[forms[i].isa],
		   op_info[forms[i].op].name,
		   syn_shapes[forms[i].isa][forms[i].shape].name);
	}
}

/* A hook that says "kept" but scribbled: the built bytes stay. */
static enum patched scribble_says;

static enum patched FASTCALL hook_scribble(const struct sited_op *so,
					   uint8_t *buf, unsigned *used)
{
	(void)so;
	memset(buf, 0xee, FORM_LEN_MAX);
	*used = 3;
	return scribble_says;
}

static const struct backend scribble_backend = {
	.name = "scribble", .ops.patch = hook_scribble
};

static void test_kept(enum isa isa)
{
	static const enum patched kept[] = {
		KEPT_AS_BUILT, KEPT_NO_FORM, KEPT_TOO_SMALL, KEPT_NO_REGISTER,
		KEPT_OUT_OF_REACH,
	};

	for (unsigned i = 0; i < 5; i++) {
		build(isa);
		scribble_says = kept[i];
		ok(apply(&scribble_backend, MODE_inline, nops_named("nopl"), TEXT_ALL)
		   && counts.outcome[kept[i]] == syn.where.count && sums()
		   && !counts.nops && unchanged(),
		   "%s: outcome %u leaves the built bytes", syn_isa[isa], kept[i]);
	}
}

/* Hooks that cannot be trusted: refused, although all but the last site was
 * encoded already; nothing is written, not even the writer opened. */
static const struct hostile {
	const char *what;
	unsigned outcome, beyond;	/* used is the site's length + beyond */
} hostiles[] = {
	{ "one byte more than the site", PATCHED_INLINE, 1 },
	{ "one byte more, as a call",	PATCHED_CALL, 1 },
	{ "as many as can be said",	PATCHED_INLINE, 0x80000000 },
	{ "the outcome after the last",	PATCHED_COUNT, 0 },
	{ "an outcome there is not",	PATCHED_COUNT + 1, 0 },
	{ "an outcome of all ones",	0xffffffff, 0 },
};
#define HOSTILES (sizeof(hostiles) / sizeof(hostiles[0]))

static const struct hostile *hostile;
static uint64_t hostile_at;

static enum patched FASTCALL hook_hostile(const struct sited_op *so,
					  uint8_t *buf, unsigned *used)
{
	memset(buf, 0x90, so->len);
	*used = so->len;
	if (so->addr != hostile_at)
		return PATCHED_INLINE;
	*used += hostile->beyond;
	return (enum patched)hostile->outcome;
}

static const struct backend hostile_backend = {
	.name = "hostile", .ops.patch = hook_hostile
};

static void test_hostile(enum isa isa)
{
	for (hostile = hostiles; hostile < hostiles + HOSTILES; hostile++) {
		size_t last;

		build(isa);
		last = syn.where.count - 1;
		hostile_at = text_site_addr(&syn.where, last);
		ok(!apply(&hostile_backend, MODE_inline, nops_named("nopl"), TEXT_ALL)
		   && err.record == last && err.addr == hostile_at
		   && strstr(err.why, "hook") && unchanged()
		   && !wr.opened && !wr.closed,
		   "%s: a hook that returns %s", syn_isa[isa], hostile->what);
	}
}

/* The writer. */

static bool writer_used(unsigned opened, unsigned closed)
{
	return wr.opened == opened && wr.closed == closed;
}

static void test_writer(enum isa isa)
{
	const struct nop_table *nops = nops_named("nopl");

	build(isa);
	ok(apply(&native_backend, MODE_inline, nops, TEXT_ALL)
	   && writer_used(1, 1), "%s: one serialisation for a batch", syn_isa[isa]);
	ok(text_restore(&text, &wr.writer, &err) && writer_used(2, 2),
	   "%s: and one to restore", syn_isa[isa]);

	build(isa);
	wr.refuse_open = 1;
	ok(!apply(&native_backend, MODE_inline, nops, TEXT_ALL)
	   && err.record == TEXT_NO_RECORD && strstr(err.why, "writable")
	   && writer_used(1, 0) && unchanged(),
	   "%s: a text that cannot be made writable", syn_isa[isa]);

	build(isa);
	apply(&native_backend, MODE_inline, nops, TEXT_ALL);
	wr.refuse_open = 2;
	ok(!text_restore(&text, &wr.writer, &err)
	   && err.record == TEXT_NO_RECORD && writer_used(2, 1),
	   "%s: nor to restore", syn_isa[isa]);
}

/* Is one site, that of the error, not what it should be, and no other? */
static bool one_lost(const uint8_t *want)
{
	size_t lost = 0, which = 0;

	for (size_t i = 0; i < syn.where.count; i++) {
		size_t at = at_of(&syn, i);

		if (!memcmp(syn.bytes + at, want + at, syn.sites[i].len))
			continue;
		lost++;
		which = i;
	}
	return lost == 1 && err.record == which
		&& err.addr == text_site_addr(&syn.where, which)
		&& strstr(err.why, "read back");
}

/* Every single store may be lost; each is found out and named. */
static void test_lost(enum isa isa)
{
	static uint8_t want[SYN_BYTES];
	unsigned found = 0, n;

	build(isa);
	apply(&empty_backend, MODE_inline, nops_named("nopl"), TEXT_ALL);
	memcpy(want, syn.bytes, SYN_BYTES);
	n = wr.written;
	for (unsigned k = 0; k < n; k++) {
		build(isa);
		wr.drop = k + 1;
		found += !apply(&empty_backend, MODE_inline, nops_named("nopl"), TEXT_ALL)
			&& one_lost(want) && writer_used(1, 1);
	}
	ok(found == n && n >= syn.where.count, "%s: a lost store is named: %u of %u",
	   syn_isa[isa], found, n);

	build(isa);
	apply(&empty_backend, MODE_inline, nops_named("nopl"), TEXT_ALL);
	wr.drop = n + 3;
	ok(!text_restore(&text, &wr.writer, &err) && one_lost(fresh.bytes)
	   && writer_used(2, 2), "%s: when restoring too", syn_isa[isa]);
}

/* Every byte of every site is looked at, and none between sites. */
static void test_verify(enum isa isa)
{
	const struct state *s = &states[2];
	unsigned found = 0, bytes = 0;

	build(isa);
	enter(s);
	for (size_t i = 0; i < syn.where.count; i++) {
		uint8_t *p = text_site_bytes(&syn.where, i);

		for (unsigned k = 0; k < syn.sites[i].len; k++, bytes++) {
			p[k] ^= 0x10;
			found += !verify(s, TEXT_ALL) && err.record == i
				&& strstr(err.why, "something else");
			p[k] ^= 0x10;
		}
		p[syn.sites[i].len] ^= 1;	/* filler */
	}
	ok(found == bytes, "%s: a changed byte is found: %u of %u", syn_isa[isa],
	   found, bytes);
	ok(verify(s, TEXT_ALL), "%s: bytes between sites are not its concern",
	   syn_isa[isa]);
	ok(!verify(&states[0], TEXT_ALL) && err.record == 0,
	   "%s: another state is found out", syn_isa[isa]);
	text_site_bytes(&syn.where, 2)[0] ^= 1;
	ok(verify(s, (struct text_span){ text_site_addr(&syn.where, 3), UINT64_MAX })
	   && !verify(s, (struct text_span){ 0, text_site_addr(&syn.where, 3) }),
	   "%s: sites outside of the span are not looked at", syn_isa[isa]);
	ok(writer_used(1, 1),
	   "%s: and nothing is stored", syn_isa[isa]);
}

/* Spans: [begin, end) of where a site begins. */

static bool only_patched(size_t first, size_t end)
{
	for (size_t i = 0; i < syn.where.count; i++) {
		size_t at = at_of(&syn, i);
		bool same = !memcmp(syn.bytes + at, fresh.bytes + at,
				    syn.sites[i].len);

		if (same == (i >= first && i < end))
			return false;
	}
	return counts.sites == end - first && sums();
}

static void test_spans(enum isa isa)
{
	uint64_t a2, a5;
	const struct {
		const char *what;
		int begin, end;		/* from site 2, from site 5 */
		size_t first, last;
	} spans[] = {
		{ "two sites' beginnings", 0, 0, 2, 5 },
		{ "begins after a beginning", 1, 0, 3, 5 },
		{ "ends after a beginning", 0, 1, 2, 6 },
		{ "begins before one", -1, 0, 2, 5 },
		{ "ends before one", 0, -1, 2, 5 },
	};

	build(isa);
	a2 = text_site_addr(&syn.where, 2);
	a5 = text_site_addr(&syn.where, 5);
	for (unsigned i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		struct text_span span = { a2 + (uint64_t)(int64_t)spans[i].begin,
					  a5 + (uint64_t)(int64_t)spans[i].end };

		build(isa);
		ok(apply(&empty_backend, MODE_inline, nops_named("nopl"), span)
		   && only_patched(spans[i].first, spans[i].last),
		   "%s: a span that %s", syn_isa[isa], spans[i].what);
	}
	build(isa);
	ok(apply(&empty_backend, MODE_inline, nops_named("nopl"),
		 (struct text_span){ a5, a2 }) && !counts.sites && unchanged(),
	   "%s: a span of nothing", syn_isa[isa]);
	build(isa);
	ok(apply(&empty_backend, MODE_inline, nops_named("nopl"),
		 (struct text_span){ a5, UINT64_MAX })
	   && apply(&empty_backend, MODE_inline, nops_named("nopl"),
		    (struct text_span){ 0, a5 }) && counts.sites == 5
	   && enter(&states[0]) && unchanged(),
	   "%s: two spans make the whole", syn_isa[isa]);
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

/* A part of a text is a text: only its sites change, and only its islands. */

static size_t built_before(size_t first)
{
	size_t n = 0;

	for (size_t i = 0; i < first; i++)
		n += syn.sites[i].len;
	return n;
}

static bool islands_written(size_t first, size_t end)
{
	for (size_t i = 0; i < syn.where.count; i++) {
		const uint8_t *p = syn.islands + i * ISLAND_BYTES;
		bool is = p[0] == 0xff && p[1] == 0x15 && p[6] == 0xe9
			&& p[11] == 0xcc && p[15] == 0xcc;
		bool fresh_is = !memcmp(p, fresh.islands + i * ISLAND_BYTES, ISLAND_BYTES);

		if (i >= first && i < end ? !is : !fresh_is)
			return false;
	}
	return true;
}

static void test_part(enum isa isa)
{
	static const size_t parts[][2] = {
		{ 0, 1 }, { 0, 5 }, { 3, 4 }, { 7, 19 }, { 41, 42 }, { 0, 42 },
	};
	const struct nop_table *nops = nops_named("nopl");

	for (unsigned k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		size_t first = parts[k][0], end = parts[k][1];
		struct text part;
		bool good;

		build(isa);
		part = text_part(&text, first, end - first, built_before(first));
		good = text_apply(&part, &native_backend, &modes[MODE_key_jmp], nops,
				  TEXT_ALL, &wr.writer, &counts, &err)
			&& only_patched(first, end) && islands_written(first, end)
			&& text_verify(&part, &native_backend, &modes[MODE_key_jmp],
				       nops, TEXT_ALL, &err);
		good &= text_restore(&part, &wr.writer, &err) && unchanged();
		ok(good, "%s: a part, sites %zu to %zu: patched, and put back",
		   syn_isa[isa], first, end - 1);
	}
}

/* Two parts of a text, one after the other: each is what it is. */
static void test_two_parts(enum isa isa, enum mode_id a, enum mode_id b)
{
	const struct nop_table *nops = nops_named("nopl");
	struct text first, second;

	build(isa);
	first = text_part(&text, 0, 7, 0);
	second = text_part(&text, 7, 12, built_before(7));
	ok(text_apply(&first, &native_backend, &modes[a], nops, TEXT_ALL, &wr.writer,
		      &counts, &err)
	   && text_apply(&second, &native_backend, &modes[b], nops, TEXT_ALL,
			 &wr.writer, &counts, &err)
	   && text_verify(&first, &native_backend, &modes[a], nops, TEXT_ALL, &err)
	   && text_verify(&second, &native_backend, &modes[b], nops, TEXT_ALL, &err),
	   "%s: a part in %s and another in %s: both are known again", syn_isa[isa],
	   modes[a].name, modes[b].name);
}

/* Every byte of every site and island is looked at. */
static void test_unchanged(enum isa isa, enum mode_id mode)
{
	const struct nop_table *nops = nops_named("nopl");
	unsigned found = 0, bytes = 0;

	build(isa);
	apply(&native_backend, mode, nops, TEXT_ALL);
	for (size_t i = 0; i < syn.where.count; i++) {
		uint8_t *site = text_site_bytes(&syn.where, i);
		uint8_t *island = syn.islands + i * ISLAND_BYTES;
		unsigned len = syn.sites[i].len;
		unsigned all = len + (mode == MODE_key_jmp ? ISLAND_BYTES : 0);

		for (unsigned k = 0; k < all; k++, bytes++) {
			uint8_t *p = k < len ? site + k : island + k - len;

			*p ^= 1;
			found += !text_verify(&text, &native_backend, &modes[mode],
					      nops, TEXT_ALL, &err)
				&& err.record == i && strstr(err.why, "something else");
			*p ^= 1;
		}
	}
	ok(found == bytes && text_verify(&text, &native_backend, &modes[mode], nops,
					 TEXT_ALL, &err),
	   "%s, %s: each changed byte is found: %u of %u", syn_isa[isa],
	   modes[mode].name, found, bytes);
}

/* What staging foretells for all sites of a class is what each comes to by itself:
 * sites of every kind at many places, in every mode of every backend. */
static void test_classes(enum isa isa)
{
	unsigned good = 0, all = 0;

	syn_begin(&syn, isa);
	for (unsigned i = 0; i < SYN_SITES; i++)
		syn_site(&syn, i % 3 ? OP_restore_fl : OP_irq_enable,
			 &syn_shapes[isa][i % SYN_SHAPES]);
	fresh = syn;
	syn_writer_begin(&wr);
	if (!ok(syn_open(&syn, &text, &err) && text.class_count < SYN_SITES,
		"%s: %u classes of %u sites", syn_isa[isa], text.class_count,
		SYN_SITES))
		return;
	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		for (unsigned m = 0; m < MODE_COUNT; m++)
			for (unsigned p = 0; p < PADDING_COUNT; p++) {
				struct nop_table nops = nop_padding(nops_named("nopl"), p);
				struct text_staged s;

				if (!text_stage(&text, backends[b], &modes[m], &nops,
						TEXT_ALL, &s, &counts, &err))
					diag("%s %s: %s", backends[b]->name,
					     modes[m].name, err.why);
				for (size_t i = 0; i < syn.where.count; i++, all++) {
					uint8_t bytes[SITE_LEN_MAX];
					struct text_form f;

					good += text_staged_site(&s, i, bytes) == syn.sites[i].len
						&& !text_encode(&text, i, backends[b],
								&modes[m], &nops, &f)
						&& !memcmp(bytes, f.bytes, f.len);
				}
			}
	ok(good == all && unchanged(), "%s: staged as encoded one by one: %u of %u",
	   syn_isa[isa], good, all);
}

/* Forms that nobody could foretell from another's. */
static enum patched FASTCALL hook_odd(const struct sited_op *so, uint8_t *buf,
				      unsigned *used)
{
	buf[0] = so->addr & 8 ? 0x90 : 0xfa;
	buf[1] = (uint8_t)(so->addr * 5);
	*used = 2;
	return so->addr % 5 ? PATCHED_INLINE : KEPT_NO_FORM;
}

static const struct backend odd_backend = { .name = "odd", .ops.patch = hook_odd };

static void test_odd(enum isa isa)
{
	unsigned good = 0;

	syn_begin(&syn, isa);
	for (unsigned i = 0; i < SYN_SITES; i++)
		syn_site(&syn, OP_irq_enable, &syn_shapes[isa][SYN_CCALL]);
	fresh = syn;
	syn_open(&syn, &text, &err);
	apply(&odd_backend, MODE_inline, nops_named("nopl"), TEXT_ALL);
	for (size_t i = 0; i < syn.where.count; i++) {
		struct text_form f;

		good += !text_encode(&text, i, &odd_backend, &modes[MODE_inline],
				     nops_named("nopl"), &f)
			&& !memcmp(text_site_bytes(&syn.where, i), f.bytes, f.len);
	}
	ok(good == SYN_SITES && text.class_count == 1 && sums(),
	   "%s: forms that depend on the place in other ways: %u of %u", syn_isa[isa],
	   good, SYN_SITES);
}

/* Islands are stored with their sites, before them; or nothing is. */
static void test_islands(enum isa isa)
{
	const struct nop_table *nops = nops_named("nopl");
	unsigned n, stores, found = 0;

	build(isa);
	n = (unsigned)syn.where.count;
	ok(apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL)
	   && writer_used(1, 1) && islands_written(0, n),
	   "%s: an island and a site each, one serialisation", syn_isa[isa]);
	ok(enter(&states[0]) && unchanged() && enter(&states[2]),
	   "%s: another mode needs none", syn_isa[isa]);
	build(isa);
	apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL);
	stores = wr.written;
	for (unsigned k = 0; k < stores; k++) {
		build(isa);
		wr.drop = k + 1;
		found += !apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL)
			&& strstr(err.why, "read back");
	}
	ok(found == stores && stores >= 2 * n, "%s: a lost store of either is found: %u of %u",
	   syn_isa[isa], found, stores);
	build(isa);
	wr.refuse_open = 1;
	ok(!apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL) && unchanged()
	   && islands_written(0, 0), "%s: a text that cannot be made writable: no "
	   "island is touched", syn_isa[isa]);
	build(isa);
	text.where.islands += isa == ISA_X86_64 ? 1ull << 40 : 0;
	ok(apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL) && sums()
	   && (isa == ISA_IA32 || (counts.outcome[KEPT_OUT_OF_REACH] == n && unchanged()
				   && syn.islands[0] == 0xcc)),
	   "%s: islands out of reach: the sites are as built", syn_isa[isa]);
}

/* Every mode, after every other, is what it is alone. */
static void test_modes(enum isa isa)
{
	static uint8_t want[MODE_COUNT][SYN_BYTES];
	unsigned good = 0;

	for (unsigned m = 0; m < MODE_COUNT; m++) {
		build(isa);
		good += apply(&native_backend, m, nops_named("nopl"), TEXT_ALL)
			&& sums() && counts.sites == syn.where.count;
		memcpy(want[m], syn.bytes, SYN_BYTES);
	}
	build(isa);
	for (unsigned k = 0; k < MODE_COUNT * MODE_COUNT; k++)
		good += apply(&native_backend, k / MODE_COUNT, nops_named("nopl"), TEXT_ALL)
			&& apply(&native_backend, k % MODE_COUNT, nops_named("nopl"), TEXT_ALL)
			&& !memcmp(want[k % MODE_COUNT], syn.bytes, SYN_BYTES);
	ok(good == MODE_COUNT * (MODE_COUNT + 1)
	   && text_restore(&text, &wr.writer, &err) && unchanged(),
	   "%s: each of %u modes after each other, and restored", syn_isa[isa],
	   MODE_COUNT);
}

int main(void)
{
	test_forms();
	test_places();
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_refusals(isa);
		test_room(isa);
		test_accepted(isa);
		test_states(isa);
		test_encode(isa);
		test_kept(isa);
		test_writer(isa);
		test_lost(isa);
		test_verify(isa);
		test_spans(isa);
		test_fuzz(isa);
		test_fillers(isa);
		test_forgets(isa);
		test_jump_shapes(isa);
		test_part(isa);
		test_two_parts(isa, MODE_inline, MODE_direct);
		test_two_parts(isa, MODE_key_jmp, MODE_key_jmp);
		test_two_parts(isa, MODE_key_jmp, MODE_nop);
		test_unchanged(isa, MODE_inline);
		test_unchanged(isa, MODE_key_jmp);
		test_classes(isa);
		test_odd(isa);
		test_islands(isa);
		test_modes(isa);
	}
	for (enum isa isa = 0; isa < ISA_COUNT; isa++)
		test_hostile(isa);
	return done();
}
