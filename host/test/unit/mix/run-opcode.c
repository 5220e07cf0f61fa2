/* SPDX-License-Identifier: GPL-2.0-only */
/* What an instruction is to the recorder: bytes as the manual has them. */
#include <string.h>
#include "tap.h"
#include "mix/marker.h"
#include "mix/opcode.c"

#define NONE	OPCODE_NONE
#define B(s)	(const uint8_t *)(s), sizeof(s) - 1

static const struct {
	const char *what;
	const uint8_t *bytes;
	unsigned len;
	enum opcode opcode;
	enum flow flow;
	int64_t distance;
} cases[] = {
#define AS(name, bytes)	{ #name, B(bytes), OPCODE_##name, FLOW_NEXT, 0 }
	AS(CLI, "\xfa"), AS(STI, "\xfb"), AS(PUSHF, "\x9c"), AS(POPF, "\x9d"), AS(HLT, "\xf4"),
	AS(PUSHF, "\x66\x9c"), AS(CLI, "\x2e\xfa"), AS(CLI, "\x48\xfa"),
	AS(IN, "\xe4\x60"), AS(IN, "\xe5\x60"), AS(IN, "\xec"), AS(IN, "\xed"), AS(IN, "\x66\xed"),
	AS(OUT, "\xe6\x80"), AS(OUT, "\xe7\x80"), AS(OUT, "\xee"), AS(OUT, "\xef"),
	AS(INS, "\x6c"), AS(INS, "\xf3\x6d"), AS(OUTS, "\x6e"), AS(OUTS, "\xf3\x6f"),
	AS(PAUSE, "\xf3\x90"), AS(CPUID, "\x0f\xa2"), AS(RDTSC, "\x0f\x31"),
	AS(RDTSCP, "\x0f\x01\xf9"), AS(RDPMC, "\x0f\x33"), AS(RDMSR, "\x0f\x32"),
	AS(WRMSR, "\x0f\x30"), AS(CLTS, "\x0f\x06"), AS(INVD, "\x0f\x08"), AS(WBINVD, "\x0f\x09"),
	AS(WBINVD, "\xf3\x0f\x09"),	/* WBNOINVD */
	AS(SWAPGS, "\x0f\x01\xf8"), AS(SGDT, "\x0f\x01\x00"), AS(SIDT, "\x0f\x01\x08"),
	AS(LGDT, "\x0f\x01\x10"), AS(LIDT, "\x0f\x01\x18"), AS(SMSW, "\x0f\x01\x20"),
	AS(SMSW, "\x0f\x01\xe0"), AS(LMSW, "\x0f\x01\x30"), AS(LMSW, "\x0f\x01\xf0"),
	AS(INVLPG, "\x0f\x01\x38"), AS(INVLPG, "\x0f\x01\x7c\x24\x08"),
	AS(INVPCID, "\x66\x0f\x38\x82\x04\x24"), AS(SERIALIZE, "\x0f\x01\xe8"),
	AS(CLAC, "\x0f\x01\xca"), AS(STAC, "\x0f\x01\xcb"), AS(XGETBV, "\x0f\x01\xd0"),
	AS(XSETBV, "\x0f\x01\xd1"), AS(MONITOR, "\x0f\x01\xc8"), AS(MWAIT, "\x0f\x01\xc9"),
	AS(VMCALL, "\x0f\x01\xc1"), AS(VMCALL, "\x0f\x01\xd9"),
	AS(SLDT, "\x0f\x00\xc0"), AS(STR, "\x0f\x00\xc8"), AS(LLDT, "\x0f\x00\xd0"),
	AS(LTR, "\x0f\x00\xd8"), AS(VERW, "\x0f\x00\x2d\x01\x02\x03\x04"),
	AS(READ_CR0, "\x0f\x20\xc0"), AS(READ_CR2, "\x0f\x20\xd0"), AS(READ_CR3, "\x0f\x20\xd8"),
	AS(READ_CR4, "\x0f\x20\xe0"), AS(READ_CR8, "\x44\x0f\x20\xc0"),
	AS(READ_CR3, "\x41\x0f\x20\xd8"), AS(WRITE_CR0, "\x0f\x22\xc0"),
	AS(WRITE_CR2, "\x0f\x22\xd7"), AS(WRITE_CR3, "\x0f\x22\xdf"), AS(WRITE_CR4, "\x0f\x22\xe7"),
	AS(WRITE_CR8, "\x44\x0f\x22\xc7"), AS(READ_DR, "\x0f\x21\xf8"),
	AS(WRITE_DR, "\x0f\x23\xf8"), AS(LFENCE, "\x0f\xae\xe8"), AS(MFENCE, "\x0f\xae\xf0"),
	AS(SFENCE, "\x0f\xae\xf8"), AS(FSGSBASE, "\xf3\x48\x0f\xae\xd0"),
	AS(UD, "\x0f\x0b"), AS(UD, "\x0f\xb9\xc0"), AS(UD, "\x0f\xff\xc0"),
#define NO(what, bytes)	{ what, B(bytes), NONE, FLOW_NEXT, 0 }
	NO("NOP", "\x90"), NO("NOP of 7", "\x0f\x1f\x80\0\0\0\0"), NO("INC", "\x40"),
	NO("DEC", "\x4f"), NO("MOV", "\x48\x89\xe5"),
	NO("a MOV with FA in it", "\xb8\xfa\xfb\x9c\x9d"),
	NO("XCHG with R8", "\x49\x90"), NO("CLFLUSH", "\x0f\xae\x38"), NO("XSAVE", "\x0f\xae\x20"),
	NO("SETSSBSY", "\xf3\x0f\x01\xe8"), NO("ENDBR64", "\xf3\x0f\x1e\xfa"),
	NO("MOVS", "\xa4"), NO("INC mem", "\xff\x00"), NO("PUSH mem", "\xff\x30"),
	NO("PSHUFB", "\x66\x0f\x38\x00\xc1"), NO("VERR", "\x0f\x00\xe0"),
	NO("VZEROUPPER", "\xc5\xf8\x77"), NO("no bytes", ""),
#define TO(what, bytes, flow, distance)	{ what, B(bytes), NONE, flow, distance }
	TO("JMP 8", "\xeb\xfe", FLOW_TARGET, -2),
	TO("JMP 32", "\xe9\x01\x02\x03\x04", FLOW_TARGET, 0x4030201),
	TO("JMP 16", "\xe9\xff\xff", FLOW_TARGET, -1),
	TO("CALL", "\xe8\0\0\0\x80", FLOW_TARGET, INT32_MIN),
	TO("Jcc 8", "\x74\x7f", FLOW_EITHER, 127),
	TO("Jcc 8, hinted", "\x2e\x7f\x80", FLOW_EITHER, -128),
	TO("Jcc 32", "\x0f\x84\0\1\0\0", FLOW_EITHER, 256),
	TO("Jcc 16", "\x0f\x8f\0\1", FLOW_EITHER, 256),
	TO("LOOP", "\xe2\xfe", FLOW_EITHER, -2), TO("JRCXZ", "\xe3\x00", FLOW_EITHER, 0),
	TO("bound JMP", "\xf2\xe9\0\0\0\0", FLOW_TARGET, 0),
	TO("RET", "\xc3", FLOW_ANY, 0), TO("RET n", "\xc2\4\0", FLOW_ANY, 0),
	TO("REP RET", "\xf3\xc3", FLOW_ANY, 0), TO("RETF", "\xcb", FLOW_ANY, 0),
	TO("RETF n", "\xca\4\0", FLOW_ANY, 0), TO("REX RETF", "\x48\xcb", FLOW_ANY, 0),
	TO("JMP far", "\xea\0\0\0\0\x08\0", FLOW_ANY, 0),
	TO("CALL far", "\x9a\0\0\0\0\x08\0", FLOW_ANY, 0),
	TO("CALL reg", "\xff\xd0", FLOW_ANY, 0), TO("JMP reg", "\x41\xff\xe3", FLOW_ANY, 0),
	TO("CALL mem", "\xff\x15\0\0\0\0", FLOW_ANY, 0),
	TO("JMP far mem", "\xff\x2c\x24", FLOW_ANY, 0),
	TO("RSM", "\x0f\xaa", FLOW_ANY, 0),
#define GO(name, bytes, flow)	{ #name, B(bytes), OPCODE_##name, flow, 0 }
	GO(IRET, "\xcf", FLOW_ANY), GO(IRET, "\x48\xcf", FLOW_ANY),
	GO(SYSCALL, "\x0f\x05", FLOW_ANY),
	GO(SYSRET, "\x48\x0f\x07", FLOW_ANY), GO(SYSENTER, "\x0f\x34", FLOW_ANY),
	GO(SYSEXIT, "\x0f\x35", FLOW_ANY), GO(INT3, "\xcc", FLOW_SOFT), GO(INT1, "\xf1", FLOW_SOFT),
	GO(INTO, "\xce", FLOW_SOFT), GO(INT, "\xcd\x30", FLOW_SOFT),
	GO(INT_80, "\xcd\x80", FLOW_SOFT),
};

static void each_case(void)
{
	bool named[OPCODE_COUNT] = { false };
	unsigned missing = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct insn in = insn_read(cases[i].bytes, cases[i].len);

		ok(in.opcode == cases[i].opcode && in.flow == cases[i].flow &&
		   in.distance == cases[i].distance && !in.mark,
		   "%s, %u bytes from %02x", cases[i].what, cases[i].len,
		   cases[i].len ? *cases[i].bytes : 0);
		if (cases[i].opcode != OPCODE_NONE)
			named[cases[i].opcode] = true;
	}
	for (unsigned i = 0; i < OPCODE_COUNT; i++)
		missing += !named[i];
	ok(!missing, "each of %u opcodes of the list has a case", OPCODE_COUNT);
}

static void repeats(void)
{
	static const struct { uint8_t opcode, accesses; bool stores; } of[] = {
		{ 0x6c, 2, true }, { 0x6e, 1, false }, { 0xa4, 1, true }, { 0xa6, 2, false },
		{ 0xaa, 1, true }, { 0xac, 1, false }, { 0xae, 1, false },
	};
	unsigned repeated = 0;

	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
		const uint8_t rep[] = { 0xf3, 0x48, of[i].opcode | 1 };
		struct insn with = insn_read(rep, 3), without = insn_read(rep + 1, 2);

		ok(with.accesses == of[i].accesses && with.stores == of[i].stores &&
		   !without.accesses && with.flow == FLOW_NEXT, "REP %02x", of[i].opcode);
	}
	for (unsigned opcode = 0; opcode < 256; opcode++) {
		const uint8_t repne[] = { 0xf2, (uint8_t)opcode };

		repeated += insn_read(repne, 2).accesses > 0;
	}
	ok(repeated == 14, "and no other opcode repeats");
}

static void marks(void)
{
	static const uint8_t begin[] = { 0x0f, 0x1f, 0x80, 0x01, 0x72, 0x61, 0x70 };
	uint8_t other[8] = { 0 };

	memcpy(other, begin, sizeof(begin));
	ok1(insn_read(other, 7).mark == MARK_BEGIN);
	ok1(insn_read(other, 8).mark == MARK_NONE);
	other[3] = 2;
	ok1(insn_read(other, 7).mark == MARK_END);
	other[3] = 3;
	ok1(insn_read(other, 7).mark == MARK_UNIT);
	for (unsigned tag = 0; tag < 256; tag++) {
		other[3] = (uint8_t)tag;
		if (tag >= 1 && tag <= 3)
			continue;
		if (insn_read(other, 7).mark)
			break;
		other[3] = 1;
		other[6] = (uint8_t)(tag ^ 0x70);
		if (tag && insn_read(other, 7).mark)
			break;
		other[6] = 0x70;
	}
	ok(other[6] == 0x70, "another number, or another tag, is no mark");
	ok1(MIX_TAG_BEGIN == 0x70617201 && MIX_TAG_END == 0x70617202 && MIX_TAG_UNIT == 0x70617203);
}

int main(void)
{
	each_case();
	repeats();
	marks();
	return done();
}
