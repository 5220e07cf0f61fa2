/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Alternatives: instructions copied to another address, the choice of an entry, what a
 * DIRECT_CALL becomes; on texts made in memory what is refused, that a refusal changes
 * no byte, one pass over sites with records, entries and both, and the way back.
 */
#include <stdlib.h>
#include "alternative/alternative_site.h"
#include "alternative/alternatives.h"
#include "patch/insn.h"
#include "patch/mode.h"
#include "alternative/own_alternatives.h"
#include "synthetic.h"
#include "tap.h"

static const struct nop_table *nops_named(const char *name)
{
	unsigned i = 0;

	while (nop_tables[i] && strcmp(nop_tables[i]->name, name))
		i++;
	return nop_tables[i];
}

/* Copies. */

#define X64	ISA_X86_64
#define I32	ISA_IA32
#define FROM	0x440000u

#define BITS_16		"the replacement has a branch of 16 bits out of itself"
#define NO_REACH	"a displacement of the replacement does not reach from the site"
#define NO_INSN		"the replacement holds what is no instruction, or a part of one"

/* Every expected byte by hand: the new displacement is the old one plus FROM - to. */
static const struct copy {
	const char *what;
	enum isa isa;
	uint64_t to;
	unsigned len;
	const char *bytes, *want;	/* NULL: it is refused, and this is why: */
	const char *why;
	enum alternative_shrink shrink;
} copies[] = {
	/* As Linux's alt_reloc_selftest has it: lea mem(%rip), %rdi; call f. */
	{ "lea from RIP and a call", X64, FROM - 0x1000, 12,
	  "\x48\x8d\x3d\x00\x02\x00\x00" "\xe8\x00\x01\x00\x00",
	  "\x48\x8d\x3d\x00\x12\x00\x00" "\xe8\x00\x11\x00\x00", NULL, SHRINK_NO },
	{ "an address and a call", I32, FROM - 0x1000, 10,
	  "\xb8\x00\x02\x00\x00" "\xe8\x00\x01\x00\x00",
	  "\xb8\x00\x02\x00\x00" "\xe8\x00\x11\x00\x00", NULL, SHRINK_NO },
	{ "an operand from RIP with an immediate", X64, FROM + 0x10, 7,
	  "\x80\x3d\x00\x02\x00\x00\x01", "\x80\x3d\xf0\x01\x00\x00\x01", NULL, SHRINK_NO },
	{ "a call through memory", X64, FROM + 0x100, 6,
	  "\xff\x15\x00\x10\x00\x00", "\xff\x15\x00\x0f\x00\x00", NULL, SHRINK_NO },
	{ "a call through memory", I32, FROM + 0x100, 6,
	  "\xff\x15\x00\x00\x00\x00", "\xff\x15\x00\x00\x00\x00", NULL, SHRINK_NO },
	{ "a short jump within", X64, FROM - 0x1000, 4,
	  "\x74\x01\x90\xfa", "\x74\x01\x90\xfa", NULL, SHRINK_NO },
	{ "a short jump back within", X64, FROM - 0x1000, 3,
	  "\x90\xeb\xfd", "\x90\xeb\xfd", NULL, SHRINK_NO },
	{ "a short jump to the end", X64, FROM - 0x1000, 3,
	  "\x75\x01\xfa", "\x75\x01\xfa", NULL, SHRINK_NO },
	{ "a short jump past the end", X64, FROM - 0x10, 3,
	  "\x75\x02\xfa", "\x75\x12\xfa", NULL, SHRINK_NO },
	{ "a short jump to before the block", X64, FROM + 0x10, 3,
	  "\x90\xeb\xfc", "\x90\xeb\xec", NULL, SHRINK_NO },
	{ "a short jump out, as far as it goes", I32, FROM - 0x70, 2,
	  "\xeb\x0f", "\xeb\x7f", NULL, SHRINK_NO },
	{ "a short jump out, too far", I32, FROM - 0x71, 2, "\xeb\x0f", NULL, NO_REACH,
	  SHRINK_NO },
	{ "a short jump out, too far", X64, FROM - 0x71, 2, "\xeb\x0f", NULL, NO_REACH,
	  SHRINK_NO },
	{ "a short jump back, as far as it goes", X64, FROM + 0x70, 2,
	  "\xeb\xf0", "\xeb\x80", NULL, SHRINK_NO },
	{ "a short jump back, as far as it goes", I32, FROM + 0x70, 2,
	  "\xeb\xf0", "\xeb\x80", NULL, SHRINK_NO },
	{ "a short jump back, too far", X64, FROM + 0x71, 2, "\xeb\xf0", NULL, NO_REACH,
	  SHRINK_NO },
	{ "loop and jecxz out", I32, FROM - 4, 4, "\xe2\x10\xe3\x10",
	  "\xe2\x14\xe3\x14", NULL, SHRINK_NO },
	{ "jcc near", X64, FROM - 0x1000, 6, "\x0f\x84\x00\x01\x00\x00",
	  "\x0f\x84\x00\x11\x00\x00", NULL, SHRINK_NO },
	{ "a call, as far as it goes", X64, FROM + 0x80000000u, 5,
	  "\xe8\x10\x00\x00\x00", "\xe8\x10\x00\x00\x80", NULL, SHRINK_NO },
	{ "a call, a byte too far", X64, FROM + 0x80000011u, 5, "\xe8\x10\x00\x00\x00",
	  NULL, NO_REACH, SHRINK_NO },
	{ "a call as far, which wraps", I32, FROM + 0x80000011u, 5,
	  "\xe8\x10\x00\x00\x00", "\xe8\xff\xff\xff\x7f", NULL, SHRINK_NO },
	{ "a call that wraps the other way: its old displacement and the way do not fit", I32,
	  FROM + 0x80000011u, 5, "\xe8\x20\x00\x00\x00", "\xe8\x0f\x00\x00\x80", NULL,
	  SHRINK_NO },
	{ "a call back that wraps", I32, FROM + 0x80000000u, 5,
	  "\xe8\xe0\xff\xff\xff", "\xe8\xe0\xff\xff\x7f", NULL, SHRINK_NO },
	{ "an operand from RIP, too far", X64, FROM + 0x100000000u, 6,
	  "\xff\x15\x00\x10\x00\x00", NULL, NO_REACH, SHRINK_NO },
	{ "a call of 16 bits", I32, FROM + 1, 4, "\x66\xe8\x10\x00", NULL, BITS_16,
	  SHRINK_NO },
	{ "a part of an instruction", X64, FROM, 4, "\xe8\x10\x00\x00", NULL, NO_INSN,
	  SHRINK_NO },
	{ "what is no instruction", X64, FROM, 2, "\x90\x06", NULL, NO_INSN, SHRINK_NO },
	{ "nothing", X64, FROM, 0, "", "", NULL, SHRINK_NO },
	/* e9 to eb, which is 3 bytes shorter. */
	{ "jmp near", X64, FROM - 0x10, 5, "\xe9\x40\0\0\0", "\xe9\x50\0\0\0", NULL,
	  SHRINK_NO },
	{ "jmp near, shrunk, INT3s", X64, FROM - 0x10, 5, "\xe9\x40\0\0\0",
	  "\xeb\x53\xcc\xcc\xcc", NULL, SHRINK_ALL },
	{ "jmp near, shrunk, a NOP", X64, FROM - 0x10, 5, "\xe9\x40\0\0\0",
	  "\xeb\x53\x0f\x1f\x00", NULL, SHRINK_FORWARD },
	{ "jmp near, just shrunk", X64, FROM - 0x3c, 5, "\xe9\x40\0\0\0",
	  "\xeb\x7f\xcc\xcc\xcc", NULL, SHRINK_ALL },
	{ "jmp near, just not shrunk", X64, FROM - 0x3d, 5, "\xe9\x40\0\0\0",
	  "\xe9\x7d\0\0\0", NULL, SHRINK_ALL },
	{ "jmp near back, shrunk", X64, FROM + 0x60, 5, "\xe9\xf0\xff\xff\xff",
	  "\xeb\x93\xcc\xcc\xcc", NULL, SHRINK_ALL },
	{ "jmp near back: only forwards", X64, FROM + 0x60, 5, "\xe9\xf0\xff\xff\xff",
	  "\xe9\x90\xff\xff\xff", NULL, SHRINK_FORWARD },
	{ "jmp near behind another", X64, FROM, 6, "\x90\xe9\x40\0\0\0",
	  "\x90\xeb\x43\xcc\xcc\xcc", NULL, SHRINK_ALL },
	{ "jmp near behind another: only a lone one", X64, FROM, 6, "\x90\xe9\x40\0\0\0",
	  "\x90\xe9\x40\0\0\0", NULL, SHRINK_FORWARD },
	{ "a call is not shrunk", X64, FROM, 5, "\xe8\x40\0\0\0", "\xe8\x40\0\0\0", NULL,
	  SHRINK_ALL },
};

static void test_copies(void)
{
	const struct nop_table *nopl = nops_named("nopl");

	for (unsigned i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
		const struct copy *c = &copies[i];
		/* Of exactly that size: the sanitizer sees more. */
		uint8_t *from = malloc(c->len), *to = malloc(c->len);
		struct alternative_block b = { c->isa, from, c->len, FROM, c->to };
		const char *why;

		memcpy(from, c->bytes, c->len);
		why = alternative_copy(&b, c->shrink, nopl, to);
		if (!ok(c->want ? !why && !memcmp(to, c->want, c->len)
			: why && !strcmp(why, c->why), "%s: %s", syn_isa[c->isa], c->what))
			diag("%s", why ? why : "another copy");
		free(from);
		free(to);
	}
}

/* A text with everything in it. */

#define SYN_REPLACEMENTS	0x00440000u
#define SYN_NOTHING		0x00450000u
#define SYN_BUG			0x00451000u
#define SYN_FUNCTION		0x00452000u
#define ENTRIES_MAX		32
#define FEATURES		8

/* Features of the made-up machine. */
enum { F_NEVER, F_ALWAYS, F_ONE, F_TWO };

struct made {
	struct syn syn;
	struct alternative entry[ENTRIES_MAX];
	uint8_t replacement[512];
	size_t used;
	struct alternative_where where;
	uint32_t features;
	uint64_t pointer[OP_COUNT];	/* the table's */
	bool unreadable;
};

static struct made made, fresh;
static struct text text;
static struct alternatives alt;
static struct alternatives_error err;
static struct alternatives_counts counts;
static struct syn_writer wr;
static void *room;

static bool has(void *ctx, unsigned feature)
{
	return ((struct made *)ctx)->features >> feature & 1;
}

static bool pointer(void *ctx, uint64_t addr, uint64_t *value)
{
	struct made *m = ctx;
	uint64_t slot = (addr - SYN_TABLE) / (m->where.isa == X64 ? 8 : 4);

	if (m->unreadable || slot >= OP_COUNT)
		return false;
	*value = m->pointer[slot];
	return true;
}

/* An entry for the site at text byte @at. */
static struct alternative *entry(struct made *m, size_t at, unsigned len,
				 const char *bytes, unsigned n, unsigned feature,
				 unsigned flags)
{
	struct alternative *a = &m->entry[m->where.count++];

	*a = (struct alternative){
		.addr = SYN_TEXT + at, .replacement = SYN_REPLACEMENTS + m->used,
		.feature = (uint16_t)feature, .len = (uint8_t)len,
		.replacement_len = (uint8_t)n, .flags = (uint8_t)flags,
	};
	memcpy(m->replacement + m->used, bytes, n);
	m->used += n;
	return a;
}

/* The replacement of a DIRECT_CALL: a call of what complains. */
static void entry_call(struct made *m, size_t at)
{
	uint32_t rel = SYN_BUG - (uint32_t)(SYN_REPLACEMENTS + m->used + 5);
	char call[5] = { (char)0xe8, (char)rel, (char)(rel >> 8), (char)(rel >> 16),
			 (char)(rel >> 24) };

	entry(m, at, 6, call, 5, F_ALWAYS, ALTERNATIVE_DIRECT_CALL);
}

static size_t put(struct made *m, const char *bytes, unsigned n)
{
	size_t at = m->syn.used;

	memcpy(m->syn.bytes + at, bytes, n);
	m->syn.used += n + 1;
	return at;
}

enum { FENCE, LONGER, BOTH_CALL, BOTH_WIDE, CALL_ALONE, SITES };
static size_t at[SITES];

/*
 * FENCE      lfence; rdtsc, or rdtscp with feature one
 * LONGER     two entries for one site, of different lengths
 * BOTH_CALL  a record, and Linux's two: DIRECT_CALL, then cli unless feature two
 * BOTH_WIDE  a record of 16 bytes, and an entry without feature one
 * CALL_ALONE a DIRECT_CALL without a record
 */
static void make(enum isa isa)
{
	memset(&made, 0, sizeof(made));
	syn_begin(&made.syn, isa);
	syn_site(&made.syn, OP_irq_enable, &syn_shapes[isa][SYN_CCALL]);
	at[FENCE] = put(&made, "\x0f\xae\xe8\x0f\x31", 5);
	entry(&made, at[FENCE], 5, "\x0f\x01\xf9", 3, F_ONE, 0);
	at[LONGER] = put(&made, "\x90\x90\x90\x90\x90\x90\x90", 7);
	entry(&made, at[LONGER], 3, "\x0f\x09\x90", 3, F_ONE, 0);
	entry(&made, at[LONGER], 7, "\xb8\x01\0\0\0", 5, F_TWO, 0);
	at[BOTH_CALL] = syn_site(&made.syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
	entry_call(&made, at[BOTH_CALL]);
	entry(&made, at[BOTH_CALL], 6, "\xfa", 1, F_TWO, ALTERNATIVE_NOT);
	at[BOTH_WIDE] = syn_site(&made.syn, OP_save_fl, &syn_shapes[isa][SYN_WIDE16]);
	entry(&made, at[BOTH_WIDE], 16, "\x9c\x58", 2, F_ONE, ALTERNATIVE_NOT);
	at[CALL_ALONE] = made.syn.used;
	syn_call(&made.syn, OP_irq_enable);
	made.syn.used++;
	entry_call(&made, at[CALL_ALONE]);
	syn_site(&made.syn, OP_read_pmc, &syn_shapes[isa][SYN_CALLEE]);
	made.where = (struct alternative_where){
		.isa = isa, .addr = SYN_TEXT, .bytes = made.syn.bytes, .len = SYN_BYTES,
		.replacement_addr = SYN_REPLACEMENTS, .replacement = made.replacement,
		.replacement_len = made.used, .entry = made.entry,
		.count = made.where.count, .features = FEATURES,
	};
	made.pointer[OP_irq_disable] = made.pointer[OP_irq_enable] = SYN_FUNCTION;
	made.features = 1 << F_ALWAYS;
	fresh = made;
	syn_writer_begin(&wr);
}

static bool open_all(bool with_records)
{
	struct text_error te;
	size_t bytes;

	if (with_records && !syn_open(&made.syn, &text, &te))
		printf("Bail out! record %zu: %s\n", te.record, te.why);
	bytes = alternatives_room(&made.where, with_records ? &text : NULL);
	free(room);
	room = malloc(bytes);
	return alternatives_open(&alt, &made.where, with_records ? &text : NULL, room,
				 bytes, &err);
}

static struct alternatives_how how_of(enum mode_id mode)
{
	return (struct alternatives_how){
		.backend = &native_backend, .mode = &modes[mode],
		.nops = nops_named("nopl"), .span = TEXT_ALL,
		.rules = { .has = has, .pointer = pointer, .ctx = &made,
			   .nothing = SYN_NOTHING, .nops = nops_named("nopl") },
	};
}

static bool apply(enum mode_id mode)
{
	struct alternatives_how how = how_of(mode);

	return alternatives_apply(&alt, &how, &wr.writer, &counts, &err);
}

static bool verify(enum mode_id mode)
{
	struct alternatives_how how = how_of(mode);

	return alternatives_verify(&alt, &how, &err);
}

static bool unchanged(void)
{
	return !memcmp(made.syn.bytes, fresh.syn.bytes, SYN_BYTES);
}

static bool holds(unsigned site, const char *bytes, unsigned n)
{
	return !memcmp(made.syn.bytes + at[site], bytes, n);
}

/* CALL rel32 of @target and a byte of NOP. */
static bool holds_call(unsigned site, uint32_t target)
{
	const uint8_t *p = made.syn.bytes + at[site];

	return p[0] == 0xe8 && p[5] == 0x90
		&& (uint32_t)(SYN_TEXT + at[site] + 5) + (uint32_t)insn_field(p + 1, 4)
			== target;
}

static bool sums(void)
{
	unsigned n = counts.text.sites, t = 0;

	for (unsigned i = 0; i < ALTERNATIVE_OUTCOMES; i++)
		n += counts.alternative[i];
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		t += counts.text.outcome[i];
	return n == counts.sites && t == counts.text.sites;
}

/* Only bytes of sites may change: zero where they are, and compare the rest. */
static bool only_sites_changed(void)
{
	uint8_t now[SYN_BYTES], then[SYN_BYTES];

	memcpy(now, made.syn.bytes, SYN_BYTES);
	memcpy(then, fresh.syn.bytes, SYN_BYTES);
	for (size_t i = 0; i < alt.count; i++) {
		memset(now + (alt.site[i].addr - SYN_TEXT), 0, alt.site[i].len);
		memset(then + (alt.site[i].addr - SYN_TEXT), 0, alt.site[i].len);
	}
	return !memcmp(now, then, SYN_BYTES);
}

static void test_apply(enum isa isa)
{
	const char *n = syn_isa[isa];

	make(isa);
	ok(open_all(true), "%s: a text with both is opened", n);
	ok(alt.count == 7, "%s: seven sites", n);
	ok(apply(MODE_inline) && sums() && counts.sites == 7 && counts.both == 2,
	   "%s: applied, counted", n);
	ok(wr.opened == 1 && wr.closed == 1, "%s: in one window", n);
	ok(holds(FENCE, "\x0f\xae\xe8\x0f\x31", 5), "%s: not eligible, as built", n);
	ok(holds(LONGER, "\x90\x90\x90\x90\x90\x90\x90", 7), "%s: nor of two", n);
	ok(holds(BOTH_CALL, "\xfa\x0f\x1f\x44\0\0", 6), "%s: the last eligible wins", n);
	ok(holds(BOTH_WIDE, "\x9c\x58\x66\x2e\x0f\x1f\x84", 2),
	   "%s: an entry before the record's form", n);
	ok(holds_call(CALL_ALONE, SYN_FUNCTION), "%s: a direct call", n);
	ok(counts.text.sites == 2 && counts.text.outcome[PATCHED_INLINE] == 1,
	   "%s: the records' sites have their forms", n);
	ok(verify(MODE_inline) && only_sites_changed(), "%s: verified", n);
	made.features = 1 << F_ALWAYS | 1 << F_ONE | 1 << F_TWO;
	ok(!verify(MODE_inline) && !strcmp(err.why, "the site holds something else"),
	   "%s: it is not what other features ask for", n);
	ok(apply(MODE_inline) && sums(), "%s: applied with features one and two", n);
	ok(holds(FENCE, "\x0f\x01\xf9\x66\x90", 5), "%s: rdtscp and a NOP", n);
	ok(holds(LONGER, "\xb8\x01\0\0\0\x66\x90", 7), "%s: the longer one", n);
	ok(holds_call(BOTH_CALL, SYN_FUNCTION), "%s: a direct call where a record is", n);
	ok(counts.alternative[ALTERNATIVE_REPLACED] == 2
	   && counts.alternative[ALTERNATIVE_CALL] == 2 && counts.text.sites == 3,
	   "%s: with no entry eligible the record's form", n);
	made.features = 1 << F_ALWAYS | 1 << F_ONE;
	ok(apply(MODE_direct) && holds(LONGER, "\x0f\x09\x90\x0f\x1f\x40\0", 3 + 4),
	   "%s: the shorter one, padded to the longer", n);
	wr.opened = 0;
	ok(alternatives_restore(&alt, &wr.writer, &err) && unchanged() && wr.opened == 1,
	   "%s: restored, in one window", n);
}

/* What a DIRECT_CALL becomes, by what the pointer holds. */
static void test_pointer(enum isa isa)
{
	static const struct {
		uint64_t value;
		uint32_t calls;		/* 0: six bytes of NOP */
		enum alternative_outcome outcome;
	} cases[] = {
		{ SYN_FUNCTION, SYN_FUNCTION, ALTERNATIVE_CALL },
		{ SYN_NOTHING, 0, ALTERNATIVE_NOTHING },
		{ 0, SYN_BUG, ALTERNATIVE_NULLED },
	};
	static const char *const outcomes[ALTERNATIVE_OUTCOMES] = {
#define ALTERNATIVE_OUTCOME(name, word, what) [ALTERNATIVE_##name] = word,
#include "list/alternative.def"
#undef ALTERNATIVE_OUTCOME
	};
	const char *n = syn_isa[isa];

	for (unsigned i = 0; i < 3; i++) {
		make(isa);
		made.pointer[OP_irq_enable] = cases[i].value;
		open_all(false);
		ok(apply(MODE_inline) && counts.alternative[cases[i].outcome]
		   && (cases[i].calls ? holds_call(CALL_ALONE, cases[i].calls)
		       : holds(CALL_ALONE, "\x66\x0f\x1f\x44\0\0", 6)),
		   "%s: %s", n, outcomes[cases[i].outcome]);
	}
	make(isa);
	made.unreadable = true;
	open_all(true);
	ok(!apply(MODE_inline) && unchanged() && err.record == 6
	   && !strcmp(err.why, "the pointer that the site calls by cannot be read"),
	   "%s: the pointer cannot be read", n);
	make(isa);
	made.pointer[OP_irq_enable] = SYN_FUNCTION + (1ull << 32);
	open_all(true);
	ok(isa == I32 ? apply(MODE_inline) && holds_call(CALL_ALONE, SYN_FUNCTION)
	   : !apply(MODE_inline) && unchanged() && err.record == 6
		&& err.addr == SYN_TEXT + at[CALL_ALONE]
		&& !strcmp(err.why, "the function is out of reach of a direct call"),
	   "%s: the function is far", n);
}

static bool has_always(void *ctx, unsigned feature)
{
	(void)ctx;
	return feature == F_ALWAYS;
}

static bool pointer_high(void *ctx, uint64_t addr, uint64_t *value)
{
	*(uint64_t *)ctx = addr;
	*value = SYN_TEXT - 0x1000;
	return true;
}

/* The pointer's address as the CPU has it, and a function before the site. */
static void test_pointer_addr(enum isa isa)
{
	static const uint8_t high[] = { 0xff, 0x15, 0xf0, 0xff, 0xff, 0xff };
	struct alternatives_how how = how_of(MODE_inline);
	uint64_t asked = 0, behind;

	make(isa);
	memcpy(made.syn.bytes + at[CALL_ALONE], high, sizeof(high));
	behind = SYN_TEXT + at[CALL_ALONE] + sizeof(high);
	how.rules.pointer = pointer_high;
	how.rules.has = has_always;
	how.rules.ctx = &asked;
	ok(open_all(true) && alternatives_apply(&alt, &how, &wr.writer, &counts, &err)
	   && asked == (isa == I32 ? 0xfffffff0 : behind - 16)
	   && holds_call(CALL_ALONE, SYN_TEXT - 0x1000),
	   "%s: a displacement below zero; a function before the site",
	   syn_isa[isa]);
}

/* What a state leaves depends on no other. */
static void test_history(enum isa isa)
{
	static const enum mode_id all[] = { MODE_indirect, MODE_inline, MODE_direct,
					    MODE_key_jmp, MODE_nop };
	uint8_t want[5 * 8][SYN_BYTES];
	bool good = true;

	for (unsigned i = 0; i < 40; i++) {
		make(isa);
		made.features = i / 5 << 1;
		open_all(true);
		good &= apply(all[i % 5]);
		memcpy(want[i], made.syn.bytes, SYN_BYTES);
	}
	for (unsigned from = 0; from < 40; from++)
		for (unsigned to = 0; to < 40; to++) {
			make(isa);
			open_all(true);
			made.features = from / 5 << 1;
			good &= apply(all[from % 5]);
			made.features = to / 5 << 1;
			good &= apply(all[to % 5]) && verify(all[to % 5])
				&& !memcmp(made.syn.bytes, want[to], SYN_BYTES);
		}
	ok(good, "%s: 40 states, each from each", syn_isa[isa]);
}

static void test_islands(enum isa isa)
{
	make(isa);
	open_all(true);
	ok(apply(MODE_key_jmp) && made.syn.islands[0] == 0xff && verify(MODE_key_jmp),
	   "%s: islands are stored with their sites", syn_isa[isa]);
	made.syn.islands[1] ^= 1;
	ok(!verify(MODE_key_jmp) && !strcmp(err.table, ".parainstructions"),
	   "%s: and verified", syn_isa[isa]);
}

/* Without a backend the records' sites are as built, whatever they were before. */
static void test_no_backend(enum isa isa)
{
	struct alternatives_how how = how_of(MODE_inline);

	make(isa);
	open_all(true);
	made.features = 1 << F_ONE | 1 << F_TWO;
	ok(apply(MODE_inline), "%s: applied", syn_isa[isa]);
	how.backend = NULL;
	ok(alternatives_apply(&alt, &how, &wr.writer, &counts, &err) && sums()
	   && counts.text.outcome[KEPT_AS_BUILT] == 4
	   && !memcmp(made.syn.bytes, fresh.syn.bytes, at[FENCE])
	   && holds(FENCE, "\x0f\x01\xf9", 3)
	   && holds(BOTH_WIDE, (char *)fresh.syn.bytes + at[BOTH_WIDE], 16),
	   "%s: without a backend records' sites are as built", syn_isa[isa]);
}

/* The writer. */
static void test_writer(enum isa isa)
{
	make(isa);
	open_all(true);
	wr.refuse_open = 1;
	ok(!apply(MODE_inline) && unchanged() && err.record == TEXT_NO_RECORD
	   && !strcmp(err.why, "the text cannot be made writable"),
	   "%s: a window that cannot be had", syn_isa[isa]);
	make(isa);
	open_all(true);
	wr.drop = 2;
	ok(!apply(MODE_inline) && !strcmp(err.why, "the site did not read back as written"),
	   "%s: a store that is lost", syn_isa[isa]);
}

/* A span. */
static void test_span(enum isa isa)
{
	struct alternatives_how how = how_of(MODE_inline);

	make(isa);
	open_all(true);
	made.features = 1 << F_ONE;
	how.span = (struct text_span){ SYN_TEXT + at[FENCE], SYN_TEXT + at[FENCE] + 1 };
	ok(alternatives_apply(&alt, &how, &wr.writer, &counts, &err) && counts.sites == 1
	   && holds(FENCE, "\x0f\x01\xf9\x66\x90", 5)
	   && (memcpy(made.syn.bytes + at[FENCE], fresh.syn.bytes + at[FENCE], 5),
	       unchanged()), "%s: a span of one site", syn_isa[isa]);
}

/* What is refused.  Entries: 0 FENCE, 1 and 2 LONGER, 3 and 4 BOTH_CALL, 5 BOTH_WIDE,
 * 6 CALL_ALONE (entry 5 and 6 by number 5 and 6). */
static void b_flag(void) { made.entry[2].flags = 4; }
static void b_feature(void) { made.entry[1].feature = FEATURES; }
static void b_before(void) { made.entry[0].addr = SYN_TEXT - 1; }
static void b_after(void) { made.entry[0].addr = SYN_TEXT + SYN_BYTES - 4; }
static void b_far(void) { made.entry[0].addr += 1ull << 32; }
static void b_empty(void)
{
	made.entry[0].len = made.entry[0].replacement_len = 0;
}
static void b_long(void)
{
	made.entry[0].len = 255;
	made.entry[0].addr = SYN_TEXT + 3000;
}
static void b_repl_long(void) { made.entry[0].len = 5; made.entry[0].replacement_len = 6; }
static void b_repl_before(void) { made.entry[0].replacement = SYN_REPLACEMENTS - 1; }
static void b_repl_after(void)
{
	made.entry[0].replacement = SYN_REPLACEMENTS + made.used - 2;
}
static void b_repl_part(void) { made.entry[0].replacement_len = 2; }
static void b_part(void) { made.entry[0].len = 4; }
static void b_inside(void) { made.entry[0].addr += 1; made.entry[0].len = 4; }
static void b_overlap(void)
{
	made.entry[1].addr = SYN_TEXT + at[FENCE] + 3;
	made.entry[1].len = 3;
	/* rdtsc, and what follows it, is a whole number of instructions. */
	made.syn.bytes[at[FENCE] + 5] = 0x90;
	fresh.syn.bytes[at[FENCE] + 5] = 0x90;
}
static void b_apart(void)		/* the same site, but not one after the other */
{
	struct alternative first = made.entry[1];

	made.entry[1] = made.entry[0];
	made.entry[0] = first;
}
static void b_record_part(void)
{
	made.entry[5].addr = SYN_TEXT + at[BOTH_WIDE] + 6;
	made.entry[5].len = 8;
}
static void b_record_less(void) { made.entry[5].len = 6; }
static void b_not_call(void) { made.entry[0].flags = ALTERNATIVE_DIRECT_CALL; }
static void b_more_than_call(void)
{
	made.entry[6].len = 7;
	made.syn.bytes[at[CALL_ALONE] + 6] = 0xfa;
	fresh.syn.bytes[at[CALL_ALONE] + 6] = 0xfa;
}
static void b_no_call(void) { made.entry[6].replacement = SYN_REPLACEMENTS + 6; }
static void b_reach(void)
{
	made.replacement[0] = 0xeb;
	made.replacement[1] = 0x7f;
	made.entry[0].replacement_len = 2;
}
static void b_none(void) { made.where.count = 0; }

static const struct bad {
	void (*spoil)(void);
	size_t record;
	int site;			/* whose address the line has; -1: another's */
	const char *why;
} bads[] = {
	{ b_flag, 2, LONGER, "a flag is set that is none" },
	{ b_feature, 1, LONGER, "there is no feature of that number" },
	{ b_before, 0, -1, "the site is not inside the text" },
	{ b_after, 0, -1, "the site is not inside the text" },
	{ b_far, 0, -1, "the site is not inside the text" },
	{ b_empty, 0, FENCE, "the site has no bytes" },
	{ b_long, 0, -1, "the site is too long" },
	{ b_repl_long, 0, FENCE, "the replacement is longer than the site" },
	{ b_repl_before, 0, FENCE, "the replacement is not inside its section" },
	{ b_repl_after, 0, FENCE, "the replacement is not inside its section" },
	{ b_repl_part, 0, FENCE, NO_INSN },
	{ b_part, 0, FENCE, "the site does not end where an instruction ends" },
	{ b_inside, 0, -1, "the site does not end where an instruction ends" },
	{ b_overlap, 1, -1, "the site overlaps another" },
	{ b_apart, 2, LONGER, "the site overlaps another" },
	{ b_record_part, 5, -1,
	  "the site shares bytes with that of a paravirt record, and is not the same" },
	{ b_record_less, 5, BOTH_WIDE,
	  "the site shares bytes with that of a paravirt record, and is not the same" },
	{ b_not_call, 0, FENCE,
	  "DIRECT_CALL: the site does not begin with an indirect call through memory" },
	{ b_more_than_call, 6, CALL_ALONE,
	  "DIRECT_CALL: the site is more than an indirect call and NOPs" },
	{ b_no_call, 6, CALL_ALONE, "DIRECT_CALL: the replacement is not one CALL rel32" },
	{ b_reach, 0, FENCE, NO_REACH },
	{ b_none, TEXT_NO_RECORD, -1, "there are no entries" },
};

static void test_bad(enum isa isa)
{
	for (unsigned i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		const struct bad *b = &bads[i];
		bool opened;

		make(isa);
		memset(&alt, 0x55, sizeof(alt));
		b->spoil();
		opened = open_all(true);
		if (!ok(!opened && err.record == b->record && !strcmp(err.why, b->why)
			&& (b->site < 0 || err.addr == SYN_TEXT + at[b->site])
			&& !strcmp(err.table, ".altinstructions")
			&& unchanged() && *(uint8_t *)&alt == 0x55,
			"%s: refused: %s", syn_isa[isa], b->why))
			diag("%u: record %zd: %s", i, opened ? -2 : (ssize_t)err.record,
			     opened ? "opened" : err.why);
	}
}

/* The made-up replacements are copied without a byte too much being read: whatever the
 * records say, random ones are refused or applied, and restored. */
static void test_random(enum isa isa)
{
	unsigned opened = 0, applied = 0;
	bool good = true;

	srand(1);
	for (unsigned i = 0; i < 20000; i++) {
		uint8_t *p;

		make(isa);
		p = (uint8_t *)&made.entry[(unsigned)rand() % made.where.count];
		p[(unsigned)rand() % sizeof(made.entry[0])] = (uint8_t)rand();
		made.features = (uint32_t)rand();
		if (!open_all(true)) {
			good &= unchanged();
			continue;
		}
		opened++;
		if (!apply(MODE_inline)) {
			good &= unchanged();
			continue;
		}
		applied++;
		good &= only_sites_changed() && alternatives_restore(&alt, &wr.writer, &err)
			&& unchanged();
	}
	ok(good && opened > 1000 && applied > 1000 && opened < 19000,
	   "%s: random records: %u of 20000 opened, %u applied, all restored",
	   syn_isa[isa], opened, applied);
}

/* Last eligible wins; NOT turns a feature round. */
static void test_choose(void)
{
	static const struct alternative e[] = {
		{ .feature = F_ALWAYS }, { .feature = F_ONE },
		{ .feature = F_TWO, .flags = ALTERNATIVE_NOT },
	};
	const struct alternative_rules r = { .has = has, .ctx = &made };

	made.features = 1 << F_ALWAYS;
	ok1(alternative_choose(e, 3, &r) == 2);
	made.features |= 1 << F_TWO;
	ok1(alternative_choose(e, 3, &r) == 0);
	made.features |= 1 << F_ONE;
	ok1(alternative_choose(e, 3, &r) == 1);
	made.features = 1 << F_TWO;
	ok1(alternative_choose(e, 3, &r) == 3);
}

/* What the macros emit.  In an asm statement without operands. */
extern const struct alternative_record emitted[], emitted_end[];
extern const uint8_t emitted_text[], emitted_text_end[], emitted_new[], emitted_new_end[];

asm(".pushsection .altinstructions, \"a\"\n\t.balign 4\nemitted:\n\t.popsection\n"
    "\t.pushsection .altinstr_replacement, \"a\"\nemitted_new:\n\t.popsection\n"
    "\t.pushsection made_up, \"ax\", @progbits\nemitted_text:\n"
    ALTERNATIVE("lfence; rdtsc", "rdtscp", rdtscp, 0)
    ALTERNATIVE("", "ud2; int3", tsc, 1)
    ALTERNATIVE_2("cli", "nop; nop; sti", always, 0, "hlt; hlt; hlt; hlt; hlt", guest, 1)
    ALTERNATIVE_2("cli; cli", "sti; sti; sti; sti", guest, 0, "hlt", always, 2)
    "emitted_text_end:\n\t.popsection\n"
    "\t.pushsection .altinstructions\nemitted_end:\n\t.popsection\n"
    "\t.pushsection .altinstr_replacement\nemitted_new_end:\n\t.popsection");

static void test_macros(void)
{
	static const uint8_t want[] = "\x0f\xae\xe8\x0f\x31" "\x90\x90\x90"
		"\xfa\x90\x90\x90\x90" "\xfa\xfa\x90\x90";
	static const struct {
		unsigned at, len, feature, flags, new_len;
		const char *new;
	} entries[] = {
		{ 0, 5, FEATURE_rdtscp, 0, 3, "\x0f\x01\xf9" },
		{ 5, 3, FEATURE_tsc, ALTERNATIVE_NOT, 3, "\x0f\x0b\xcc" },
		{ 8, 5, ALT_FEATURE_always, 0, 3, "\x90\x90\xfb" },
		{ 8, 5, ALT_FEATURE_guest, ALTERNATIVE_NOT, 5, "\xf4\xf4\xf4\xf4\xf4" },
		{ 13, 4, ALT_FEATURE_guest, 0, 4, "\xfb\xfb\xfb\xfb" },
		{ 13, 4, ALT_FEATURE_always, ALTERNATIVE_DIRECT_CALL, 1, "\xf4" },
	};
	struct alternative_where w = {
		.replacement_addr = (uintptr_t)emitted_new, .replacement = emitted_new,
		.replacement_len = (size_t)(emitted_new_end - emitted_new),
	};
	struct alternative_record odd = emitted[0];

	ok1(emitted_text_end - emitted_text == sizeof(want) - 1
	    && !memcmp(emitted_text, want, sizeof(want) - 1));
	ok1(emitted_end - emitted == 6);
	for (unsigned i = 0; i < 6; i++) {
		struct alternative a = alternative_read(&emitted[i],
							(uintptr_t)&emitted[i]);
		const uint8_t *p = alternative_replacement(&w, &a);

		ok(a.addr == (uintptr_t)emitted_text + entries[i].at
		   && a.len == entries[i].len && a.feature == entries[i].feature
		   && a.flags == entries[i].flags
		   && a.replacement_len == entries[i].new_len
		   && p && !memcmp(p, entries[i].new, entries[i].new_len),
		   "record %u is what its macro says", i);
	}
	odd.flags = 0x101;
	ok1(alternative_read(&odd, 0).flags & ~ALTERNATIVE_FLAGS);
	odd.flags = 1;
	odd.zero = 1;
	ok1(alternative_read(&odd, 0).flags & ~ALTERNATIVE_FLAGS);
}

int main(void)
{
	test_copies();
	test_macros();
	test_choose();
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_apply(isa);
		test_pointer(isa);
		test_pointer_addr(isa);
		test_islands(isa);
		test_no_backend(isa);
		test_writer(isa);
		test_span(isa);
		test_bad(isa);
		test_history(isa);
		test_random(isa);
	}
	free(room);
	return done();
}
