/* SPDX-License-Identifier: GPL-2.0-only */
/* NOP tables and padding. */
#include <stdbool.h>
#include <stddef.h>
#include "lib/bytes.h"
#include "lib/mem.h"
#include "patch/nop.h"
#include "paravirt/ops.h"

/* No CPU objects to these; 64-bit mode does, they clear the top of ESI. */
static const struct nop_table nops_i386 = {
	.name = "i386", .max = 7, .seq = {
		[1] = "\x90",
		[2] = "\x89\xf6",
		[3] = "\x8d\x76\x00",
		[4] = "\x8d\x74\x26\x00",
		/* lea with a segment override: one instruction of five */
		[5] = "\x3e\x8d\x74\x26\x00",
		[6] = "\x8d\xb6\x00\x00\x00\x00",
		[7] = "\x8d\xb4\x26\x00\x00\x00\x00",
	}
};

/* Operand-size prefixes before 90.  Linux 5.4 stops at three of them because
 * K8 decodes no more at once; the CPUs that get this table are not K8s. */
static const struct nop_table nops_prefix = {
	.name = "prefix", .max = 11, .seq = {
		[1] = "\x90",
		[2] = "\x66\x90",
		[3] = "\x66\x66\x90",
		[4] = "\x66\x66\x66\x90",
		[5] = "\x66\x66\x66\x66\x90",
		[6] = "\x66\x66\x66\x66\x66\x90",
		[7] = "\x66\x66\x66\x66\x66\x66\x90",
		[8] = "\x66\x66\x66\x66\x66\x66\x66\x90",
		[9] = "\x66\x66\x66\x66\x66\x66\x66\x66\x90",
		[10] = "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x90",
		[11] = "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x90",
	}
};

/* The multi-byte NOP, 0f 1f /0; 9 to 11 by prefixes, as Linux has them.  More
 * than three prefixes cost some decoders dearly. */
static const struct nop_table nops_nopl = {
	.name = "nopl", .max = 11, .seq = {
		[1] = "\x90",
		[2] = "\x66\x90",
		[3] = "\x0f\x1f\x00",
		[4] = "\x0f\x1f\x40\x00",
		[5] = "\x0f\x1f\x44\x00\x00",
		[6] = "\x66\x0f\x1f\x44\x00\x00",
		[7] = "\x0f\x1f\x80\x00\x00\x00\x00",
		[8] = "\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[9] = "\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[10] = "\x66\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[11] = "\x66\x66\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
	}
};

const struct nop_table *const nop_tables[] = {
	&nops_i386, &nops_prefix, &nops_nopl, NULL
};

const struct padding_info paddings[PADDING_COUNT] = {
#define PADDING(name, timed, what) { #name, what, timed },
#include "list/padding.def"
#undef PADDING
};

struct nop_table nop_padding(const struct nop_table *t, enum padding_id padding)
{
	struct nop_table of = *t;

	of.padding = padding;
	return of;
}

/* Family 6 models whose decoders take prefixed NOPs faster than 0f 1f. */
static bool intel_prefers_prefix(const struct cpu_id *id)
{
	bool atom = id->model == 0x1c || id->model == 0x26 || id->model == 0x27;

	return id->family == 6 && id->model >= 0x0f && id->model < 0x30 && !atom;
}

static const struct nop_table *for_ia32(const struct cpu_id *id)
{
	/* No CPUID bit announces 0f 1f; these are documented to have it. */
	bool nopl = (cpu_vendor_is(id, "GenuineIntel") || cpu_vendor_is(id, "AuthenticAMD")
		     || cpu_vendor_is(id, "HygonGenuine"))
		&& (id->family == 6 || id->family >= 15);

	if (cpu_vendor_is(id, "AuthenticAMD") && id->family < 15)
		nopl = false;
	return nopl ? &nops_nopl : &nops_i386;
}

const struct nop_table *nop_table_for(enum isa isa, const struct cpu_id *id)
{
	if (cpu_vendor_is(id, "GenuineIntel") && intel_prefers_prefix(id))
		return &nops_prefix;
	return isa == ISA_X86_64 ? &nops_nopl : for_ia32(id);
}

unsigned nop_fill(const struct nop_table *t, uint8_t *buf, unsigned len)
{
	unsigned n = 0;

	for (; len; n++) {
		unsigned k = len < t->max ? len : t->max;

		memcpy(buf, t->seq[k], k);
		buf += k;
		len -= k;
	}
	return n;
}

/* The paddings, see nop_pad(). */

static unsigned pad_long(const struct nop_table *t, const struct sited_op *so,
			 enum patched outcome, uint8_t *buf, unsigned used)
{
	(void)outcome;
	return nop_fill(t, buf + used, so->len - used);
}

static unsigned pad_single(const struct nop_table *t, const struct sited_op *so,
			   enum patched outcome, uint8_t *buf, unsigned used)
{
	(void)t, (void)outcome;
	memset(buf + used, 0x90, so->len - used);
	return so->len - used;
}

/* JMP rel8 over INT3s: a site is shorter than 127 bytes or takes two. */
static unsigned pad_jump(const struct nop_table *t, const struct sited_op *so,
			 enum patched outcome, uint8_t *buf, unsigned used)
{
	unsigned n = 0;

	(void)outcome;
	for (; so->len - used >= 2; n++) {
		unsigned left = so->len - used;
		unsigned over = left - 2 < 127 ? left - 2 : 127;

		buf[used++] = 0xeb;
		buf[used++] = (uint8_t)over;
		memset(buf + used, 0xcc, over);
		used += over;
	}
	return n + nop_fill(t, buf + used, so->len - used);
}

/* Instructions without a memory operand, to which a segment prefix means nothing:
 * PUSH and POP of a register, PUSHF, POPF, CLI, STI, CALL and JMP rel32. */
static bool takes_prefix(uint8_t opcode)
{
	return (opcode & 0xf0) == 0x50 || opcode == 0x9c || opcode == 0x9d
		|| opcode == 0xfa || opcode == 0xfb || opcode == 0xe8
		|| opcode == 0xe9;
}

/* What a 6-byte site of CLI wants; more would be too much for some decoders, and
 * 15 bytes for all. */
#define PREFIXES_MOST	5

/* Is there a CALL at so->call?  That of PATCHED_TEST_CALL is behind a test. */
static bool has_call(enum patched outcome)
{
	return outcome == PATCHED_CALL || outcome == PATCHED_STUB;
}

static unsigned pad_prefix(const struct nop_table *t, const struct sited_op *so,
			   enum patched outcome, uint8_t *buf, unsigned used)
{
	unsigned at = has_call(outcome) ? so->call : 0;
	unsigned n = so->len - used < PREFIXES_MOST ? so->len - used : PREFIXES_MOST;

	if (used && takes_prefix(buf[at])) {
		memmove(buf + at + n, buf + at, used - at);
		memset(buf + at, 0x2e, n);
		if (has_call(outcome))
			put_le32(buf + at + n + 1, get_le32(buf + at + n + 1) - n);
		used += n;
	}
	return nop_fill(t, buf + used, so->len - used);
}

/* Registers a site may change and its op does not return in; a bit each, in the
 * order of their numbers. */
static unsigned poisoned(const struct sited_op *so)
{
	static const struct { unsigned bit, reg; } regs[] = {
		{ CLOBBER_AX, 0 }, { CLOBBER_CX, 1 }, { CLOBBER_DX, 2 },
		{ CLOBBER_SI, 6 }, { CLOBBER_DI, 7 }, { CLOBBER_R8, 8 },
		{ CLOBBER_R9, 9 }, { CLOBBER_R10, 10 }, { CLOBBER_R11, 11 },
	};
	unsigned words = op_info[so->type].words, keep = 0, set = 0;

	keep |= words ? CLOBBER_AX : 0;
	keep |= words == 2 && so->isa == ISA_IA32 ? CLOBBER_DX : 0;
	for (unsigned i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		if (so->clobbers & ~keep & regs[i].bit)
			set |= 1u << regs[i].reg;
	return set;
}

/* NOT r: F7 /2, the whole register.  Source: Intel SDM Vol. 2B, "NOT--One's
 * Complement Negation". */
static unsigned put_not(enum isa isa, unsigned reg, uint8_t *to)
{
	unsigned n = 0;

	if (isa == ISA_X86_64)
		to[n++] = reg & 8 ? 0x49 : 0x48;
	to[n++] = 0xf7;
	to[n++] = (uint8_t)(0xd0 | (reg & 7));
	return n;
}

/* A site seldom has room for all: they take turns, by where it is.  Each once: NOT
 * twice is nothing. */
static unsigned pad_poison(const struct nop_table *t, const struct sited_op *so,
			   enum patched outcome, uint8_t *buf, unsigned used)
{
	unsigned each = so->isa == ISA_X86_64 ? 3 : 2, n = 0;
	unsigned set = poisoned(so), reg = (unsigned)(so->addr >> 2);

	(void)outcome;
	/* A trampoline that is no call comes back nowhere. */
	for (; set && !so->jump && so->len - used >= each; reg++) {
		if (!(set >> reg % 16 & 1))
			continue;
		used += put_not(so->isa, reg % 16, buf + used);
		set &= ~(1u << reg % 16);
		n++;
	}
	return n + nop_fill(t, buf + used, so->len - used);
}

bool nop_takes_turns(const struct nop_table *t)
{
	return t->padding == PADDING_poison;
}

unsigned nop_pad(const struct nop_table *t, const struct sited_op *so,
		 enum patched outcome, uint8_t *buf, unsigned used)
{
	static unsigned (*const pads[PADDING_COUNT])(const struct nop_table *t,
		const struct sited_op *so, enum patched outcome, uint8_t *buf,
		unsigned used) = {
#define PADDING(name, timed, what) pad_##name,
#include "list/padding.def"
#undef PADDING
	};

	return pads[t->padding](t, so, outcome, buf, used);
}
