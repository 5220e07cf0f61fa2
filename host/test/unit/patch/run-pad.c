/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every padding, with every table of NOPs, behind every kind of form, with 0 to as many
 * bytes left as a site can have: read by an independent decoder.  What the form was
 * it still is, at the same targets; what was added is what the padding says, so
 * many instructions as it said, and ends where the site ends.
 */
#include "decode.h"
#include "paravirt/ops.h"
#include "synthetic.h"
#include "tap.h"

enum { INSNS = 300, ADDR = 0x401000 };

/* Forms of both ISAs: so many bytes, of which the call is at @call. */
static const struct form {
	const char *what;
	enum op op;
	enum isa isa;
	unsigned len, call;
	enum patched outcome;
	const char *bytes;
	bool prefixed;			/* may take a prefix */
} forms[] = {
#define INL		PATCHED_INLINE
	{ "nothing", OP_io_delay, ISA_X86_64, 0, 0, INL, "", false },
	{ "nothing", OP_io_delay, ISA_IA32, 0, 0, INL, "", false },
	{ "cli", OP_irq_disable, ISA_X86_64, 1, 0, INL, "\xfa", true },
	{ "cli", OP_irq_disable, ISA_IA32, 1, 0, INL, "\xfa", true },
	{ "sti; hlt", OP_safe_halt, ISA_X86_64, 2, 0, INL, "\xfb\xf4", true },
	{ "sti; hlt", OP_safe_halt, ISA_IA32, 2, 0, INL, "\xfb\xf4", true },
	{ "pushf; pop", OP_save_fl, ISA_X86_64, 2, 0, INL, "\x9c\x58", true },
	{ "pushf; pop", OP_save_fl, ISA_IA32, 2, 0, INL, "\x9c\x58", true },
	{ "push; popf", OP_restore_fl, ISA_X86_64, 2, 0, INL, "\x57\x9d", true },
	{ "push; popf", OP_restore_fl, ISA_IA32, 2, 0, INL, "\x50\x9d", true },
	{ "mov to cr3", OP_write_cr3, ISA_X86_64, 3, 0, INL, "\x0f\x22\xdf", false },
	{ "rdtsc", OP_read_tsc, ISA_IA32, 2, 0, INL, "\x0f\x31", false },
	{ "invlpg", OP_flush_tlb_single, ISA_X86_64, 3, 0, INL, "\x0f\x01\x3f", false },
	/* Xen's and lguest's: memory, by a segment or by RIP. */
	{ "movb to %gs:", OP_irq_disable, ISA_X86_64, 9, 0, INL,
	  "\x65\xc6\x04\x25\x41\0\0\0\x01", false },
	{ "movb to %fs:", OP_irq_disable, ISA_IA32, 8, 0, INL,
	  "\x64\xc6\x05\x41\0\0\0\x01", false },
	{ "movl to memory", OP_irq_disable, ISA_X86_64, 10, 0, INL,
	  "\xc7\x05\x11\x22\x33\0\0\0\0\0", false },
	{ "movl to memory", OP_irq_disable, ISA_IA32, 10, 0, INL,
	  "\xc7\x05\x11\x22\x33\0\0\0\0\0", false },
	{ "mov from memory", OP_save_fl, ISA_IA32, 5, 0, INL, "\xa1\x11\x22\x33\0", false },
	{ "call", OP_irq_disable, ISA_X86_64, 5, 0, PATCHED_CALL, "\xe8\x11\x22\x33\x00", true },
	{ "call", OP_irq_disable, ISA_IA32, 5, 0, PATCHED_CALL, "\xe8\x11\x22\x33\xff", true },
	{ "push; call; pop", OP_irq_disable, ISA_X86_64, 9, 2, PATCHED_CALL,
	  "\x41\x50\xe8\x11\x22\x33\xff\x41\x58", true },
	{ "pushes; call; pops", OP_irq_disable, ISA_IA32, 11, 3, PATCHED_CALL,
	  "\x50\x51\x52\xe8\x11\x22\x33\x00\x5a\x59\x58", true },
	{ "jmp", OP_irq_disable, ISA_X86_64, 5, 0, PATCHED_CALL, "\xe9\x11\x22\x33\x00", true },
	{ "call of a stub", OP_irq_disable, ISA_X86_64, 5, 0, PATCHED_STUB,
	  "\xe8\x11\x22\x33\x00", true },
	{ "pushes; call of a stub; pops", OP_irq_disable, ISA_IA32, 11, 3, PATCHED_STUB,
	  "\x50\x51\x52\xe8\x11\x22\x33\xff\x5a\x59\x58", true },
	/* Its jump goes to where the call ends, so that may not move. */
	{ "bt; jnc; call", OP_restore_fl, ISA_X86_64, 11, 0, PATCHED_TEST_CALL,
	  "\x0f\xba\xe7\x09\x73\x05\xe8\x11\x22\x33\x00", false },
	{ "test; jz; call", OP_restore_fl, ISA_IA32, 10, 0, PATCHED_TEST_CALL,
	  "\xf6\xc4\x02\x74\x05\xe8\x11\x22\x33\x00", false },
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

static uint8_t buf[FORM_LEN_MAX];
static struct insn was[INSNS], is[INSNS];
static uint64_t was_at[INSNS], is_at[INSNS];

static unsigned decode_all(enum isa isa, const uint8_t *p, unsigned len,
			   struct insn *to, uint64_t *at)
{
	unsigned n = 0, k = 0;

	for (; k < len && n < INSNS; k += to[n].in.length, n++) {
		if (!decode(isa, p + k, len - k, &to[n]))
			return INSNS;
		at[n] = ADDR + k;
	}
	return n;
}

static bool has_memory(const struct insn *i)
{
	for (unsigned k = 0; k < i->in.operand_count_visible; k++)
		if (i->op[k].type == ZYDIS_OPERAND_TYPE_MEMORY)
			return true;
	return false;
}

static unsigned cs_prefixes(const struct insn *i)
{
	unsigned n = 0;

	for (unsigned k = 0; k < i->in.raw.prefix_count; k++)
		n += i->in.raw.prefixes[k].value == 0x2e;
	return n;
}

/* The same instruction, with the same target and registers. */
static bool same(unsigned k, unsigned *prefixes)
{
	const struct insn *a = &was[k], *b = &is[k];
	unsigned more = cs_prefixes(b) - cs_prefixes(a);

	*prefixes += more;
	return a->in.mnemonic == b->in.mnemonic
		&& b->in.length == a->in.length + more
		&& target_of(a, was_at[k]) == target_of(b, is_at[k])
		&& (!more || !has_memory(b))
		&& a->op[0].reg.value == b->op[0].reg.value
		&& a->in.raw.modrm.rm == b->in.raw.modrm.rm;
}

/* Fillers: instructions from is[k] on, up to @n; each says if they are its own, and
 * how many are executed. */

static bool are_nops(enum isa isa, unsigned k, unsigned n)
{
	for (; k < n; k++)
		if (!is_nop(isa, &is[k]))
			return false;
	return true;
}

static unsigned least_nops(const struct nop_table *t, unsigned len)
{
	return (len + t->max - 1) / t->max;
}

/* Every JMP goes over INT3s alone, to the next or to the end. */
static bool are_jumps(enum isa isa, unsigned k, unsigned n, uint64_t end,
		      unsigned *executed)
{
	*executed = 0;
	while (k < n) {
		uint64_t to = k < n ? target_of(&is[k], is_at[k]) : 0;

		++*executed;
		if (is[k].in.mnemonic != M(JMP))
			return k + 1 == n && is[k].in.length == 1 && is_nop(isa, &is[k]);
		if (is[k].in.length != 2 || to > end)
			return false;
		for (k++; k < n && is_at[k] < to; k++)
			if (is[k].in.mnemonic != M(INT3) || is[k].in.length != 1)
				return false;
		if (k < n ? is_at[k] != to : to != end)
			return false;
	}
	return true;
}

/* What an op returns in: RAX; on ia32 64 bits in EDX:EAX. */
static unsigned results(const struct sited_op *so)
{
	return so->type == OP_read_tsc && so->isa == ISA_IA32 ? 5
		: so->type == OP_save_fl || so->type == OP_read_tsc ? 1 : 0;
}

/* NOT of whole registers, each once, that the site may change and the op does not
 * return in; then NOPs, fewer bytes than another NOT would have or all done. */
static bool are_poison(const struct sited_op *so, unsigned k, unsigned n,
		       uint32_t *inverted)
{
	static const int16_t bits[16] = {
		[0] = 1, [1] = 2, [2] = 4, [6] = 16, [7] = 8, [8] = 32, [9] = 64,
		[10] = 128, [11] = 256,
	};

	*inverted = 0;
	for (; k < n && is[k].in.mnemonic == M(NOT); k++) {
		ZydisRegister r = is[k].op[0].reg.value;
		unsigned id = (unsigned)ZydisRegisterGetId(r);

		if (is[k].op[0].size != (so->isa == ISA_X86_64 ? 64 : 32)
		    || !(bits[id] & so->clobbers) || *inverted >> id & 1)
			return false;
		*inverted |= 1u << id;
	}
	return !(*inverted & results(so)) && are_nops(so->isa, k, n);
}

/* As many as there is room for, or all that may be. */
static bool is_poisoned(const struct sited_op *so, unsigned left, uint32_t inverted)
{
	unsigned each = so->isa == ISA_X86_64 ? 3 : 2;
	/* AX is bit 0 of both, DX bit 2. */
	unsigned may = (unsigned)__builtin_popcount(so->clobbers & ~results(so));
	unsigned room = left / each, done = (unsigned)__builtin_popcount(inverted);

	return done == (room < may ? room : may);
}

static const char *against(const struct nop_table *t, const struct form *f,
			   unsigned left, unsigned clobbers)
{
	const struct sited_op so = {
		.isa = f->isa, .type = f->op, .addr = ADDR, .len = f->len + left,
		.clobbers = clobbers, .call = f->call,
	};
	unsigned first = decode_all(f->isa, (const uint8_t *)f->bytes, f->len, was, was_at);
	unsigned n, all, prefixes = 0, executed = 0, behind;
	uint32_t inverted;

	/* A form of no bytes has none that takes a prefix: E8 is a CALL's. */
	memset(buf, 0xe8, sizeof(buf));
	memcpy(buf, f->bytes, f->len);
	n = nop_pad(t, &so, f->outcome, buf, f->len);
	for (unsigned k = so.len; k < sizeof(buf); k++)
		if (buf[k] != 0xe8)
			return "bytes behind the site were written";
	all = decode_all(f->isa, buf, so.len, is, is_at);
	if (first >= INSNS || all >= INSNS)
		return "it does not decode, up to the end";
	for (unsigned k = 0; k < first; k++)
		if (!same(k, &prefixes))
			return "the form is not what it was";
	behind = left - prefixes;
	if (prefixes && (t->padding != PADDING_prefix || !f->prefixed))
		return "a prefix that nobody asked for";
	switch (t->padding) {
	case PADDING_long:
		return are_nops(f->isa, first, all) && n == all - first
			&& n == least_nops(t, left) ? NULL : "not the fewest NOPs";
	case PADDING_prefix:
		return are_nops(f->isa, first, all) && n == all - first
			&& n == least_nops(t, behind)
			&& (!f->prefixed || prefixes == (left < 5 ? left : 5))
			? NULL : "not the prefixes and NOPs that are wanted";
	case PADDING_single:
		return are_nops(f->isa, first, all) && n == left
			&& all - first == left ? NULL : "not one-byte NOPs";
	case PADDING_jump:
		return are_jumps(f->isa, first, all, ADDR + so.len, &executed)
			&& n == executed && n == (left + 128) / 129
			? NULL : "not jumps over INT3s to the end";
	case PADDING_poison:
		return are_poison(&so, first, all, &inverted) && n == all - first
			&& is_poisoned(&so, left, inverted) ? NULL : "not poison";
	case PADDING_COUNT:
		break;
	}
	return "there is no such padding";
}

static void test_padding(const struct nop_table *t, const struct form *f)
{
	unsigned all = f->isa == ISA_X86_64 ? CLOBBER_X86_64 : CLOBBER_IA32;
	const unsigned clobbers[] = { all, CLOBBER_AX, 0 };
	const char *why = NULL;
	unsigned left, c = 0;

	for (left = 0; !why && left + f->len <= SITE_LEN_MAX; left++)
		for (c = 0; !why && c < 3; c++)
			why = against(t, f, left, clobbers[c]);
	if (!ok(!why, "%s, %s, %s NOPs: behind %s, 0 to %u bytes", syn_isa[f->isa],
		paddings[t->padding].name, t->name, f->what, SITE_LEN_MAX - f->len))
		diag("%u bytes, clobbers %u: %s", left - 1, clobbers[c - 1], why);
}

/* S17: nothing comes between STI and HLT, or an interrupt would: whatever the
 * padding, and at whatever length, HLT is the instruction behind STI. */
static void test_safe_halt(enum isa isa, enum padding_id padding)
{
	unsigned good = 0, all = 0;

	for (unsigned t = 0; nop_tables[t]; t++) {
		const struct nop_table of = nop_padding(nop_tables[t], padding);

		if (!suits(isa, nop_tables[t]))
			continue;
		for (unsigned len = 6; len <= SITE_LEN_MAX; len++, all++) {
			struct sited_op so = { .isa = isa, .type = OP_safe_halt,
					       .len = len, .addr = ADDR };
			unsigned used = 0;

			native_backend.ops.patch(&so, buf, &used);
			nop_pad(&of, &so, PATCHED_INLINE, buf, used);
			good += decode_all(isa, buf, len, is, is_at) > 1
				&& is[0].in.mnemonic == M(STI)
				&& is[1].in.mnemonic == M(HLT);
		}
	}
	ok(good == all && all, "S17, %s, %s: hlt is right behind sti, %u sites",
	   syn_isa[isa], paddings[padding].name, good);
}

int main(void)
{
	decoders_init();
	for (unsigned p = 0; p < PADDING_COUNT; p++)
		for (unsigned t = 0; nop_tables[t]; t++) {
			const struct nop_table of = nop_padding(nop_tables[t], p);

			for (const struct form *f = forms; f < forms + FORMS; f++)
				if (suits(f->isa, &of))
					test_padding(&of, f);
		}
	for (unsigned p = 0; p < PADDING_COUNT; p++) {
		test_safe_halt(ISA_IA32, p);
		test_safe_halt(ISA_X86_64, p);
	}
	return done();
}
