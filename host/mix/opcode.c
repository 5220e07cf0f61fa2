/* SPDX-License-Identifier: GPL-2.0-only */
/* What an instruction is to the recorder, from its bytes. */
#include <string.h>
#include "marker.h"
#include "opcode.h"

const char *const opcode_names[OPCODE_COUNT] = {
#define OPCODE(name, in_pairs) [OPCODE_##name] = #name,
#include "list/mix_opcode.def"
#undef OPCODE
};

const bool opcode_in_pairs[OPCODE_COUNT] = {
#define OPCODE(name, in_pairs) [OPCODE_##name] = in_pairs,
#include "list/mix_opcode.def"
#undef OPCODE
};

/* An instruction that is being read: what is behind its prefixes. */
struct reading {
	const uint8_t *at;	/* the opcode's first byte */
	unsigned left;		/* bytes from there on, 1 at least */
	uint8_t repeat;		/* F2, F3 or 0: the last one */
	uint8_t rex;		/* or 0 */
	bool narrow;		/* 66 */
};

static bool is_prefix(uint8_t byte)
{
	static const uint8_t prefixes[] = {
		0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3
	};

	return memchr(prefixes, byte, sizeof(prefixes));
}

static struct reading read_prefixes(const uint8_t *bytes, unsigned len)
{
	struct reading r = { .at = bytes, .left = len };

	while (r.left > 1 && is_prefix(*r.at)) {
		if (*r.at == 0xf2 || *r.at == 0xf3)
			r.repeat = *r.at;
		r.narrow |= *r.at == 0x66;
		r.at++;
		r.left--;
	}
	/* INC and DEC of 32-bit code are one byte. */
	if (r.left > 1 && (*r.at & 0xf0) == 0x40) {
		r.rex = *r.at++;
		r.left--;
	}
	return r;
}

/* Byte @n behind the opcode's first; 0 where there is none, which fits nothing asked for. */
static uint8_t byte_at(const struct reading *r, unsigned n)
{
	return n < r->left ? r->at[n] : 0;
}

/* The signed displacement that is left behind @n bytes of opcode. */
static int64_t displacement(const struct reading *r, unsigned n)
{
	uint32_t all = 0;
	unsigned bytes = r->left > n ? r->left - n : 0;

	for (unsigned i = 0; i < bytes && i < 4; i++)
		all |= (uint32_t)r->at[n + i] << 8 * i;
	return bytes == 1 ? (int8_t)all : bytes == 2 ? (int16_t)all : (int32_t)all;
}

static struct insn counted(enum opcode opcode)
{
	return (struct insn){ .opcode = opcode };
}

static struct insn goes(enum opcode opcode, enum flow flow)
{
	return (struct insn){ .opcode = opcode, .flow = flow };
}

static struct insn branch(const struct reading *r, enum flow flow, unsigned opcode_bytes)
{
	return (struct insn){ .opcode = OPCODE_NONE, .flow = flow,
			      .distance = displacement(r, opcode_bytes) };
}

/* 0F 00: the register field says which. */
static enum opcode group_6(uint8_t modrm)
{
	static const enum opcode of[8] = {
		OPCODE_SLDT, OPCODE_STR, OPCODE_LLDT, OPCODE_LTR,
		OPCODE_NONE, OPCODE_VERW, OPCODE_NONE, OPCODE_NONE
	};

	return of[modrm >> 3 & 7];
}

/* 0F 01 with a register: the whole byte says which. */
static enum opcode group_7_register(const struct reading *r, uint8_t modrm)
{
	switch (modrm) {
	case 0xc1:
	case 0xd9:
		return OPCODE_VMCALL;
	case 0xc8:
		return OPCODE_MONITOR;
	case 0xc9:
		return OPCODE_MWAIT;
	case 0xca:
		return OPCODE_CLAC;
	case 0xcb:
		return OPCODE_STAC;
	case 0xd0:
		return OPCODE_XGETBV;
	case 0xd1:
		return OPCODE_XSETBV;
	case 0xe8:
		return r->repeat ? OPCODE_NONE : OPCODE_SERIALIZE;
	case 0xf8:
		return OPCODE_SWAPGS;
	case 0xf9:
		return OPCODE_RDTSCP;
	}
	return (modrm & 0xf8) == 0xe0 ? OPCODE_SMSW : (modrm & 0xf8) == 0xf0 ? OPCODE_LMSW
		: OPCODE_NONE;
}

static enum opcode group_7(const struct reading *r, uint8_t modrm)
{
	static const enum opcode of[8] = {
		OPCODE_SGDT, OPCODE_SIDT, OPCODE_LGDT, OPCODE_LIDT,
		OPCODE_SMSW, OPCODE_NONE, OPCODE_LMSW, OPCODE_INVLPG
	};

	return modrm >= 0xc0 ? group_7_register(r, modrm) : of[modrm >> 3 & 7];
}

/* 0F AE with a register. */
static enum opcode group_15(const struct reading *r, uint8_t modrm)
{
	unsigned field = modrm >> 3 & 7;

	if (modrm < 0xc0)
		return OPCODE_NONE;
	if (r->repeat)
		return r->repeat == 0xf3 && field < 4 ? OPCODE_FSGSBASE : OPCODE_NONE;
	return r->narrow ? OPCODE_NONE : field == 5 ? OPCODE_LFENCE : field == 6 ? OPCODE_MFENCE
		: field == 7 ? OPCODE_SFENCE : OPCODE_NONE;
}

/* 0F 20 and 0F 22: @first is the op of CR0, and the others follow it in the list. */
static enum opcode control_register(const struct reading *r, enum opcode first)
{
	switch ((byte_at(r, 2) >> 3 & 7) + (r->rex & 4 ? 8 : 0)) {
	case 0:
		return first;
	case 2:
		return first + 1;
	case 3:
		return first + 2;
	case 4:
		return first + 3;
	case 8:
		return first + 4;
	}
	return OPCODE_NONE;
}

static enum mark mark_of(const uint8_t *bytes, unsigned len)
{
	uint32_t tag;

	if (len != 7 || memcmp(bytes, "\x0f\x1f\x80", 3))
		return MARK_NONE;
	memcpy(&tag, bytes + 3, sizeof(tag));
	return tag == MIX_TAG_BEGIN ? MARK_BEGIN : tag == MIX_TAG_UNIT ? MARK_UNIT
		: tag == MIX_TAG_END ? MARK_END : MARK_NONE;
}

/* Behind 0F: those that control does not leave. */
static enum opcode two_bytes(const struct reading *r)
{
	switch (byte_at(r, 1)) {
	case 0x00:
		return group_6(byte_at(r, 2));
	case 0x01:
		return group_7(r, byte_at(r, 2));
	case 0x06:
		return OPCODE_CLTS;
	case 0x08:
		return OPCODE_INVD;
	case 0x09:
		return OPCODE_WBINVD;
	case 0x0b:
	case 0xb9:
	case 0xff:
		return OPCODE_UD;
	case 0x20:
		return control_register(r, OPCODE_READ_CR0);
	case 0x21:
		return OPCODE_READ_DR;
	case 0x22:
		return control_register(r, OPCODE_WRITE_CR0);
	case 0x23:
		return OPCODE_WRITE_DR;
	case 0x30:
		return OPCODE_WRMSR;
	case 0x31:
		return OPCODE_RDTSC;
	case 0x32:
		return OPCODE_RDMSR;
	case 0x33:
		return OPCODE_RDPMC;
	case 0x38:
		return byte_at(r, 2) == 0x82 && r->narrow ? OPCODE_INVPCID : OPCODE_NONE;
	case 0xa2:
		return OPCODE_CPUID;
	case 0xae:
		return group_15(r, byte_at(r, 2));
	}
	return OPCODE_NONE;
}

static struct insn behind_0f(const struct reading *r)
{
	switch (byte_at(r, 1)) {
	case 0x05:
		return goes(OPCODE_SYSCALL, FLOW_ANY);
	case 0x07:
		return goes(OPCODE_SYSRET, FLOW_ANY);
	case 0x34:
		return goes(OPCODE_SYSENTER, FLOW_ANY);
	case 0x35:
		return goes(OPCODE_SYSEXIT, FLOW_ANY);
	case 0xaa:	/* RSM */
		return goes(OPCODE_NONE, FLOW_ANY);
	case 0x80 ... 0x8f:
		return branch(r, FLOW_EITHER, 2);
	}
	return counted(two_bytes(r));
}

/* String instructions, with a prefix that repeats them. */
static bool read_string(const struct reading *r, struct insn *in)
{
	static const struct { uint8_t opcode, accesses; bool stores; enum opcode counted; } of[] = {
		{ 0x6c, 2, true, OPCODE_INS },
		{ 0x6e, 1, false, OPCODE_OUTS },
		{ 0xa4, 1, true, OPCODE_NONE },		/* MOVS */
		{ 0xa6, 2, false, OPCODE_NONE },	/* CMPS */
		{ 0xaa, 1, true, OPCODE_NONE },		/* STOS */
		{ 0xac, 1, false, OPCODE_NONE },	/* LODS */
		{ 0xae, 1, false, OPCODE_NONE },	/* SCAS */
	};

	for (unsigned i = 0; i < sizeof(of) / sizeof(*of); i++) {
		if ((*r->at & 0xfe) != of[i].opcode)
			continue;
		*in = counted(of[i].counted);
		in->accesses = r->repeat ? of[i].accesses : 0;
		in->stores = of[i].stores;
		return true;
	}
	return false;
}

static struct insn one_byte(const struct reading *r)
{
	switch (*r->at) {
	case 0x0f:
		return behind_0f(r);
	case 0x70 ... 0x7f:
	case 0xe0 ... 0xe3:
		return branch(r, FLOW_EITHER, 1);
	case 0xe8:
	case 0xe9:
	case 0xeb:
		return branch(r, FLOW_TARGET, 1);
	case 0x90:
		return counted(r->repeat == 0xf3 ? OPCODE_PAUSE : OPCODE_NONE);
	case 0x9c:
		return counted(OPCODE_PUSHF);
	case 0x9d:
		return counted(OPCODE_POPF);
	case 0xe4 ... 0xe5:
	case 0xec ... 0xed:
		return counted(OPCODE_IN);
	case 0xe6 ... 0xe7:
	case 0xee ... 0xef:
		return counted(OPCODE_OUT);
	case 0xf4:
		return counted(OPCODE_HLT);
	case 0xfa:
		return counted(OPCODE_CLI);
	case 0xfb:
		return counted(OPCODE_STI);
	case 0xc2 ... 0xc3:
	case 0xca ... 0xcb:
	case 0x9a:
	case 0xea:
		return goes(OPCODE_NONE, FLOW_ANY);
	case 0xff:	/* /2 to /5: CALL and JMP, near and far */
		return goes(OPCODE_NONE, (byte_at(r, 1) >> 3 & 7) - 2u < 4 ? FLOW_ANY : FLOW_NEXT);
	case 0xcf:
		return goes(OPCODE_IRET, FLOW_ANY);
	case 0xcc:
		return goes(OPCODE_INT3, FLOW_SOFT);
	case 0xcd:
		return goes(byte_at(r, 1) == 0x80 ? OPCODE_INT_80 : OPCODE_INT, FLOW_SOFT);
	case 0xce:
		return goes(OPCODE_INTO, FLOW_SOFT);
	case 0xf1:
		return goes(OPCODE_INT1, FLOW_SOFT);
	}
	return counted(OPCODE_NONE);
}

struct insn insn_read(const uint8_t *bytes, unsigned len)
{
	struct reading r;
	struct insn in;

	if (!len)
		return counted(OPCODE_NONE);
	r = read_prefixes(bytes, len);
	if (!read_string(&r, &in))
		in = one_byte(&r);
	in.mark = mark_of(bytes, len);
	return in;
}
