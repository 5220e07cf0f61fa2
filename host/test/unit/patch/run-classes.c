/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a batch stores is what each of its sites comes to by itself: texts at random,
 * of either ISA, in all backends, modes and paddings, whole, in parts and in spans,
 * within reach and at its edge; sites that look alike and are not; and texts that
 * cannot be.
 */
#include <stdlib.h>
#include "patch/mode.h"
#include "lib/rng.h"
#include "backend/backends.h"
#include "synthetic.h"
#include "tap.h"

static struct rng rng;

static unsigned below(unsigned n)
{
	return rng_below(&rng, n);
}

static bool window(void *ctx, uint8_t *at, size_t len,
		   void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, 0);
	return true;
}

static const struct text_writer writer = { window, NULL };

/* A text in memory of exactly its size, so that the sanitizer sees its ends. */
struct made {
	struct text_where where;
	struct text text;
	struct site *sites;
	uint8_t *bytes, *fresh, *islands;
	void *room;
};

/* What goes into it, byte by byte. */
struct maker {
	struct made *m;
	uint8_t *bytes;
	size_t used;
};

static void put(struct maker *k, unsigned byte)
{
	k->bytes[k->used++] = (uint8_t)byte;
}

static void put_stack(struct maker *k, unsigned op, unsigned reg)
{
	if (reg & 8)
		put(k, 0x41);
	put(k, op | (reg & 7));
}

static void put_call(struct maker *k, uint64_t table, unsigned type)
{
	const struct text_where *w = &k->m->where;
	bool x64 = w->isa == ISA_X86_64;
	uint64_t slot = table + (uint64_t)type * (x64 ? 8 : 4);
	uint32_t d = (uint32_t)(x64 ? slot - (w->addr + k->used + CALL_MEM_LEN) : slot);

	put(k, 0xff);
	put(k, w->jumps ? 0x25 : 0x15);
	memcpy(k->bytes + k->used, &d, sizeof(d));
	k->used += sizeof(d);
}

/* Registers that a site pushes: none twice, in any order. */
static unsigned draw_pushes(enum isa isa, unsigned *reg)
{
	static const unsigned all[] = { 0, 1, 2, 3, 6, 7, 8, 9, 10, 11 };
	unsigned n = 0, taken = 0;

	for (unsigned tries = below(3) ? 0 : below(6); tries--; ) {
		unsigned r = all[below(isa == ISA_X86_64 ? 10 : 4)];

		if (taken & 1u << r)
			continue;
		taken |= 1u << r;
		reg[n++] = r;
	}
	return n;
}

static unsigned draw_type(void)
{
	return below(2) ? OP_irq_disable + below(4) : 1 + below(OP_COUNT - 1);
}

static void put_site(struct maker *k, size_t i)
{
	const struct text_where *w = &k->m->where;
	unsigned all = w->isa == ISA_X86_64 ? CLOBBER_X86_64 : CLOBBER_IA32;
	unsigned reg[16], saved = 0, type = draw_type(), n;
	bool callee = !w->jumps && !below(4);
	size_t at = k->used += below(12);

	n = w->jumps ? 0 : draw_pushes(w->isa, reg);
	for (unsigned j = 0; j < n; j++) {
		saved |= clobber_bit(reg[j]);
		put_stack(k, 0x50, reg[j]);
	}
	put_call(k, callee ? w->callee : w->table, type);
	while (n)
		put_stack(k, 0x58, reg[--n]);
	for (unsigned j = w->jumps ? 0 : below(3); j--; ) {
		static const uint8_t nop8[] = { SITE_NOP8_BYTES };

		memcpy(k->bytes + k->used, nop8, sizeof(nop8));
		k->used += sizeof(nop8);
	}
	k->m->sites[i] = (struct site){
		.site = (int32_t)(w->addr + at - (w->sites_addr + i * sizeof(struct site))),
		.type = (uint8_t)type, .len = (uint8_t)(k->used - at),
		.clobbers = (uint16_t)(callee ? CLOBBER_AX & ~saved : all & ~saved),
	};
}

/* Where: near what is called, or so that it is just about in reach. */
static uint64_t draw_addr(enum isa isa, size_t sites)
{
	uint64_t op = (uintptr_t)native_backend.ops.irq_disable;
	uint64_t edge = 0x80000000u - below((unsigned)sites * 24 + 1);

	if (isa == ISA_IA32 || !below(3))
		return 0x401000;
	return below(2) ? op + edge : op - edge;
}

static bool make(struct made *m, enum isa isa, size_t sites)
{
	uint64_t addr = draw_addr(isa, sites);
	uint8_t *bytes = malloc(sites * 80 + 80);
	struct maker k = { m, bytes, below(4) };
	struct text_error e;

	*m = (struct made){ .sites = calloc(sites, sizeof(struct site)),
			    .islands = calloc(sites, ISLAND_BYTES) };
	m->where = (struct text_where){
		.isa = isa, .addr = addr, .sites_addr = addr + 0x1000000,
		.sites = m->sites, .count = sites, .ops = OP_COUNT,
		.table = addr + 0x2000000, .callee = addr + 0x2100000,
		.endbr = below(2) ? ENDBR_LEN : 0, .jumps = !below(8),
		.stub = { [STUB_retpoline] = addr + 0x3000000,
			  [STUB_lfence] = addr + 0x3100000,
			  [STUB_trampoline] = addr + 0x3200000 },
		.islands = below(2) ? addr + 0x4000000 : 0,
		.island_bytes = m->islands,
	};
	memset(bytes, SYN_FILLER, sites * 80 + 80);
	for (size_t i = 0; i < sites; i++)
		put_site(&k, i);
	m->where.len = k.used;
	m->bytes = m->where.bytes = malloc(k.used);
	m->fresh = malloc(k.used);
	memcpy(m->bytes, bytes, k.used);
	memcpy(m->fresh, bytes, k.used);
	free(bytes);
	m->room = malloc(text_room(&m->where));
	if (text_open(&m->text, &m->where, m->room, text_room(&m->where), &e))
		return true;
	diag("record %zu: %s", e.record, e.why);
	return false;
}

static void unmake(struct made *m)
{
	free(m->sites);
	free(m->islands);
	free(m->bytes);
	free(m->fresh);
	free(m->room);
}

/* One batch of a text. */
struct tried {
	struct text part;
	const struct backend *b;
	const struct mode *m;
	struct nop_table nops;
	struct text_span span;
};

static struct tried draw(const struct made *m)
{
	static const struct nop_table *tables[ISA_COUNT][3];
	struct tried t = { .part = m->text, .span = TEXT_ALL };
	size_t first = 0, built = 0;

	for (unsigned i = 0; i < 3; i++) {
		tables[ISA_IA32][i] = nop_tables[i];
		tables[ISA_X86_64][i] = nop_tables[i ? i : 1];
	}
	t.b = backends[below(BACKEND_COUNT)];
	t.m = &modes[below(MODE_COUNT)];
	t.nops = nop_padding(tables[m->where.isa][below(3)], below(PADDING_COUNT));
	if (!below(3)) {
		first = below((unsigned)m->where.count);
		for (size_t i = 0; i < first; i++)
			built += m->sites[i].len;
		t.part = text_part(&m->text, first,
				   1 + below((unsigned)(m->where.count - first)), built);
	}
	if (!below(3)) {
		t.span.begin = m->where.addr + below((unsigned)m->where.len);
		t.span.end = t.span.begin + below((unsigned)m->where.len);
	}
	return t;
}

static bool in_span(const struct tried *t, uint64_t addr)
{
	return addr >= t->span.begin && addr < t->span.end;
}

/* What each site of the batch comes to by itself, into @want; and how many. */
static bool one_by_one(const struct made *m, const struct tried *t, uint8_t *want,
		       struct text_counts *c)
{
	bool good = true;

	*c = (struct text_counts){ 0 };
	for (size_t i = 0; i < t->part.where.count; i++) {
		uint64_t addr = text_site_addr(&t->part.where, i);
		struct text_form f;

		if (!in_span(t, addr))
			continue;
		good &= !text_encode(&t->part, i, t->b, t->m, &t->nops, &f);
		memcpy(want + (addr - m->where.addr), f.bytes, f.len);
		c->sites++;
		c->outcome[f.outcome]++;
		c->nops += f.nops;
		c->max_nops = f.nops > c->max_nops ? f.nops : c->max_nops;
		if (t->m->island && t->part.where.islands)
			good &= !memcmp(t->part.where.island_bytes + i * ISLAND_BYTES,
					f.island, f.island_len);
	}
	return good;
}

static unsigned sites_tried;

static bool try_batch(struct made *m)
{
	struct tried t = draw(m);
	uint8_t *want = malloc(m->where.len);
	struct text_counts got, counts;
	struct text_error e;
	bool good;

	memcpy(want, m->bytes, m->where.len);
	good = text_apply(&t.part, t.b, t.m, &t.nops, t.span, &writer, &got, &e)
		&& one_by_one(m, &t, want, &counts)
		&& !memcmp(want, m->bytes, m->where.len)
		&& !memcmp(&got, &counts, sizeof(got))
		&& text_verify(&t.part, t.b, t.m, &t.nops, t.span, &e);
	if (!good)
		diag("%s, %s, padding %u: %s", t.b->name, t.m->name, t.nops.padding,
		     e.why ? e.why : "other bytes, or counts");
	sites_tried += counts.sites;
	free(want);
	if (good && !below(4))
		good = text_restore(&m->text, &writer, &e)
			&& !memcmp(m->bytes, m->fresh, m->where.len);
	return good;
}

static void test_random(enum isa isa, size_t sites, unsigned texts, unsigned batches)
{
	unsigned good = 0, most = 0;

	sites_tried = 0;
	rng = (struct rng){ 7 * sites + isa };
	for (unsigned i = 0; i < texts; i++) {
		struct made m;

		if (make(&m, isa, 2 + below((unsigned)sites)))
			for (unsigned k = 0; k < batches; k++)
				good += try_batch(&m);
		most = m.text.class_count > most ? m.text.class_count : most;
		unmake(&m);
	}
	ok(good == texts * batches, "%s: %u texts, %u batches, %u sites, each as by itself",
	   syn_isa[isa], texts, texts * batches, sites_tried);
	ok(sites < 1000 || most == TEXT_CLASSES, "%s: up to %u classes", syn_isa[isa],
	   most);
}

/* Three sites, of which the middle one is built otherwise: the outermost say nothing
 * of it. */
static void test_alike(enum isa isa, const char *what, struct syn_shape a,
		       struct syn_shape b)
{
	static struct syn syn;
	unsigned good = 0;

	syn_begin(&syn, isa);
	syn_site(&syn, OP_irq_disable, &a);
	syn_site(&syn, OP_irq_disable, &b);
	syn_site(&syn, OP_irq_disable, &a);
	for (unsigned m = 0; m < MODE_COUNT; m++) {
		struct text_counts c;
		struct text_error e;
		struct text text;

		if (!syn_open(&syn, &text, &e)
		    || !text_apply(&text, &native_backend, &modes[m], nop_tables[2],
				   TEXT_ALL, &writer, &c, &e))
			continue;
		for (size_t i = 0; i < 3; i++) {
			struct text_form f;

			text_encode(&text, i, &native_backend, &modes[m],
				    nop_tables[2], &f);
			good += !memcmp(text_site_bytes(&syn.where, i), f.bytes, f.len);
		}
		text_restore(&text, &writer, &e);
	}
	ok(good == 3 * MODE_COUNT, "%s: %s: each keeps its own, in %u modes",
	   syn_isa[isa], what, MODE_COUNT);
}

static void test_all_alike(enum isa isa)
{
	unsigned all = syn_shapes[isa][SYN_CCALL].clobbers;

	test_alike(isa, "pushes in another order",
		   (struct syn_shape){ "", 2, { 1, 2 }, all & ~6u, 0, false },
		   (struct syn_shape){ "", 2, { 2, 1 }, all & ~6u, 0, false });
	test_alike(isa, "pushes of another register",
		   (struct syn_shape){ "", 1, { 1 }, 1, 0, true },
		   (struct syn_shape){ "", 1, { 2 }, 1, 0, true });
	test_alike(isa, "pushes of a register that calls keep",
		   (struct syn_shape){ "", 1, { 3 }, all, 0, false },
		   (struct syn_shape){ "", 1, { 5 }, all, 0, false });
}

/* A mode that keeps the opcode it finds: calls and jumps of foreign ops. */
static enum patched encode_keep(const struct backend *b, const struct sited_op *so,
				uint8_t *buf, unsigned *used)
{
	(void)b;
	buf[0] = buf[1] == 0x15 ? 0xe8 : 0xe9;
	memset(buf + 1, 0, 4);
	*used = 5;
	return so->type ? PATCHED_CALL : KEPT_NO_FORM;
}

static void test_foreign(enum isa isa)
{
	static const struct mode keep = { .name = "keep", .encode = encode_keep };
	static struct syn syn;
	struct text_counts c;
	struct text_error e;
	struct text text;

	syn_begin(&syn, isa);
	syn.where.foreign = true;
	for (unsigned i = 0; i < 3; i++) {
		size_t at = syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);

		if (i == 1)
			syn.bytes[at + 1] = 0x25;
	}
	ok(syn_open(&syn, &text, &e)
	   && text_apply(&text, &native_backend, &keep, nop_tables[2], TEXT_ALL, &writer,
			 &c, &e)
	   && text_site_bytes(&syn.where, 0)[0] == 0xe8
	   && text_site_bytes(&syn.where, 1)[0] == 0xe9
	   && text_site_bytes(&syn.where, 2)[0] == 0xe8,
	   "%s: foreign calls and jumps are not mistaken for each other", syn_isa[isa]);
}

/* Texts that are refused for where they are. */
static void test_where(enum isa isa)
{
	static struct syn syn;
	struct text_error e;
	struct text text;

	syn_begin(&syn, isa);
	syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
	syn.where.addr = 0 - (uint64_t)SYN_BYTES + 1;
	ok(!syn_open(&syn, &text, &e) && !strcmp(e.why, "the text ends behind the last address"),
	   "%s: refused: a text that goes round to 0", syn_isa[isa]);
	syn_begin(&syn, isa);
	syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
	syn.where.len += offsetof(struct syn, sites) - offsetof(struct syn, bytes)
		- SYN_BYTES + 1;
	ok(!syn_open(&syn, &text, &e)
	   && !strcmp(e.why, "the records are in the text itself"),
	   "%s: refused: records in the text", syn_isa[isa]);
}

/* Lengths that come to more than the text need no more room than it has. */
static void test_room(void)
{
	enum { COUNT = 1 << 20 };
	struct site *sites = malloc(COUNT * sizeof(*sites));
	struct text_where w = { .len = 4096, .count = COUNT, .sites = sites };

	memset(sites, 0xff, COUNT * sizeof(*sites));
	ok(text_room(&w) <= TEXT_ROOM(4096, COUNT, 4096ul),
	   "room for a million records of 255 bytes in a text of 4096: %zu",
	   text_room(&w));
	free(sites);
}

int main(void)
{
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_random(isa, 40, 60, 60);
		test_random(isa, 6000, 3, 20);
		test_all_alike(isa);
		test_foreign(isa);
		test_where(isa);
	}
	test_room();
	return done();
}
