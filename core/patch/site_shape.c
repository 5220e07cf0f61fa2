/* SPDX-License-Identifier: GPL-2.0-only */
/* What a site is built of, see site_shape.h. */
#include "lib/bytes.h"
#include "lib/mem.h"
#include "paravirt/ops.h"
#include "site_shape.h"

static bool is_x64(const struct text_where *w)
{
	return w->isa == ISA_X86_64;
}

/*
 * One push or pop of a register at p[0]: its register 0-15, or -1.  @base is
 * 0x50 for push and 0x58 for pop.
 */
static int stack_reg(const uint8_t *p, size_t room, uint8_t base, bool x64,
		     unsigned *len)
{
	unsigned rex = x64 && room >= 2 && p[0] == 0x41;

	if (room <= rex || (p[rex] & 0xf8) != base)
		return -1;
	*len = rex + 1;
	return (p[rex] & 7) | (rex ? 8 : 0);
}

/* A call or jump through memory, or what is to be one. */
struct call_mem {
	unsigned len;		/* bytes; 0: it is none */
	unsigned at;		/* of its displacement */
	bool relative;
};

/* FF /2 or FF /4 with a displacement and nothing else.  Source: Intel SDM Vol. 2A,
 * "ModR/M and SIB Bytes". */
static struct call_mem own_call(const struct text_where *w, const uint8_t *p,
				unsigned room)
{
	bool is = room >= CALL_MEM_LEN && p[0] == 0xff
		&& p[1] == (w->jumps ? 0x25 : 0x15);

	return (struct call_mem){ is ? CALL_MEM_LEN : 0, 2, is_x64(w) };
}

static struct call_mem foreign_call(const struct text_where *w, const uint8_t *p,
				    unsigned room)
{
	unsigned cs = room && p[0] == 0x2e;
	const uint8_t *q = p + cs;

	room -= cs;
	if (room >= CALL_MEM_LEN && q[0] == 0xff && (q[1] == 0x15 || q[1] == 0x25))
		return (struct call_mem){ cs + CALL_MEM_LEN, cs + 2, is_x64(w) };
	if (is_x64(w) && room > CALL_MEM_LEN && q[0] == 0xff
	    && (q[1] == 0x14 || q[1] == 0x24) && q[2] == 0x25)
		return (struct call_mem){ cs + CALL_MEM_LEN + 1, cs + 3, false };
	return (struct call_mem){ 0 };
}

/* The slot that the call at @p, which runs at @addr, goes through. */
static uint64_t call_slot(const struct text_where *w, const struct call_mem *k,
			  const uint8_t *p, uint64_t addr)
{
	int32_t d = (int32_t)get_le32(p + k->at);

	if (!is_x64(w))
		return (uint32_t)d;
	return (k->relative ? addr + k->len : 0) + (uint64_t)(int64_t)d;
}

static uint64_t slot_of(const struct text_where *w, uint64_t table,
			unsigned type)
{
	return table + (uint64_t)type * (is_x64(w) ? 8 : 4);
}

/* A NOP that a site may be built with: its length, or 0. */
static unsigned built_nop(const uint8_t *p, unsigned room)
{
	static const uint8_t nop8[8] = { SITE_NOP8_BYTES };
	static const uint8_t nop2[2] = { SITE_NOP2_BYTES };

	if (room >= sizeof(nop8) && !memcmp(p, nop8, sizeof(nop8)))
		return sizeof(nop8);
	if (room >= sizeof(nop2) && !memcmp(p, nop2, sizeof(nop2)))
		return sizeof(nop2);
	return 0;
}

static const char *wrong_registers(const struct text_where *w,
				   const struct site *s,
				   const struct site_shape *shape)
{
	unsigned clobbers = s->clobbers;
	unsigned all = is_x64(w) ? CLOBBER_X86_64 : CLOBBER_IA32;
	/* An op returns in these, so no site need save them. */
	unsigned results = CLOBBER_AX | (is_x64(w) ? 0 : CLOBBER_DX);

	if (clobbers & ~all)
		return "the record names registers that a call does not change";
	if (clobbers & shape->saved)
		return "the record lets a register be changed that the site saves";
	if (!shape->callee && all & ~(clobbers | shape->saved | results))
		return "the site neither saves nor lets be changed what a C function may change";
	if (shape->callee && !op_info[s->type].words
	    && !((clobbers | shape->saved) & CLOBBER_AX))
		return "the site neither saves nor lets be changed what a thunk changes";
	return NULL;
}

/* Is it pushes, the op's call (or a trampoline's jump), the matching pops, NOPs,
 * and no more?  @p: the bytes of site @s at @addr, wherever they are. */
const char *site_shape_read(const struct text_where *w, const struct site *s,
			    uint64_t addr, const uint8_t *p,
			    struct site_shape *shape)
{
	unsigned len = s->len, at = 0, pushes = 0, k = 0;
	int stack[SITE_LEN_MAX];
	struct call_mem call;
	uint64_t slot;
	int reg;

	*shape = (struct site_shape){ 0 };
	while ((reg = stack_reg(p + at, len - at, 0x50, is_x64(w), &k)) >= 0) {
		shape->saved |= clobber_bit(reg);
		stack[pushes++] = reg;
		at += k;
	}
	call = w->foreign ? foreign_call(w, p + at, len - at)
		: own_call(w, p + at, len - at);
	if (!call.len)
		return "the site holds no indirect call through memory";
	slot = call_slot(w, &call, p + at, addr + at);
	shape->callee = w->callee && slot == slot_of(w, w->callee, s->type);
	if (slot != slot_of(w, w->table, s->type) && !shape->callee)
		return "the site does not call the op that its record names";
	shape->call = at;
	shape->disp = at + call.at;
	at += call.len;
	while (pushes && (reg = stack_reg(p + at, len - at, 0x58, is_x64(w), &k))
	       == stack[pushes - 1]) {
		pushes--;
		at += k;
	}
	shape->pops = at - shape->call - call.len;
	while ((k = built_nop(p + at, len - at)))
		at += k;
	if (pushes || at != len)
		return "the site ends inside an instruction or pops what it did not push";
	return NULL;
}

const char *site_shape_check(const struct text_where *w, const struct site *s,
			     uint64_t addr, struct site_shape *shape)
{
	const uint8_t *p = w->bytes + (addr - w->addr);
	const char *why = site_shape_read(w, s, addr, p, shape);

	return why || w->foreign ? why : wrong_registers(w, s, shape);
}
