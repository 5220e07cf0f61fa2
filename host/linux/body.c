/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a function does, see body.h: its instructions from first to last, as they lie;
 * no jump but one forwards within the function is followed.
 *
 * Source of the encodings: Intel SDM Vol. 2, by each instruction; of the types of the
 * exception table: Linux, arch/x86/include/asm/extable_fixup_types.h (6.1, 6.12).
 */
#include <string.h>
#include "body.h"
#include "kernel_code.h"
#include "lib/bytes.h"
#include "patch/insn.h"

#define INSNS_MAX	96
#define REACH_MAX	512		/* of a jump that stays in the function */

/* One that is being read. */
struct body {
	const struct kernel *k;
	uint64_t does;
	uint64_t at, last;	/* the next instruction; furthest that a jump leads to */
	uint8_t first[16];	/* the bytes that do something, as many as there is room for */
	unsigned len;
	unsigned pushes, calls, pops, others;	/* of a thunk */
	bool ended;		/* by a return */
};

/* By the opcode's map, and by its last byte. */
struct opcode {
	unsigned map;		/* 1: none; 0x0f; 0x38: behind 0f 38 */
	uint8_t byte, reg, mod;
};

static struct opcode opcode_of(const struct insn *in, const uint8_t *p)
{
	struct opcode o = { .map = 1, .byte = p[in->opcode_at] };

	if (in->opcode_at && (p[in->opcode_at - 1] == 0x0f || p[in->opcode_at - 1] == 0x38))
		o.map = p[in->opcode_at - 1];
	if (in->modrm_at) {
		o.reg = p[in->modrm_at] >> 3 & 7;
		o.mod = p[in->modrm_at] >> 6;
	}
	return o;
}

/* 0f 01 and 0f 00: the ModRM byte says which. */
static uint64_t system_op(const struct opcode *o, uint8_t modrm)
{
	static const uint64_t tables[8] = { 0, 0, B(LGDT), B(LIDT), B(SMSW), 0, 0, B(INVLPG) };
	static const uint64_t selectors[8] = { 0, B(STR), B(LLDT), B(LTR) };

	if (o->byte == 0x00)
		return selectors[o->reg];
	if (o->mod == 3)
		return modrm == 0xf8 ? B(SWAPGS) : o->reg == 4 ? B(SMSW) : 0;
	return tables[o->reg];
}

static uint64_t control_op(const struct opcode *o)
{
	static const uint64_t reads[8] = { B(READ_CR0), 0, B(READ_CR2), B(READ_CR3), B(READ_CR4) };
	static const uint64_t writes[8] = { B(WRITE_CR0), 0, B(WRITE_CR2), B(WRITE_CR3),
					    B(WRITE_CR4) };

	switch (o->byte) {
	case 0x20: return reads[o->reg];
	case 0x22: return writes[o->reg];
	case 0x21: return B(READ_DR);
	case 0x23: return B(WRITE_DR);
	}
	return 0;
}

/* One byte behind 0f, or one alone, that no field completes. */
static uint64_t simple_op(const struct opcode *o)
{
	static const struct { unsigned map; uint8_t byte; uint64_t does; } ops[] = {
		{ 0x0f, 0xa2, B(CPUID) }, { 0x0f, 0x33, B(RDPMC) }, { 0x0f, 0x31, B(RDTSC) },
		{ 0x0f, 0x09, B(WBINVD) }, { 0x0f, 0x07, B(SYSRET) }, { 0x38, 0x82, B(INVPCID) },
		{ 1, 0xcf, B(IRET) }, { 1, 0xe6, B(OUT) }, { 1, 0xf4, B(HLT) },
	};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (ops[i].map == o->map && ops[i].byte == o->byte)
			return ops[i].does;
	if (o->map == 1 && o->byte == 0x87 && o->mod != 3)
		return B(XCHG);
	return o->map == 1 && o->byte == 0x8e && o->reg == 5 ? B(LOAD_GS) : 0;
}

#define TYPE_WRMSR	8
#define TYPE_RDMSR	9
#define TYPE_WRMSR_SAFE	10
#define TYPE_RDMSR_SAFE	11

/* Does a fault at the instruction come back as an error?  A record is the offset of the
 * instruction, that of where to go on, and a type, until 5.15 the offset of a handler;
 * then the safe ones went on elsewhere, where the error is made.  -1: it has none. */
static int is_safe(const struct kernel *k, uint64_t at)
{
	const struct section *s = image_section(k->im, "__ex_table");

	for (size_t i = 0; s && s->bytes && i + 12 <= s->len; i += 12) {
		uint32_t type = (uint32_t)get_le(s->bytes + i + 8, 4);
		uint64_t insn = s->addr + i + get_s32(s->bytes + i);
		uint64_t to = s->addr + i + 4
			+ get_s32(s->bytes + i + 4);

		if (k->im->isa == ISA_IA32)
			insn = (uint32_t)insn, to = (uint32_t)to;
		if (insn != at)
			continue;
		if (type < 0x10000)
			return (type & 0xff) == TYPE_WRMSR_SAFE || (type & 0xff) == TYPE_RDMSR_SAFE;
		return to - at > 4;
	}
	return -1;
}

static uint64_t msr_op(const struct kernel *k, const struct opcode *o, uint64_t at)
{
	uint64_t plain = o->byte == 0x32 ? B(RDMSR) : B(WRMSR);
	uint64_t safe = o->byte == 0x32 ? B(RDMSR_SAFE) : B(WRMSR_SAFE);

	switch (is_safe(k, at)) {
	case 0:  return plain;
	case 1:  return safe;
	default: return plain | safe;
	}
}

static uint64_t op_of(const struct body *b, const struct insn *in, const uint8_t *p)
{
	struct opcode o = opcode_of(in, p);

	if (o.map != 0x0f)
		return simple_op(&o);
	if (o.byte <= 1)
		return system_op(&o, p[in->modrm_at]);
	if (o.byte == 0x32 || o.byte == 0x30)
		return msr_op(b->k, &o, b->at);
	return control_op(&o) | simple_op(&o);
}

/* Registers saved, a call, registers restored, and the frame of it. */
static void count_for_thunk(struct body *b, const struct insn *in, const uint8_t *p)
{
	uint8_t op = p[in->opcode_at];

	if (in->kind == INSN_CALL_REL)
		b->calls++;
	else if (op >= 0x50 && op <= 0x57 && !b->calls)
		b->pushes++;
	else if (((op >= 0x58 && op <= 0x5f) || op == 0xc9) && b->calls)
		b->pops++;
	else if (op != 0x89 || p[in->len - 1] != 0xe5)	/* MOV SP, BP */
		b->others++;
}

/* NOPs do nothing, and the call that an entry begins with is for tracing. */
static bool is_nothing(const struct body *b, const struct insn *in)
{
	return in->kind == INSN_NOP || (in->kind == INSN_CALL_REL && !b->len);
}

static void take(struct body *b, const struct insn *in, const uint8_t *p)
{
	count_for_thunk(b, in, p);
	if (is_nothing(b, in))
		return;
	b->does |= op_of(b, in, p);
	for (unsigned i = 0; i < in->len; i++)
		if (b->len < sizeof(b->first))
			b->first[b->len++] = p[i];
}

/* Where reading goes on after a jump; false: the function ends there. */
static bool jump(struct body *b, const struct insn *in, const uint8_t *p)
{
	uint64_t to = insn_target(in, p, b->at, in->rel_at, in->rel_bytes);
	bool near = to > b->at && to - b->at < REACH_MAX;

	if (near && to > b->last)
		b->last = to;
	if (in->kind == INSN_JCC || b->at + in->len < b->last) {
		b->at += in->len;
		return true;
	}
	return false;
}

/* One instruction; false: it was the last, or none. */
static bool step(struct body *b)
{
	const struct section *s = image_at(b->k->im, b->at, 1);
	struct insn in;
	const uint8_t *p;

	if (!s || !s->exec)
		return false;
	p = s->bytes + (b->at - s->addr);
	if (!insn_decode(&in, b->k->im->isa, p, s->len - (b->at - s->addr)))
		return false;
	if (b->at >= b->last && returns(b->k, b->at)) {
		b->ended = true;
		return false;
	}
	if (in.kind == INSN_JMP_REL || in.kind == INSN_JCC)
		return jump(b, &in, p);
	take(b, &in, p);
	b->at += in.len;
	return !(b->does & (B(IRET) | B(SYSRET)));
}

static bool is(const struct body *b, const char *bytes, unsigned len)
{
	return b->len == len && !memcmp(b->first, bytes, len);
}

/* The whole function, where that is all it has. */
static uint64_t whole(const struct body *b)
{
	static const struct {
		enum isa isa;
		uint64_t does;
		unsigned len;
		const char *bytes;
	} all[] = {
		{ ISA_X86_64, B(PUSHF), 2, "\x9c\x58" }, { ISA_IA32, B(PUSHF), 2, "\x9c\x58" },
		{ ISA_X86_64, B(POPF), 2, "\x57\x9d" }, { ISA_IA32, B(POPF), 2, "\x50\x9d" },
		{ ISA_X86_64, B(CLI), 1, "\xfa" }, { ISA_IA32, B(CLI), 1, "\xfa" },
		{ ISA_X86_64, B(STI), 1, "\xfb" }, { ISA_IA32, B(STI), 1, "\xfb" },
		{ ISA_X86_64, B(RET0), 2, "\x31\xc0" }, { ISA_IA32, B(RET0), 2, "\x31\xc0" },
		{ ISA_X86_64, B(ARGUMENT), 3, "\x48\x89\xf8" },
		{ ISA_X86_64, B(STORE), 3, "\x48\x89\x37" },
		{ ISA_X86_64, B(STORE_AT), 3, "\x48\x89\x0a" },
	};

	if (!b->len)
		return B(NOTHING);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].isa == b->k->im->isa && is(b, all[i].bytes, all[i].len))
			return all[i].does;
	return b->pushes && b->calls == 1 && b->pops && !b->others ? B(THUNK) : 0;
}

static bool halts_with_sti(const struct body *b)
{
	for (unsigned i = 0; i + 1 < b->len; i++)
		if (b->first[i] == 0xfb && b->first[i + 1] == 0xf4)
			return true;
	return false;
}

/* LTR is of the function that makes the descriptor for it writable, by another LGDT. */
static uint64_t tell(const struct body *b)
{
	uint64_t does = b->ended ? whole(b) : 0;

	if (does)
		return does;
	if (b->does & B(HLT))
		return halts_with_sti(b) ? B(STI_HLT) : B(HLT);
	if (b->does & B(LTR))
		return B(LTR);
	return b->does & ~B(XCHG) ? b->does : b->does | B(PLAIN);
}

uint64_t body_of(const struct kernel *k, uint64_t addr)
{
	const struct section *s = image_at(k->im, addr, 1);
	struct body b = { .k = k, .at = function_entry(k, addr) };

	if (!addr)
		return B(EMPTY);
	if (!s || !s->exec)
		return 0;
	b.last = b.at;
	for (unsigned n = 0; n < INSNS_MAX && step(&b); n++)
		;
	return tell(&b);
}
