/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decoder against another one (Zydis), for both ISAs: every opcode of every map
 * with prefixes, ModRM and SIB bytes, byte strings at random, and every offset of the
 * text of both images.
 *
 * What Zydis takes is taken, with the same length and the same displacements, but for
 * two classes that insn.h names.  What Zydis refuses may be taken if Zydis takes the
 * opcode with other operands, or if it is of a list of opcodes younger than Zydis 4.0.
 */
#include <Zydis/Zydis.h>
#include "linked_image.h"
#include "patch/insn.h"
#include "tap.h"

static ZydisDecoder decoders[ISA_COUNT];

static const char *const isa_names[] = { "ia32", "x86-64" };

enum escape { LEGACY, VEX, EVEX, XOP, ESCAPES };

/* What an opcode is. */
struct opcode {
	enum escape escape;
	unsigned map, op;
};

/* Did Zydis take an encoding of it?  Did only we? */
static bool taken[ISA_COUNT][ESCAPES][32][256], lenient[ISA_COUNT][ESCAPES][32][256];

static unsigned long compared, agreed, refused, more, branch66, knights;

/* Of Intel's later extensions: AVX-IFMA, AVX-NE-CONVERT, AVX-VNNI-INT8 and -INT16,
 * SHA512, SM3, SM4, CMPccXADD, RAO-INT. */
static const struct {
	enum escape escape;
	unsigned map, first, last;
} younger[] = {
	{ VEX, 2, 0x50, 0x51 }, { VEX, 2, 0x72, 0x72 }, { VEX, 2, 0xb0, 0xb1 },
	{ VEX, 2, 0xb4, 0xb5 }, { VEX, 2, 0xcb, 0xcd }, { VEX, 2, 0xd2, 0xd3 },
	{ VEX, 2, 0xda, 0xda }, { VEX, 2, 0xe0, 0xef }, { VEX, 3, 0xde, 0xde },
	{ LEGACY, 2, 0xfc, 0xfc },
	/* Tile instructions of 64-bit mode: in 32-bit mode their operands are not
	 * defined. */
	{ VEX, 2, 0x49, 0x49 }, { VEX, 2, 0x4b, 0x4b }, { VEX, 2, 0x5c, 0x5c },
	{ VEX, 2, 0x5e, 0x5e },
};

static bool is_younger(struct opcode o)
{
	for (unsigned i = 0; i < sizeof(younger) / sizeof(younger[0]); i++)
		if (younger[i].escape == o.escape && younger[i].map == o.map
		    && o.op >= younger[i].first && o.op <= younger[i].last)
			return true;
	return false;
}

static bool is_prefix(enum isa isa, uint8_t b)
{
	switch (b) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65: case 0x66:
	case 0x67: case 0xf0: case 0xf2: case 0xf3:
		return true;
	default:
		return isa == ISA_X86_64 && (b & 0xf0) == 0x40;
	}
}

/* Read anew, not from what is tested; @p is at least 16 bytes. */
static struct opcode opcode_of(enum isa isa, const uint8_t *p)
{
	bool simd = isa == ISA_X86_64;

	while (is_prefix(isa, *p))
		p++;
	simd |= p[1] >= 0xc0;
	if (*p == 0x8f && (p[1] & 0x1f) >= 8)
		return (struct opcode){ XOP, p[1] & 0x1f, p[3] };
	if (*p == 0xc5 && simd)
		return (struct opcode){ VEX, 1, p[2] };
	if (*p == 0xc4 && simd)
		return (struct opcode){ VEX, p[1] & 0x1f, p[3] };
	if (*p == 0x62 && simd)
		return (struct opcode){ EVEX, p[1] & 0xf, p[4] };
	if (*p != 0x0f)
		return (struct opcode){ LEGACY, 0, p[0] };
	if (p[1] == 0x38)
		return (struct opcode){ LEGACY, 2, p[2] };
	if (p[1] == 0x3a)
		return (struct opcode){ LEGACY, 3, p[2] };
	return (struct opcode){ LEGACY, 1, p[1] };
}

static enum insn_kind kind_of(const ZydisDecodedInstruction *z)
{
	bool rel = z->raw.imm[0].is_relative;

	switch (z->mnemonic) {
	case ZYDIS_MNEMONIC_CALL:
		if (rel)
			return INSN_CALL_REL;
		return z->raw.modrm.mod != 3 && z->raw.modrm.reg == 2 ? INSN_CALL_MEM
								      : INSN_OTHER;
	case ZYDIS_MNEMONIC_JMP:
		return rel ? INSN_JMP_REL : INSN_OTHER;
	case ZYDIS_MNEMONIC_NOP:
		return z->opcode == 0x90 || (z->opcode == 0x1f && !z->raw.modrm.reg)
			? INSN_NOP : INSN_OTHER;
	case ZYDIS_MNEMONIC_INT3:
		return INSN_INT3;
	default:
		return rel && ((z->opcode & 0xf0) == 0x70 || (z->opcode & 0xf0) == 0x80)
			? INSN_JCC : INSN_OTHER;
	}
}

static bool same(const ZydisDecodedInstruction *z, const struct insn *in)
{
	bool rel = z->raw.imm[0].is_relative;
	bool rip = (z->attributes & ZYDIS_ATTRIB_IS_RELATIVE) && !rel;

	return in->len == z->length && in->kind == kind_of(z)
		&& in->rel_bytes == (rel ? z->raw.imm[0].size / 8 : 0)
		&& in->rel_at == (rel ? z->raw.imm[0].offset : 0)
		&& in->rip_at == (rip ? z->raw.disp.offset : 0)
		&& (!rip || z->raw.disp.size == 32)
		&& in->modrm_at == (z->attributes & ZYDIS_ATTRIB_HAS_MODRM
				    ? z->raw.modrm.offset : 0);
}

static bool complain(const char *what, enum isa isa, const uint8_t *p)
{
	static unsigned said;
	char hex[3 * 15 + 1];

	for (unsigned i = 0; i < 15; i++)
		sprintf(hex + 3 * i, "%02x ", p[i]);
	if (said++ < 40)
		diag("%s %s: %s", isa_names[isa], what, hex);
	return false;
}

/* We refuse, Zydis does not. */
static bool explained(const ZydisDecodedInstruction *z)
{
	if (z->encoding == ZYDIS_INSTRUCTION_ENCODING_MVEX
	    || z->meta.isa_set == ZYDIS_ISA_SET_KNCE
	    || z->meta.isa_set == ZYDIS_ISA_SET_KNCV
	    || z->meta.isa_set == ZYDIS_ISA_SET_KNCJKBR
	    || z->meta.isa_set == ZYDIS_ISA_SET_KNC_MISC
	    || z->meta.isa_set == ZYDIS_ISA_SET_KNCSTREAM)
		return ++knights;
	if (z->raw.imm[0].is_relative && z->machine_mode == ZYDIS_MACHINE_MODE_LONG_64
	    && z->attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE)
		return ++branch66;
	return false;
}

/* @p: @room readable bytes, at least 16. */
static bool compare(enum isa isa, const uint8_t *p)
{
	struct opcode o = opcode_of(isa, p);
	ZydisDecodedInstruction z;
	struct insn in = { 0 };
	bool theirs = ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoders[isa], NULL,
								 p, 16, &z));
	bool ours = insn_decode(&in, isa, p, 16);

	compared++;
	if (theirs)
		taken[isa][o.escape][o.map][o.op] = true;
	if (!theirs && !ours)
		return ++refused;
	if (!ours)
		return explained(&z) || complain("not taken", isa, p);
	if (insn_decode(&in, isa, p, in.len - 1u))
		return complain("taken short", isa, p);
	if (!theirs) {
		lenient[isa][o.escape][o.map][o.op] = true;
		return ++more;
	}
	if (!same(&z, &in))
		return complain("otherwise", isa, p);
	return ++agreed;
}

/* ModRM bytes: of every mod, and every rm that means something else, @all: every. */
static bool sweep_modrm(enum isa isa, uint8_t *p, unsigned at, bool all)
{
	static const uint8_t sibs[] = { 0x00, 0x05, 0x24, 0x25, 0xe5 };
	bool good = true;

	for (unsigned m = 0; m < 256; m++) {
		unsigned rm = m & 7;
		bool sib = m < 0xc0 && rm == 4;

		if (!all && rm != 0 && rm != 4 && rm != 5 && rm != 6)
			continue;
		p[at] = (uint8_t)m;
		for (unsigned s = 0; s < (sib ? sizeof(sibs) : 1); s++) {
			p[at + 1] = sibs[s];
			good &= compare(isa, p);
		}
	}
	return good;
}

static bool sweep_opcodes(enum isa isa, uint8_t *p, unsigned at, bool all)
{
	bool good = true;

	for (unsigned op = 0; op < 256; op++) {
		p[at] = (uint8_t)op;
		good &= sweep_modrm(isa, p, at + 1, all);
	}
	return good;
}

#define ROOM	32

static void test_legacy(enum isa isa)
{
	static const char *const prefixes[] = {
		"", "\x66", "\xf2", "\xf3", "\x67", "\x66\x67", "\xf0", "\x2e",
		"\x66\xf2", "\xf3\x66", "\x48", "\x41", "\x66\x48", "\x48\x66",
		"\xf3\x4f", "\x67\x4c",
	};
	static const char *const escapes[] = { "", "\x0f", "\x0f\x38", "\x0f\x3a" };

	for (unsigned e = 0; e < 4; e++) {
		bool good = true;

		for (unsigned k = 0; k < 16; k++) {
			uint8_t p[ROOM] = { 0 };
			unsigned n = (unsigned)sprintf((char *)p, "%s%s", prefixes[k],
						       escapes[e]);

			good &= sweep_opcodes(isa, p, n, k < 2);
		}
		ok(good, "%s: opcodes behind %u escape bytes", isa_names[isa],
		   (unsigned)strlen(escapes[e]));
	}
}

/* Vector length, prefix, W, and whether a register more is named. */
static void test_vex(enum isa isa, uint8_t first, unsigned maps, const char *what)
{
	bool good = true;

	for (unsigned map = 0; map < maps; map++)
		for (unsigned k = 0; k < 32; k++) {
			uint8_t p[ROOM] = { first, (uint8_t)(0xe0 | map) };

			p[2] = (uint8_t)((k & 8 ? 0x80 : 0) | (k & 16 ? 0x40 : 0x78)
					 | (k & 7));
			/* Maps that are not there: one of each is enough, and of POP,
			 * as which XOP's first eight are read, one an opcode. */
			if (map == 0 || map > 10 || (first == 0xc4 && map > 3))
				good &= compare(isa, p);
			else if (first == 0x8f && map < 8)
				for (unsigned op = 0; op < 256; op++) {
					p[3] = (uint8_t)op;
					good &= compare(isa, p);
				}
			else
				good &= sweep_opcodes(isa, p, 3, false);
		}
	ok(good, "%s: %s", isa_names[isa], what);
}

static void test_vex2(enum isa isa)
{
	bool good = true;

	for (unsigned k = 0; k < 256; k++) {
		uint8_t p[ROOM] = { 0xc5, (uint8_t)k };

		for (unsigned op = 0; op < 256; op++) {
			p[2] = (uint8_t)op;
			p[3] = (uint8_t)(0xc0 ^ op);
			good &= compare(isa, p);
		}
	}
	ok(good, "%s: VEX of two bytes", isa_names[isa]);
}

static void test_evex(enum isa isa)
{
	static const uint8_t third[] = { 0x08, 0x49, 0x58, 0x2a, 0xc9 };
	bool good = true;

	for (unsigned map = 0; map < 16; map++)
		for (unsigned k = 0; k < 40; k++) {
			uint8_t p[ROOM] = { 0x62, (uint8_t)(0xf0 | map),
				(uint8_t)(0x7c | (k & 4 ? 0x80 : 0) | (k & 3)),
				third[k / 8] };

			if (map == 0 || map == 4 || map > 6) {
				good &= compare(isa, p);
				continue;
			}
			good &= sweep_opcodes(isa, p, 4, false);
		}
	ok(good, "%s: EVEX", isa_names[isa]);
}

/* xorshift: the same every time. */
static uint64_t random64(void)
{
	static uint64_t s = 88172645463325252u;

	s ^= s << 13;
	s ^= s >> 7;
	return s ^= s << 17;
}

static void test_random(enum isa isa)
{
	bool good = true;

	for (unsigned i = 0; i < 1000000; i++) {
		uint8_t p[ROOM] = { 0 };
		uint64_t a = random64(), b = random64();

		memcpy(p, &a, 8);
		memcpy(p + 8, &b, 8);
		/* Prefixes are rare at random. */
		if (i & 1)
			p[0] = (const uint8_t[]){ 0x66, 0x67, 0xf2, 0xf3, 0x0f, 0x48,
						  0xc4, 0x62 }[i >> 1 & 7];
		good &= compare(isa, p);
	}
	ok(good, "%s: a million byte strings at random", isa_names[isa]);
}

/* Nothing behind @room is read: the sanitizer sees it. */
static void test_room(enum isa isa)
{
	unsigned fit = 0;

	for (unsigned i = 0; i < 60000; i++) {
		size_t room = i % 17;
		uint8_t *p = malloc(room);
		struct insn in;

		for (size_t k = 0; k < room; k++)
			p[k] = (uint8_t)(random64() >> 11);
		if (insn_decode(&in, isa, p, room))
			fit += in.len <= room;
		free(p);
	}
	ok(fit > 20000, "%s: %u of 60000 fit their room", isa_names[isa], fit);
}

static void test_image(enum isa isa)
{
	struct image im = { .arch = isa == ISA_IA32 ? "ia32" : "x86_64", .isa = isa };
	size_t insns = 0, bad = 0, off = 0;
	bool good = true;

	if (!ok(image_load(&im), "%s: the image is there", isa_names[isa]))
		return;
	for (size_t i = 0; i + 16 <= im.where.len; i++)
		good &= compare(isa, im.where.bytes + i);
	ok(good, "%s: every offset of its text, %zu bytes", isa_names[isa], im.where.len);
	while (off + 16 <= im.where.len) {
		struct insn in;

		if (!insn_decode(&in, isa, im.where.bytes + off, im.where.len - off)) {
			bad++;
			off++;
			continue;
		}
		off += in.len;
		insns++;
	}
	ok(insns > 10000 && !bad, "%s: its text is %zu instructions, %zu bytes are none",
	   isa_names[isa], insns, bad);
	free(im.fresh);
}

/* What only we took must be an opcode that is one. */
static void test_classes(enum isa isa)
{
	unsigned odd = 0, young = 0;

	for (unsigned i = 0; i < ESCAPES * 32 * 256; i++) {
		struct opcode o = { i >> 13, i >> 8 & 31, i & 255 };

		if (!lenient[isa][o.escape][o.map][o.op]
		    || taken[isa][o.escape][o.map][o.op])
			continue;
		if (is_younger(o)) {
			young++;
			continue;
		}
		diag("only we: escape %u map %u opcode %02x", o.escape, o.map, o.op);
		odd++;
	}
	ok(!odd, "%s: no opcode is taken that is none (%u younger than Zydis)",
	   isa_names[isa], young);
}

/* By hand, from the manuals' encodings. */
static const struct example {
	enum isa isa;
	const char *what, *bytes;
	unsigned room;
	bool good;
	struct insn want;
} examples[] = {
#define X64	ISA_X86_64
#define I32	ISA_IA32
	{ X64, "call *d(%rip)", "\xff\x15\x01\x02\x03\x04", 6, true,
	  { INSN_CALL_MEM, 6, 0, 1, 0, 0, 2 } },
	{ I32, "call *abs", "\xff\x15\x01\x02\x03\x04", 6, true,
	  { INSN_CALL_MEM, 6, 0, 1, 0, 0, 0 } },
	{ X64, "call", "\xe8\0\0\0\0", 5, true, { INSN_CALL_REL, 5, 0, 0, 1, 4, 0 } },
	{ X64, "call, a byte short", "\xe8\0\0\0", 4, false, { 0 } },
	{ I32, "call rel16", "\x66\xe8\0\0", 4, true, { INSN_CALL_REL, 4, 1, 0, 2, 2, 0 } },
	{ X64, "call with 66", "\x66\xe8\0\0\0\0", 6, false, { 0 } },
	{ X64, "call with 66, REX.W", "\x66\x48\xe8\0\0\0\0", 7, true,
	  { INSN_CALL_REL, 7, 2, 0, 3, 4, 0 } },
	{ X64, "jz", "\x74\x10", 2, true, { INSN_JCC, 2, 0, 0, 1, 1, 0 } },
	{ X64, "jz near", "\x0f\x84\0\0\0\0", 6, true, { INSN_JCC, 6, 1, 0, 2, 4, 0 } },
	{ X64, "lea d(%rip), %rdi", "\x48\x8d\x3d\0\0\0\0", 7, true,
	  { INSN_OTHER, 7, 1, 2, 0, 0, 3 } },
	{ X64, "cmpb $1, d(%rip)", "\x80\x3d\0\0\0\0\x01", 7, true,
	  { INSN_OTHER, 7, 0, 1, 0, 0, 2 } },
	{ X64, "endbr64", "\xf3\x0f\x1e\xfa", 4, true, { INSN_OTHER, 4, 2, 3, 0, 0, 0 } },
	{ I32, "lds", "\xc5\x00", 2, true, { INSN_OTHER, 2, 0, 1, 0, 0, 0 } },
	{ I32, "mov (%bx), %eax with 67", "\x67\x8b\x07", 3, true,
	  { INSN_OTHER, 3, 1, 2, 0, 0, 0 } },
	{ I32, "mov disp16, %eax with 67", "\x67\x8b\x06\x34\x12", 5, true,
	  { INSN_OTHER, 5, 1, 2, 0, 0, 0 } },
	{ X64, "movabs", "\x48\xb8\1\2\3\4\5\6\7\x08", 10, true,
	  { INSN_OTHER, 10, 1, 0, 0, 0, 0 } },
	{ X64, "mov %cr0 with mod 0", "\x0f\x20\x05", 3, true,
	  { INSN_OTHER, 3, 1, 2, 0, 0, 0 } },
	{ X64, "nopl", "\x0f\x1f\x44\0\0", 5, true, { INSN_NOP, 5, 1, 2, 0, 0, 0 } },
	{ X64, "pause", "\xf3\x90", 2, true, { INSN_OTHER, 2, 1, 0, 0, 0, 0 } },
	{ X64, "xchg %r8, %rax", "\x41\x90", 2, true, { INSN_OTHER, 2, 1, 0, 0, 0, 0 } },
	{ X64, "int3", "\xcc", 1, true, { INSN_INT3, 1, 0, 0, 0, 0, 0 } },
	{ X64, "sixteen bytes", "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x90",
	  16, false, { 0 } },
	{ X64, "push %es", "\x06", 1, false, { 0 } },
	{ X64, "nothing", "", 0, false, { 0 } },
};

static void test_examples(void)
{
	for (unsigned i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct example *x = &examples[i];
		struct insn in = { .len = 99 };
		bool got = insn_decode(&in, x->isa, (const uint8_t *)x->bytes, x->room);

		ok(got == x->good && (got ? !memcmp(&in, &x->want, sizeof(in))
					  : in.len == 99),
		   "%s %s", isa_names[x->isa], x->what);
	}
	ok1(insn_field((const uint8_t *)"\xfe", 1) == -2);
	ok1(insn_field((const uint8_t *)"\xfe\xff", 2) == -2);
	ok1(insn_field((const uint8_t *)"\xfe\xff\xff\xff", 4) == -2);
}

int main(void)
{
	ZydisDecoderInit(&decoders[ISA_IA32], ZYDIS_MACHINE_MODE_LEGACY_32,
			 ZYDIS_STACK_WIDTH_32);
	ZydisDecoderInit(&decoders[ISA_X86_64], ZYDIS_MACHINE_MODE_LONG_64,
			 ZYDIS_STACK_WIDTH_64);
	test_examples();
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_legacy(isa);
		test_vex(isa, 0xc4, 32, "VEX of three bytes");
		test_vex(isa, 0x8f, 32, "XOP");
		test_vex2(isa);
		test_evex(isa);
		test_random(isa);
		test_image(isa);
		test_room(isa);
		test_classes(isa);
	}
	diag("%lu compared: %lu the same, %lu refused by both", compared, agreed, refused);
	diag("%lu taken here only (operands), %lu by Zydis only: %lu near branches with 66"
	     " in 64-bit mode, %lu of Knights Corner", more, branch66 + knights, branch66,
	     knights);
	return done();
}
