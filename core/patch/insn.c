/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lengths of instructions, see insn.h.
 *
 * Tables say what follows each opcode byte; the code reads prefixes, finds the
 * table, and adds up.
 */
#include "patch/insn.h"

/* What follows an opcode. */
enum {
	M = 0x1,	/* ModRM, and what it asks for */
	I8 = 0x2, I16 = 0x4,
	IZ = 0x8,	/* 4 bytes, or 2 by the operand size */
	IV = 0x10,	/* likewise, or 8 */
	J8 = 0x20, JZ = 0x40,
	AO = 0x80,	/* an address */
	FAR = 0x100,	/* IZ and a selector */
	NO64 = 0x200,	/* not in 64-bit mode */
	REGS = 0x400,	/* ModRM names registers whatever its mod is */
	NONE = 0x800,	/* not defined */
	I32 = 0x1000,
};

/* Prefixes, the escape 0F, and those of VEX and the like are not looked up. */
static const uint16_t one_byte[256] = {
#define ALU(row)							\
	[row ... row + 3] = M, [row + 4] = I8, [row + 5] = IZ,		\
	[row + 6 ... row + 7] = NO64
	ALU(0x00), ALU(0x08), ALU(0x10), ALU(0x18),
	ALU(0x20), ALU(0x28), ALU(0x30), ALU(0x38),
#undef ALU
	[0x60 ... 0x61] = NO64, [0x62] = M | NO64, [0x63] = M,
	[0x68] = IZ, [0x69] = M | IZ, [0x6a] = I8, [0x6b] = M | I8,
	[0x70 ... 0x7f] = J8,
	[0x80] = M | I8, [0x81] = M | IZ, [0x82] = M | I8 | NO64, [0x83] = M | I8,
	[0x84 ... 0x8f] = M,
	[0x9a] = FAR | NO64,
	[0xa0 ... 0xa3] = AO, [0xa8] = I8, [0xa9] = IZ,
	[0xb0 ... 0xb7] = I8, [0xb8 ... 0xbf] = IV,
	[0xc0 ... 0xc1] = M | I8, [0xc2] = I16, [0xc4 ... 0xc5] = M | NO64,
	[0xc6] = M | I8, [0xc7] = M | IZ, [0xc8] = I16 | I8, [0xca] = I16,
	[0xcd] = I8, [0xce] = NO64,
	[0xd0 ... 0xd3] = M, [0xd4 ... 0xd5] = I8 | NO64, [0xd6] = NO64,
	[0xd8 ... 0xdf] = M,
	[0xe0 ... 0xe3] = J8, [0xe4 ... 0xe7] = I8, [0xe8 ... 0xe9] = JZ,
	[0xea] = FAR | NO64, [0xeb] = J8,
	[0xf6 ... 0xf7] = M,		/* TEST has an immediate: see follow_modrm() */
	[0xfe ... 0xff] = M,
};

static const uint16_t two_bytes[256] = {
	[0x00 ... 0x03] = M, [0x04] = NONE, [0x0a] = NONE, [0x0c] = NONE,
	[0x0d] = M, [0x0f] = M | I8, [0x10 ... 0x1f] = M,
	[0x20 ... 0x23] = M | REGS, [0x24 ... 0x27] = NONE, [0x28 ... 0x2f] = M,
	[0x36] = NONE, [0x39] = NONE, [0x3b ... 0x3f] = NONE,
	[0x40 ... 0x6f] = M, [0x70 ... 0x73] = M | I8, [0x74 ... 0x76] = M,
	[0x78 ... 0x79] = M, [0x7a ... 0x7b] = NONE, [0x7c ... 0x7f] = M,
	[0x80 ... 0x8f] = JZ, [0x90 ... 0x9f] = M,
	[0xa3] = M, [0xa4] = M | I8, [0xa5 ... 0xa7] = M,
	[0xab] = M, [0xac] = M | I8, [0xad ... 0xb9] = M, [0xba] = M | I8,
	[0xbb ... 0xc1] = M, [0xc2] = M | I8, [0xc3] = M, [0xc4 ... 0xc6] = M | I8,
	[0xc7] = M, [0xd0 ... 0xff] = M,
};

/* Opcodes that are defined: pairs of first and last. */
struct ranges {
	const uint8_t *pairs;
	unsigned len;
	uint16_t follows;
};

#define RANGES(what, ...)						\
	{ (const uint8_t[]){ __VA_ARGS__ },				\
	  sizeof((const uint8_t[]){ __VA_ARGS__ }), what }

static const struct ranges
legacy_38 = RANGES(M,
	0x00, 0x0b, 0x10, 0x10, 0x14, 0x15, 0x17, 0x17, 0x1c, 0x1e, 0x20, 0x25,
	0x28, 0x2b, 0x30, 0x35, 0x37, 0x41, 0x80, 0x82, 0xc8, 0xcd, 0xcf, 0xcf,
	0xd8, 0xd8, 0xdb, 0xdf, 0xf0, 0xf1, 0xf5, 0xf6, 0xf8, 0xfc),
legacy_3a = RANGES(M | I8,
	0x08, 0x0f, 0x14, 0x17, 0x20, 0x22, 0x40, 0x42, 0x44, 0x44, 0x60, 0x63,
	0xcc, 0xcc, 0xce, 0xcf, 0xdf, 0xdf, 0xf0, 0xf0);

/* Some of map 1 have an immediate as well: see simd_map_1(). */
static const struct ranges vex_maps[] = {
	[1] = RANGES(M,
	0x10, 0x17, 0x28, 0x2f, 0x41, 0x42, 0x44, 0x47, 0x4a, 0x4b, 0x50, 0x77,
	0x7c, 0x7f, 0x90, 0x93, 0x98, 0x99, 0xae, 0xae, 0xc2, 0xc2, 0xc4, 0xc6,
	0xd0, 0xfe),
	[2] = RANGES(M,
	0x00, 0x0f, 0x13, 0x13, 0x16, 0x1a, 0x1c, 0x1e, 0x20, 0x25, 0x28, 0x41,
	0x45, 0x47, 0x49, 0x49, 0x4b, 0x4b, 0x50, 0x53, 0x58, 0x5a, 0x5c, 0x5c,
	0x5e, 0x5e, 0x78, 0x79, 0x8c, 0x8c, 0x8e, 0x8e, 0x90, 0x93, 0x96, 0x9f,
	0xa6, 0xaf, 0xb0, 0xb1, 0xb4, 0xbf, 0xcb, 0xcd, 0xcf, 0xcf, 0xd2, 0xd3,
	0xda, 0xef, 0xf2, 0xf3, 0xf5, 0xf7),
	[3] = RANGES(M | I8,
	0x00, 0x02, 0x04, 0x06, 0x08, 0x0f, 0x14, 0x19, 0x1d, 0x1d, 0x20, 0x22,
	0x30, 0x33, 0x38, 0x39, 0x40, 0x42, 0x44, 0x44, 0x46, 0x46, 0x48, 0x4c,
	0x5c, 0x63, 0x68, 0x6f, 0x78, 0x7f, 0xce, 0xcf, 0xde, 0xdf, 0xf0, 0xf0),
};

static const struct ranges xop_maps[] = {
	[8] = RANGES(M | I8,
	0x85, 0x87, 0x8e, 0x8f, 0x95, 0x97, 0x9e, 0x9f, 0xa2, 0xa3, 0xa6, 0xa6,
	0xb6, 0xb6, 0xc0, 0xc3, 0xcc, 0xcf, 0xec, 0xef),
	[9] = RANGES(M,
	0x01, 0x02, 0x12, 0x12, 0x80, 0x83, 0x90, 0x9b, 0xc1, 0xc3, 0xc6, 0xc7,
	0xcb, 0xcb, 0xd1, 0xd3, 0xd6, 0xd7, 0xdb, 0xdb, 0xe1, 0xe3),
	[10] = RANGES(M | I32, 0x10, 0x10, 0x12, 0x12),
};

static const struct ranges evex_maps[] = {
	[1] = RANGES(M,
	0x10, 0x17, 0x28, 0x2f, 0x51, 0x51, 0x54, 0x76, 0x78, 0x7b, 0x7e, 0x7f,
	0xc2, 0xc2, 0xc4, 0xc6, 0xd1, 0xd6, 0xd8, 0xef, 0xf1, 0xf6, 0xf8, 0xfe),
	[2] = RANGES(M,
	0x00, 0x00, 0x04, 0x04, 0x0b, 0x0d, 0x10, 0x16, 0x18, 0x2d, 0x30, 0x40,
	0x42, 0x47, 0x4c, 0x55, 0x58, 0x5b, 0x62, 0x66, 0x68, 0x68, 0x70, 0x73,
	0x75, 0x7f, 0x83, 0x83, 0x88, 0x8b, 0x8d, 0x8d, 0x8f, 0x93, 0x96, 0xa3,
	0xa6, 0xaf, 0xb4, 0xbf, 0xc4, 0xc4, 0xc6, 0xc8, 0xca, 0xcd, 0xcf, 0xcf,
	0xdc, 0xdf),
	[3] = RANGES(M | I8,
	0x00, 0x01, 0x03, 0x05, 0x08, 0x0b, 0x0f, 0x0f, 0x14, 0x1b, 0x1d, 0x23,
	0x25, 0x27, 0x38, 0x3b, 0x3e, 0x3f, 0x42, 0x44, 0x50, 0x51, 0x54, 0x57,
	0x66, 0x67, 0x70, 0x73, 0xc2, 0xc2, 0xce, 0xcf),
	[5] = RANGES(M,
	0x10, 0x11, 0x1d, 0x1d, 0x2a, 0x2a, 0x2c, 0x2f, 0x51, 0x51, 0x58, 0x5f,
	0x6e, 0x6e, 0x78, 0x7e),
	[6] = RANGES(M,
	0x13, 0x13, 0x2c, 0x2d, 0x42, 0x43, 0x4c, 0x4f, 0x56, 0x57, 0x96, 0x9f,
	0xa6, 0xaf, 0xb6, 0xbf, 0xd6, 0xd7),
};

/* ModRM's reg field, where it completes the opcode: a bit for each value that is
 * defined with a memory operand, and with a register. */
static const struct group {
	uint8_t map, op, mem, reg;	/* map 0: one byte, 1: after 0F */
} groups[] = {
	{ 0, 0x62, 0xff, 0x00 }, { 0, 0x8c, 0x3f, 0x3f }, { 0, 0x8d, 0xff, 0x00 },
	{ 0, 0x8e, 0x3d, 0x3d }, { 0, 0x8f, 0x01, 0x01 }, { 0, 0xc4, 0xff, 0x00 },
	{ 0, 0xc5, 0xff, 0x00 }, { 0, 0xc6, 0x01, 0x81 }, { 0, 0xc7, 0x01, 0x81 },
	{ 0, 0xfe, 0x03, 0x03 }, { 0, 0xff, 0x7f, 0x57 },
	{ 0, 0xd9, 0xfd, 0xff }, { 0, 0xda, 0xff, 0x2f }, { 0, 0xdb, 0xaf, 0x7f },
	{ 0, 0xdd, 0xdf, 0x3f },
	{ 1, 0x00, 0x7f, 0x7f }, { 1, 0x01, 0xff, 0xff }, { 1, 0x13, 0xff, 0x00 },
	{ 1, 0x17, 0xff, 0x00 }, { 1, 0x2b, 0xff, 0x00 }, { 1, 0x50, 0x00, 0xff },
	{ 1, 0x71, 0x00, 0x54 }, { 1, 0x72, 0x00, 0x54 }, { 1, 0x73, 0x00, 0xcc },
	{ 1, 0xb2, 0xff, 0x00 }, { 1, 0xb4, 0xff, 0x00 }, { 1, 0xb5, 0xff, 0x00 },
	{ 1, 0xba, 0xf0, 0xf0 }, { 1, 0xc3, 0xff, 0x00 }, { 1, 0xc5, 0x00, 0xff },
	{ 1, 0xc7, 0xfa, 0xc0 }, { 1, 0xd7, 0x00, 0xff }, { 1, 0xe7, 0xff, 0x00 },
	{ 1, 0xf7, 0x00, 0xff },
};

enum escape { LEGACY, VEX, EVEX, XOP };

/* An instruction as far as it has been read. */
struct reading {
	const uint8_t *p;
	unsigned room, at;
	bool x64, size16, addr_other, lock;
	uint8_t rep, rex;		/* F2 or F3, the last; a REX that counts */
	enum escape escape;
	unsigned map;			/* LEGACY: 0, 1, 0x38, 0x3a */
	uint8_t op, modrm;
	uint16_t follows;
	struct insn *in;
};

static bool skip(struct reading *r, unsigned n)
{
	r->at += n;
	return r->at <= r->room;
}

static bool next(struct reading *r, uint8_t *byte)
{
	if (r->at >= r->room)
		return false;
	*byte = r->p[r->at++];
	return true;
}

/* Is this byte a prefix?  A REX before another prefix counts for nothing. */
static bool take_prefix(struct reading *r, uint8_t byte)
{
	bool rex = r->x64 && (byte & 0xf0) == 0x40;

	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
		break;
	case 0x66:
		r->size16 = true;
		break;
	case 0x67:
		r->addr_other = true;
		break;
	case 0xf0:
		r->lock = true;
		break;
	case 0xf2: case 0xf3:
		r->rep = byte;
		break;
	default:
		if (!rex)
			return false;
	}
	r->rex = rex ? byte : 0;
	return true;
}

static bool in_ranges(const struct ranges *g, uint8_t op)
{
	for (unsigned i = 0; i < g->len; i += 2)
		if (op >= g->pairs[i] && op <= g->pairs[i + 1])
			return true;
	return false;
}

static bool look_up(struct reading *r, const struct ranges *maps, unsigned count)
{
	if (r->map >= count || !in_ranges(&maps[r->map], r->op))
		return false;
	r->follows = maps[r->map].follows;
	return true;
}

static bool read_legacy(struct reading *r)
{
	static const struct ranges *const three[] = { &legacy_38, &legacy_3a };

	if (r->op != 0x0f) {
		r->follows = one_byte[r->op];
		return true;
	}
	r->map = 1;
	if (!next(r, &r->op))
		return false;
	r->follows = two_bytes[r->op];
	if (r->op != 0x38 && r->op != 0x3a)
		return true;
	r->map = r->op;
	if (!next(r, &r->op) || !in_ranges(three[r->map == 0x3a], r->op))
		return false;
	r->follows = three[r->map == 0x3a]->follows;
	return true;
}

/* Opcodes of map 1 are those that were behind 0F, with what followed them. */
static void simd_map_1(struct reading *r)
{
	if (r->escape == VEX && r->op == 0x77)
		r->follows = 0;		/* VZEROUPPER, VZEROALL */
	else
		r->follows = M | (two_bytes[r->op] & I8);
}

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* The bytes behind C4, C5, 62 or 8F, up to the opcode. */
static bool read_simd(struct reading *r)
{
	static const uint8_t map_bits[] = { [VEX] = 0x1f, [EVEX] = 0xf, [XOP] = 0x1f };
	bool two = r->escape == VEX && r->op == 0xc5;
	unsigned payload = r->escape == EVEX ? 3 : two ? 1 : 2;
	const uint8_t *b = r->p + r->at;

	if (r->size16 || r->rep || r->lock || r->rex || !skip(r, payload)
	    || !next(r, &r->op))
		return false;
	r->map = two ? 1 : b[0] & map_bits[r->escape];
	switch (r->escape) {
	case VEX:
		if (!look_up(r, vex_maps, COUNT(vex_maps)))
			return false;
		break;
	case EVEX:
		/* A clear bit 2 of the second byte is MVEX. */
		if (!(b[1] & 4) || !look_up(r, evex_maps, COUNT(evex_maps)))
			return false;
		break;
	case XOP:
		return look_up(r, xop_maps, COUNT(xop_maps));
	case LEGACY:
		return false;
	}
	if (r->map == 1)
		simd_map_1(r);
	return true;
}

/* Are these not LES, LDS, BOUND or POP?  In 32-bit mode those begin as well, with
 * an operand in memory; POP has another reg field. */
static enum escape escape_of(const struct reading *r)
{
	uint8_t second;

	if (r->at >= r->room)
		return LEGACY;
	second = r->p[r->at];
	if (r->op == 0x8f)
		return (second & 0x1f) >= 8 ? XOP : LEGACY;
	if (!r->x64 && second < 0xc0)
		return LEGACY;
	return r->op == 0x62 ? EVEX : r->op == 0xc4 || r->op == 0xc5 ? VEX : LEGACY;
}

/* Prefixes, opcode, and what follows it. */
static bool read_opcode(struct reading *r)
{
	do
		if (!next(r, &r->op))
			return false;
	while (take_prefix(r, r->op));
	r->escape = escape_of(r);
	if (!(r->escape == LEGACY ? read_legacy(r) : read_simd(r)))
		return false;
	r->in->opcode_at = (uint8_t)(r->at - 1);
	return !(r->follows & NONE) && !(r->x64 && r->follows & NO64);
}

/* With 16-bit addresses there is no SIB, and displacements are of 1 or 2 bytes. */
static unsigned after_modrm16(uint8_t modrm)
{
	unsigned mod = modrm >> 6;

	if (mod == 0)
		return (modrm & 7) == 6 ? 2 : 0;
	return mod == 3 ? 0 : mod;
}

static bool after_modrm(struct reading *r)
{
	unsigned mod = r->modrm >> 6, rm = r->modrm & 7;
	uint8_t base = (uint8_t)rm;

	if (mod == 3 || r->follows & REGS)
		return true;
	if (!r->x64 && r->addr_other)
		return skip(r, after_modrm16(r->modrm));
	if (rm == 4) {
		if (!next(r, &base))
			return false;
		base &= 7;
	} else if (r->x64 && mod == 0 && rm == 5) {
		r->in->rip_at = (uint8_t)r->at;
	}
	if (mod == 0)
		return skip(r, base == 5 ? 4 : 0);
	return skip(r, mod == 1 ? 1 : 4);
}

static bool is_one_byte(const struct reading *r)
{
	return r->escape == LEGACY && r->map == 0;
}

static bool group_defined(const struct reading *r)
{
	unsigned reg = r->modrm >> 3 & 7;

	if (r->escape != LEGACY || r->map > 1)
		return true;
	for (const struct group *g = groups; g < groups + COUNT(groups); g++)
		if (g->map == r->map && g->op == r->op)
			return (r->modrm >= 0xc0 ? g->reg : g->mem) >> reg & 1;
	return true;
}

/* What of an opcode's bytes depends on the rest: TEST's immediate, XBEGIN's
 * branch, the two immediates of EXTRQ and INSERTQ. */
static void follow_modrm(struct reading *r)
{
	unsigned reg = r->modrm >> 3 & 7;

	if (is_one_byte(r) && (r->op & 0xfe) == 0xf6 && reg < 2)
		r->follows |= r->op & 1 ? IZ : I8;
	if (is_one_byte(r) && r->op == 0xc7 && reg == 7)
		r->follows = M | JZ;
	if (r->escape == LEGACY && r->map == 1 && r->op == 0x78
	    && (r->size16 || r->rep == 0xf2))
		r->follows |= I16;
}

static bool read_modrm(struct reading *r)
{
	if (!(r->follows & M))
		return true;
	r->in->modrm_at = (uint8_t)r->at;
	if (!next(r, &r->modrm) || !group_defined(r))
		return false;
	follow_modrm(r);
	return after_modrm(r);
}

static unsigned size_z(const struct reading *r)
{
	return r->size16 && !(r->rex & 8) ? 2 : 4;
}

static unsigned size_address(const struct reading *r)
{
	if (r->x64)
		return r->addr_other ? 4 : 8;
	return r->addr_other ? 2 : 4;
}

static unsigned immediate_bytes(const struct reading *r)
{
	unsigned f = r->follows, n = 0;

	n += f & I8 ? 1 : 0;
	n += f & I16 ? 2 : 0;
	n += f & I32 ? 4 : 0;
	n += f & IZ ? size_z(r) : 0;
	n += f & IV ? (r->rex & 8 ? 8 : size_z(r)) : 0;
	n += f & AO ? size_address(r) : 0;
	n += f & FAR ? size_z(r) + 2 : 0;
	return n;
}

/* XBEGIN's displacement is by the operand size on the only CPUs that have it. */
static bool is_xbegin(const struct reading *r)
{
	return is_one_byte(r) && r->op == 0xc7;
}

static bool read_branch(struct reading *r)
{
	if (!(r->follows & (J8 | JZ)))
		return true;
	if (r->x64 && r->size16 && !(r->rex & 8) && !is_xbegin(r))
		return false;
	r->in->rel_at = (uint8_t)r->at;
	r->in->rel_bytes = r->follows & J8 ? 1 : (uint8_t)size_z(r);
	return skip(r, r->in->rel_bytes);
}

static enum insn_kind one_byte_kind(const struct reading *r)
{
	switch (r->op) {
	case 0xe8:
		return INSN_CALL_REL;
	case 0xe9: case 0xeb:
		return INSN_JMP_REL;
	case 0xcc:
		return INSN_INT3;
	case 0x90:
		/* F3: PAUSE.  REX.B: XCHG. */
		return r->rep == 0xf3 || r->rex & 1 ? INSN_OTHER : INSN_NOP;
	case 0xff:
		return (r->modrm >> 3 & 7) == 2 && r->modrm < 0xc0 ? INSN_CALL_MEM
								   : INSN_OTHER;
	}
	return (r->op & 0xf0) == 0x70 ? INSN_JCC : INSN_OTHER;
}

static enum insn_kind kind_of(const struct reading *r)
{
	if (is_one_byte(r))
		return one_byte_kind(r);
	if (r->escape != LEGACY || r->map != 1)
		return INSN_OTHER;
	if ((r->op & 0xf0) == 0x80)
		return INSN_JCC;
	return r->op == 0x1f && !(r->modrm >> 3 & 7) ? INSN_NOP : INSN_OTHER;
}

bool insn_decode(struct insn *in, enum isa isa, const uint8_t *p, size_t room)
{
	struct insn got = { 0 };
	struct reading r = {
		.p = p, .x64 = isa == ISA_X86_64, .in = &got,
		.room = room < INSN_LEN_MAX ? (unsigned)room : INSN_LEN_MAX,
	};

	if (!read_opcode(&r) || !read_modrm(&r) || !read_branch(&r)
	    || !skip(&r, immediate_bytes(&r)))
		return false;
	got.len = (uint8_t)r.at;
	got.kind = kind_of(&r);
	*in = got;
	return true;
}
