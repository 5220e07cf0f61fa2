/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The modes, byte by byte: every mode at sites of every convention, of both ISAs; how
 * far a call reaches; trampolines; islands; and what is kept as it was built.
 *
 * The sites lie where synthetic.h puts them, and ops where this file does, so the
 * bytes are worked out by hand; run-linked has every mode at every site of both images,
 * read by a decoder.
 */
#include "patch/mode.h"
#include "synthetic.h"
#include "tap.h"

/* Ops that are nowhere: op k at OPS_AT + 16 k, its thunk at THUNKS_AT + 16 k. */
#define OPS_AT		0x00440000u
#define THUNKS_AT	0x00450000u

static struct syn syn, fresh;
static struct text text;
static struct text_error err;

static const struct nop_table *nopl(void)
{
	unsigned i = 0;

	while (strcmp(nop_tables[i]->name, "nopl"))
		i++;
	return nop_tables[i];
}

/* Without forms of its own, or with the native ones. */
static enum patched FASTCALL hook_none(const struct sited_op *so, uint8_t *buf,
				       unsigned *used)
{
	(void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched FASTCALL hook_native(const struct sited_op *so, uint8_t *buf,
					 unsigned *used)
{
	return native_backend.ops.patch(so, buf, used);
}

static struct backend nowhere = { .name = "nowhere" };
static struct backend formless = { .name = "formless" };

static void make_backends(void)
{
	for (unsigned k = 1; k < OP_COUNT; k++) {
		uintptr_t op = OPS_AT + 16 * k, thunk = THUNKS_AT + 16 * k;

		memcpy((char *)&nowhere.ops + k * sizeof(op), &op, sizeof(op));
		memcpy((char *)&nowhere.callee + k * sizeof(op), &thunk, sizeof(op));
	}
	nowhere.ops.patch = hook_native;
	formless = nowhere;
	formless.name = "formless";
	formless.ops.patch = hook_none;
}

/* One site, at the beginning of the text. */
static bool one_site(enum isa isa, enum op op, enum syn_shapes shape, bool jump)
{
	syn_begin(&syn, isa);
	syn.where.jumps = jump;
	syn_site(&syn, op, &syn_shapes[isa][shape]);
	fresh = syn;
	return syn_open(&syn, &text, &err);
}

/* Bytes of a row: hexadecimal, with spaces. */
static unsigned from_hex(const char *s, uint8_t *to)
{
	unsigned n = 0, byte;
	int used;

	for (; sscanf(s, " %2x%n", &byte, &used) == 1; s += used)
		to[n++] = (uint8_t)byte;
	return n;
}

#define X64	ISA_X86_64
#define X86	ISA_IA32
#define NONE	&formless
#define PUSHES_64	"50 51 52 56 57 41 50 41 51 41 52 41 53 "
#define POPS_64		"41 5b 41 5a 41 59 41 58 5f 5e 5a 59 58 "

static const struct row {
	enum isa isa;
	enum mode_id mode;
	enum op op;
	enum syn_shapes shape;
	const struct backend *backend;	/* NULL: nowhere */
	enum patched want;
	unsigned used, nops;
	const char *bytes, *island;	/* NULL: as built; none */
} rows[] = {
#define ROW(isa, mode, op, shape, want, used, nops, ...)		\
	{ isa, MODE_##mode, OP_##op, SYN_##shape, NULL, want, used, nops, __VA_ARGS__ },
#define ROW_OF(backend, isa, mode, op, shape, want, used, nops, ...)	\
	{ isa, MODE_##mode, OP_##op, SYN_##shape, backend, want, used, nops, __VA_ARGS__ },
#define KEPT(isa, mode, op, shape, want)				\
	{ isa, MODE_##mode, OP_##op, SYN_##shape, NULL, want, 0, 0, NULL, NULL },
	KEPT(X64, native, irq_disable, CCALL, KEPT_AS_BUILT)
	KEPT(X86, native, irq_disable, SEED, KEPT_AS_BUILT)
	KEPT(X64, indirect, irq_disable, WIDE32, KEPT_AS_BUILT)
	KEPT(X86, indirect, irq_disable, CALLEE, KEPT_AS_BUILT)

	ROW(X64, inline, irq_disable, CCALL, PATCHED_INLINE, 1, 1, "fa 0f 1f 44 00 00", NULL)
	ROW(X64, inline, restore_fl, CALLEE, PATCHED_INLINE, 2, 1, "57 9d 0f 1f 40 00", NULL)
	ROW(X64, inline, irq_save, WIDE16, PATCHED_INLINE, 3, 2,
	    "9c 58 fa 66 66 66 0f 1f 84 00 00 00 00 00 66 90", NULL)
	ROW(X86, inline, restore_fl, CALLEE, PATCHED_INLINE, 2, 1, "50 9d 0f 1f 40 00", NULL)
	ROW(X86, inline, irq_save, SEED_U, PATCHED_INLINE, 3, 1,
	    "9c 58 fa 0f 1f 80 00 00 00 00", NULL)
	/* 9 bytes in 6; RDX in a site that allows RAX alone; no form at all. */
	KEPT(X64, inline, read_tsc, CCALL, KEPT_TOO_SMALL)
	KEPT(X64, inline, read_tsc, CALLEE, KEPT_NO_REGISTER)
	KEPT(X86, inline, read_pmc, CALLEE, KEPT_NO_REGISTER)
	KEPT(X64, inline, flush_tlb_kernel, WIDE32, KEPT_NO_FORM)

	/* 440174 - 401005 and so on. */
	ROW(X64, direct, irq_disable, CCALL, PATCHED_CALL, 5, 1, "e8 6f f1 03 00 90", NULL)
	ROW(X86, direct, irq_disable, CCALL, PATCHED_CALL, 5, 1, "e8 6f f1 03 00 90", NULL)
	ROW(X64, direct, irq_disable, CALLEE, PATCHED_CALL, 5, 1, "e8 6f f1 04 00 90", NULL)
	ROW(X86, direct, irq_disable, CALLEE, PATCHED_CALL, 5, 1, "e8 6f f1 04 00 90", NULL)
	ROW(X64, direct, irq_disable, WIDE16, PATCHED_CALL, 5, 1,
	    "e8 6f f1 03 00 66 66 66 0f 1f 84 00 00 00 00 00", NULL)
	ROW(X64, direct, irq_disable, WIDE32, PATCHED_CALL, 5, 3,
	    "e8 6f f1 03 00 66 66 66 0f 1f 84 00 00 00 00 00 "
	    "66 66 66 0f 1f 84 00 00 00 00 00 0f 1f 44 00 00", NULL)
	ROW(X64, direct, irq_disable, SEED, PATCHED_CALL, 31, 1,
	    PUSHES_64 "e8 62 f1 03 00 " POPS_64 "90", NULL)
	ROW(X86, direct, irq_disable, SEED, PATCHED_CALL, 11, 1,
	    "50 51 52 e8 6c f1 03 00 5a 59 58 90", NULL)
	ROW(X86, direct, save_fl, SEED_U, PATCHED_CALL, 9, 1,
	    "51 52 e8 4d f1 03 00 5a 59 90", NULL)
	ROW_OF(NONE, X86, direct, init_IRQ, CCALL, PATCHED_CALL, 5, 1, "e8 2f f0 03 00 90", NULL)

	ROW(X64, endbr, irq_disable, CCALL, PATCHED_CALL, 5, 1, "e8 6b f1 03 00 90", NULL)
	ROW(X86, endbr, irq_disable, SEED, PATCHED_CALL, 11, 1,
	    "50 51 52 e8 68 f1 03 00 5a 59 58 90", NULL)

	/* 32 bytes an op; thunks' are behind those of all ops. */
	ROW(X64, retpoline, irq_disable, CCALL, PATCHED_STUB, 5, 1, "e8 db f2 01 00 90", NULL)
	ROW(X86, retpoline, irq_disable, CALLEE, PATCHED_STUB, 5, 1, "e8 5b fd 01 00 90", NULL)
	ROW(X64, lfence, irq_disable, CCALL, PATCHED_STUB, 5, 1, "e8 db 32 02 00 90", NULL)
	ROW(X64, lfence, restore_fl, CALLEE, PATCHED_STUB, 5, 1, "e8 3b 3d 02 00 90", NULL)
	ROW(X86, lfence, restore_fl, CCALL, PATCHED_STUB, 5, 1, "e8 bb 32 02 00 90", NULL)
	ROW(X86, lfence, irq_disable, CALLEE, PATCHED_STUB, 5, 1, "e8 5b 3d 02 00 90", NULL)
	KEPT(X86, lfence, restore_fl, CALLEE, KEPT_NO_REGISTER)
	ROW(X64, trampoline, irq_disable, CCALL, PATCHED_STUB, 5, 1, "e8 db 72 02 00 90", NULL)
	ROW(X86, trampoline, irq_disable, SEED, PATCHED_STUB, 11, 1,
	    "50 51 52 e8 d8 72 02 00 5a 59 58 90", NULL)

	/* 5 bytes and a form of 1 fill 6; a form of 2 does not fit. */
	ROW(X64, key_nop, irq_disable, CCALL, PATCHED_INLINE, 6, 0, "0f 1f 44 00 00 fa", NULL)
	ROW(X86, key_nop, irq_enable, CALLEE, PATCHED_INLINE, 6, 0, "0f 1f 44 00 00 fb", NULL)
	KEPT(X64, key_nop, save_fl, CCALL, KEPT_TOO_SMALL)
	KEPT(X86, key_nop, restore_fl, CALLEE, KEPT_TOO_SMALL)
	ROW(X86, key_nop, save_fl, SEED_U, PATCHED_INLINE, 7, 1,
	    "0f 1f 44 00 00 9c 58 0f 1f 00", NULL)
	KEPT(X64, key_nop, read_tsc, SEED_U, KEPT_NO_REGISTER)

	/* Out of line the call of the same slot, and back behind the call. */
	ROW(X64, key_jmp, irq_disable, CCALL, PATCHED_JUMP, 6, 0, "e9 fb ef 02 00 cc",
	    "ff 15 b2 00 fe ff e9 fb 0f fd ff")
	ROW(X86, key_jmp, irq_disable, CCALL, PATCHED_JUMP, 6, 0, "e9 fb ef 02 00 cc",
	    "ff 15 5c 00 41 00 e9 fb 0f fd ff")
	ROW(X86, key_jmp, irq_disable, CALLEE, PATCHED_JUMP, 6, 0, "e9 fb ef 02 00 cc",
	    "ff 15 5c 80 41 00 e9 fb 0f fd ff")
	ROW(X86, key_jmp, irq_disable, SEED, PATCHED_JUMP, 12, 0,
	    "50 51 52 e9 f8 ef 02 00 cc 5a 59 58", "ff 15 5c 00 41 00 e9 fe 0f fd ff")
	ROW(X64, key_jmp, irq_disable, WIDE16, PATCHED_JUMP, 16, 0,
	    "e9 fb ef 02 00 cc 0f 1f 84 00 00 00 00 00 66 90",
	    "ff 15 b2 00 fe ff e9 fb 0f fd ff")

	/* ia32's test is 5 bytes, so STI is the sixth; x86-64's is 6. */
	ROW(X86, test_sti, restore_fl, CCALL, PATCHED_INLINE, 6, 0, "f6 c4 02 74 01 fb", NULL)
	KEPT(X64, test_sti, restore_fl, CCALL, KEPT_TOO_SMALL)
	ROW(X64, test_sti, restore_fl, WIDE16, PATCHED_INLINE, 7, 1,
	    "0f ba e7 09 73 01 fb 66 0f 1f 84 00 00 00 00 00", NULL)
	ROW(X64, test_sti, irq_disable, CCALL, PATCHED_INLINE, 1, 1, "fa 0f 1f 44 00 00", NULL)
	/* No form: the call, where a site bears one. */
	ROW_OF(NONE, X64, test_sti, restore_fl, WIDE16, PATCHED_TEST_CALL, 11, 1,
	       "0f ba e7 09 73 05 e8 79 f1 03 00 0f 1f 44 00 00", NULL)
	ROW_OF(NONE, X86, test_sti, restore_fl, WIDE16, PATCHED_TEST_CALL, 10, 1,
	       "f6 c4 02 74 05 e8 7a f1 03 00 66 0f 1f 44 00 00", NULL)
	ROW_OF(NONE, X64, test_sti, restore_fl, SEED, KEPT_NO_REGISTER, 0, 0, NULL, NULL)
	ROW_OF(NONE, X86, test_sti, restore_fl, SEED, KEPT_NO_REGISTER, 0, 0, NULL, NULL)
	ROW_OF(NONE, X86, test_sti, restore_fl, CCALL, KEPT_NO_FORM, 0, 0, NULL, NULL)

	ROW(X64, nop, irq_disable, CCALL, PATCHED_INLINE, 0, 1, "66 0f 1f 44 00 00", NULL)
	ROW(X86, nop, save_fl, SEED_U, PATCHED_INLINE, 0, 1,
	    "66 66 0f 1f 84 00 00 00 00 00", NULL)
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool row_is(const struct row *r, const struct text_form *f)
{
	uint8_t bytes[SITE_LEN_MAX], island[ISLAND_BYTES];
	unsigned len = syn.sites[0].len, is = 0;

	if (r->bytes && from_hex(r->bytes, bytes) != len)
		return false;
	if (!r->bytes)
		memcpy(bytes, fresh.bytes, len);
	if (r->island)
		is = from_hex(r->island, island);
	return f->outcome == r->want && f->len == len && f->nops == r->nops
		&& f->used == (r->bytes ? r->used : len)
		&& !memcmp(f->bytes, bytes, len)
		&& f->island_len == is && !memcmp(f->island, island, is);
}

static void say_form(const struct text_form *f)
{
	char line[4 * SITE_LEN_MAX], *at = line;

	for (unsigned i = 0; i < f->len; i++)
		at += sprintf(at, " %02x", f->bytes[i]);
	diag("%s, used %u, %u NOPs:%s", patched_names[f->outcome], f->used, f->nops,
	     line);
}

static void test_rows(void)
{
	for (const struct row *r = rows; r < rows + ROWS; r++) {
		struct text_form f = { .len = 0 };

		if (!ok(one_site(r->isa, r->op, r->shape, false)
			&& !text_encode(&text, 0, r->backend ? r->backend : &nowhere,
					&modes[r->mode], nopl(), &f)
			&& row_is(r, &f), "%s, %s, %s%s, %s: its bytes",
			syn_isa[r->isa], modes[r->mode].name, op_info[r->op].name,
			r->backend ? " without a form" : "",
			syn_shapes[r->isa][r->shape].name))
			say_form(&f);
	}
}

/* A trampoline is a jump: it is patched to one of the op, or left alone. */
static void test_jumps(void)
{
	for (unsigned k = 0; k < 2 * MODE_COUNT; k++) {
		enum isa isa = k / MODE_COUNT;
		enum mode_id mode = k % MODE_COUNT;
		bool direct = mode == MODE_direct || mode == MODE_best;
		bool endbr = mode == MODE_endbr;
		const char *want = direct ? "\xe9\x6f\xf1\x03\x00\x90"
			: endbr ? "\xe9\x6b\xf1\x03\x00\x90" : NULL;
		struct text_form f = { .len = 0 };

		ok(one_site(isa, OP_irq_disable, SYN_CCALL, true)
		   && !text_encode(&text, 0, &nowhere, &modes[mode], nopl(), &f)
		   && (f.outcome == PATCHED_CALL) == (want != NULL)
		   && outcome_is_kept(f.outcome) == (want == NULL)
		   && !f.island_len
		   && !memcmp(f.bytes, want ? (const uint8_t *)want : fresh.bytes, 6),
		   "%s, %s: a trampoline is %s", syn_isa[isa], modes[mode].name,
		   want ? "a JMP rel32 of the op" : "left alone");
	}
}

/* Sites of every length: a form that is a byte too long leaves it as it was. */
static const struct edge {
	enum isa isa;
	enum mode_id mode;
	enum op op;
	unsigned least;			/* bytes of the form */
} edges[] = {
	{ X64, MODE_inline, OP_irq_save, 3 }, { X86, MODE_inline, OP_irq_save, 3 },
	{ X64, MODE_key_nop, OP_irq_disable, 6 }, { X86, MODE_key_nop, OP_irq_disable, 6 },
	{ X64, MODE_key_nop, OP_irq_save, 8 }, { X86, MODE_key_nop, OP_irq_save, 8 },
	{ X64, MODE_key_nop, OP_read_tsc, 14 },
	{ X64, MODE_test_sti, OP_restore_fl, 7 }, { X86, MODE_test_sti, OP_restore_fl, 6 },
};
#define EDGES (sizeof(edges) / sizeof(edges[0]))

static void test_edges(void)
{
	for (const struct edge *e = edges; e < edges + EDGES; e++) {
		unsigned wrong = 0;

		/* Sites have 6 bytes; a hook may be asked about any. */
		for (unsigned len = 6; len <= SITE_LEN_MAX; len++) {
			uint8_t buf[FORM_LEN_MAX], was[FORM_LEN_MAX];
			struct sited_op so = { .isa = e->isa, .type = e->op,
					       .len = len, .addr = SYN_TEXT,
					       .clobbers = 0x1ff };
			unsigned used = 0;
			enum patched got;

			memset(buf, 0xa5, sizeof(buf));
			memcpy(was, buf, sizeof(buf));
			got = modes[e->mode].encode(&nowhere, &so, buf, &used);
			if (len < e->least)
				wrong += got != KEPT_TOO_SMALL
					|| memcmp(buf, was, sizeof(buf));
			else
				wrong += got != PATCHED_INLINE || used != e->least
					|| memcmp(buf + used, was + used,
						  sizeof(buf) - used);
		}
		ok(!wrong, "%s, %s, %s: fits from %u bytes on, and touches no more",
		   syn_isa[e->isa], modes[e->mode].name, op_info[e->op].name,
		   e->least);
	}
}

/* A stub at so many bytes behind the end of the call. */
static const struct {
	enum isa isa;
	int64_t away;
	bool reached;
} reaches[] = {
	{ X64, 0x7fffffff, true }, { X64, 0x80000000, false },
	{ X64, -0x80000000ll, true }, { X64, -0x80000001ll, false },
	{ X64, 0, true }, { X64, 1ll << 32, false }, { X64, -(1ll << 32), false },
	{ X64, INT64_MIN, false },
	{ X86, 0x7fffffff, true }, { X86, 0x80000000, true },
};
#define REACHES (sizeof(reaches) / sizeof(reaches[0]))

/* Where a site's form of a mode must land, moved there.  */
static void aim(enum mode_id mode, uint64_t end, int64_t away)
{
	uint64_t to = end + (uint64_t)away;

	if (syn.where.isa == ISA_IA32)
		to = (uint32_t)to;
	if (mode == MODE_key_jmp)
		text.where.islands = to;
	else
		text.where.stub[mode == MODE_retpoline ? STUB_retpoline
				: mode == MODE_lfence ? STUB_lfence : STUB_trampoline]
			= to - 32 * OP_irq_disable;
}

static bool aimed(const struct text_form *f, enum patched want, unsigned call,
		  int64_t away, bool reached)
{
	uint32_t rel = (uint32_t)away;

	if (!reached)
		return f->outcome == KEPT_OUT_OF_REACH && !f->island_len
			&& !memcmp(f->bytes, fresh.bytes, f->len);
	return f->outcome == want && !memcmp(f->bytes + call + 1, &rel, 4);
}

static void test_reach(enum mode_id mode, enum patched want)
{
	for (unsigned k = 0; k < REACHES; k++) {
		unsigned good = 0;

		for (unsigned s = 0; s < SYN_SHAPES; s++) {
			const struct syn_shape *shape = &syn_shapes[reaches[k].isa][s];
			struct text_form f;
			unsigned call;

			one_site(reaches[k].isa, OP_irq_disable, s, false);
			call = text_call_at(&text, 0);
			/* Thunks' stubs are the second half. */
			if (shape->callee)
				text.where.ops = 0;
			aim(mode, SYN_TEXT + call + 5, reaches[k].away);
			text_encode(&text, 0, &nowhere, &modes[mode], nopl(), &f);
			good += aimed(&f, want, call, reaches[k].away, reaches[k].reached);
		}
		ok(good == SYN_SHAPES, "%s, %s: %lld bytes away is %s",
		   syn_isa[reaches[k].isa], modes[mode].name,
		   (long long)reaches[k].away,
		   reaches[k].reached ? "reached" : "out of reach");
	}
}

/* A direct call of a real op, which is 8 bytes of address only on x86-64. */
static void test_reach_direct(void)
{
	struct backend far = { .name = "far" };

	for (unsigned k = 0; k < REACHES; k++) {
		uint64_t op = SYN_TEXT + 5 + (uint64_t)reaches[k].away - ENDBR_LEN;
		uintptr_t at = (uintptr_t)op;
		struct text_form f;

		if (reaches[k].isa != ARCH_ISA || !at)
			continue;
		memcpy((char *)&far.ops + OP_irq_disable * sizeof(at), &at, sizeof(at));
		one_site(reaches[k].isa, OP_irq_disable, SYN_CCALL, false);
		text_encode(&text, 0, &far, &modes[MODE_direct], nopl(), &f);
		ok(aimed(&f, PATCHED_CALL, 0, reaches[k].away, reaches[k].reached),
		   "%s, direct: an op %lld bytes away is %s", syn_isa[reaches[k].isa],
		   (long long)reaches[k].away,
		   reaches[k].reached ? "reached" : "out of reach");
	}
}

/* What is not there is not called: no thunk, no stubs, no islands, no ENDBR. */
static void test_absent(enum isa isa)
{
	static const enum mode_id absent[] = {
		MODE_endbr, MODE_retpoline, MODE_lfence, MODE_trampoline, MODE_key_jmp,
	};
	struct text_form f;

	for (unsigned i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		syn_begin(&syn, isa);
		memset(syn.where.stub, 0, sizeof(syn.where.stub));
		syn.where.endbr = 0;
		syn.where.islands = 0;
		syn.where.island_bytes = NULL;
		syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
		ok(syn_open(&syn, &text, &err)
		   && !text_encode(&text, 0, &nowhere, &modes[absent[i]], nopl(), &f)
		   && f.outcome == KEPT_NO_FORM && !f.island_len
		   && !memcmp(f.bytes, syn.bytes, 6),
		   "%s, %s: a text without what it needs is left alone", syn_isa[isa],
		   modes[absent[i]].name);
	}
	one_site(isa, OP_arch_setup, SYN_CALLEE, false);
	ok(!text_encode(&text, 0, &native_backend, &modes[MODE_direct], nopl(), &f)
	   && f.outcome == KEPT_NO_FORM && !memcmp(f.bytes, fresh.bytes, 6),
	   "%s, direct: an op without a thunk is left alone", syn_isa[isa]);
	one_site(isa, OP_irq_disable, SYN_CCALL, false);
	text.where.endbr = 0;
	ok(!text_encode(&text, 0, &nowhere, &modes[MODE_direct], nopl(), &f)
	   && !memcmp(f.bytes, "\xe8\x6b\xf1\x03\x00\x90", 6),
	   "%s, direct: no ENDBR to go behind", syn_isa[isa]);
}

static bool same_form(const struct text_form *a, const struct text_form *b)
{
	return a->outcome == b->outcome && a->used == b->used && a->len == b->len
		&& !memcmp(a->bytes, b->bytes, a->len);
}

/* The form where there is one that fits, else the direct call: nothing of its own. */
static void test_best(void)
{
	for (unsigned k = 0; k < ISA_COUNT * SYN_SHAPES; k++) {
		enum isa isa = k / SYN_SHAPES;
		unsigned wrong = 0, inlined = 0, called = 0;

		for (unsigned op = 1; op < OP_COUNT; op++) {
			struct text_form in = { .len = 0 }, direct = in, both = in;

			if (!one_site(isa, op, k % SYN_SHAPES, false))
				continue;
			wrong += text_encode(&text, 0, &nowhere, &modes[MODE_inline],
					     nopl(), &in)
				|| text_encode(&text, 0, &nowhere, &modes[MODE_direct],
					       nopl(), &direct)
				|| text_encode(&text, 0, &nowhere, &modes[MODE_best],
					       nopl(), &both);
			inlined += in.outcome == PATCHED_INLINE;
			called += in.outcome != PATCHED_INLINE;
			wrong += !same_form(&both, in.outcome == PATCHED_INLINE ? &in
					    : &direct);
		}
		ok(!wrong && inlined && called, "%s, %s: best is inline for %u ops, direct for %u",
		   syn_isa[isa], syn_shapes[isa][k % SYN_SHAPES].name, inlined, called);
	}
}

int main(void)
{
	make_backends();
	test_best();
	test_rows();
	test_jumps();
	test_edges();
	test_reach(MODE_retpoline, PATCHED_STUB);
	test_reach(MODE_lfence, PATCHED_STUB);
	test_reach(MODE_trampoline, PATCHED_STUB);
	test_reach(MODE_key_jmp, PATCHED_JUMP);
	test_reach_direct();
	test_absent(ISA_IA32);
	test_absent(ISA_X86_64);
	return done();
}
