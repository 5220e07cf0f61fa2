/* SPDX-License-Identifier: GPL-2.0-only */
/* One site's form: its bytes, and hooks that say what is not so. */
#include "engine.h"

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

int main(void)
{
	test_forms();
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_encode(isa);
		test_kept(isa);
		test_hostile(isa);
	}
	return done();
}
