/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layouts' fillers, read by an independent decoder (Zydis): what is executed
 * between two copies changes nothing, and is the same in every body of a group.
 */
#include <string.h>
#include <Zydis/Zydis.h>
#include "measure/layout.h"
#include "tap.h"

#define COPY_TRIED	200
#define NOT_WRITTEN	0xa5

static const char *const isa_names[ISA_COUNT] = { "ia32", "x86_64" };
static ZydisDecoder decoder[ISA_COUNT];

static void decoders_init(void)
{
	ZydisDecoderInit(&decoder[ISA_IA32], ZYDIS_MACHINE_MODE_LEGACY_32,
			 ZYDIS_STACK_WIDTH_32);
	ZydisDecoderInit(&decoder[ISA_X86_64], ZYDIS_MACHINE_MODE_LONG_64,
			 ZYDIS_STACK_WIDTH_64);
}

/* A filler, and a byte more than it may have. */
struct filled {
	uint8_t bytes[FILL_MAX + 1];
	unsigned len;
};

static struct filled fill(enum layout_id l, const struct fill *f)
{
	struct filled r;

	memset(r.bytes, NOT_WRITTEN, sizeof(r.bytes));
	r.len = layouts[l].fill(f, r.bytes);
	return r;
}

/* Only so many bytes were written as it says. */
static bool within(const struct filled *r)
{
	for (unsigned i = r->len; i < sizeof(r->bytes); i++)
		if (r->bytes[i] != NOT_WRITTEN)
			return false;
	return r->len <= FILL_MAX;
}

struct insn {
	ZydisDecodedInstruction in;
	ZydisDecodedOperand op[ZYDIS_MAX_OPERAND_COUNT];
};

static bool decode(enum isa isa, const uint8_t *at, unsigned len, struct insn *i)
{
	return ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder[isa], at, len,
						   &i->in, i->op));
}

/* In 64-bit mode "mov %esi, %esi" and "lea (%esi), %esi" clear the upper half. */
static bool is_nop(enum isa isa, const struct insn *i)
{
	if (i->in.mnemonic == ZYDIS_MNEMONIC_NOP)
		return true;
	if (isa == ISA_X86_64 || i->op[0].type != ZYDIS_OPERAND_TYPE_REGISTER)
		return false;
	if (i->in.mnemonic == ZYDIS_MNEMONIC_MOV)
		return i->op[1].reg.value == i->op[0].reg.value;
	return i->in.mnemonic == ZYDIS_MNEMONIC_LEA && !i->op[1].mem.disp.value
		&& i->op[1].mem.base == i->op[0].reg.value
		&& i->op[1].mem.index == ZYDIS_REGISTER_NONE;
}

/* How many NOPs it is, none above 8 bytes; -1 if it is anything else. */
static int count_nops(enum isa isa, const struct filled *r)
{
	int n = 0;

	for (unsigned at = 0; at < r->len; n++) {
		struct insn i;

		if (!decode(isa, r->bytes + at, r->len - at, &i)
		    || !is_nop(isa, &i) || i.in.length > 8)
			return -1;
		at += i.in.length;
	}
	return n;
}

static bool suits(enum isa isa, const struct nop_table *t)
{
	return isa == ISA_IA32 || strcmp(t->name, "i386");
}

/* All copies of a group whose longest has so many bytes: one stride, a whole
 * number of lines, and one number of NOPs. */
static bool line_is_even(struct fill f, unsigned *stride, int *nops)
{
	for (f.copy = 0; f.copy <= f.longest; f.copy++) {
		struct filled r = fill(LAYOUT_line, &f);
		int n = count_nops(f.isa, &r);

		if (!f.copy) {
			*stride = r.len;
			*nops = n;
		}
		if (!within(&r) || n <= 0 || n != *nops
		    || f.copy + r.len != *stride || *stride % LINE_BYTES)
			return false;
	}
	return true;
}

/* The stride is the least that holds the copy and a byte for each NOP. */
static void test_line(enum isa isa, const struct nop_table *t)
{
	unsigned good = 0;

	for (unsigned longest = 0; longest <= COPY_TRIED; longest++) {
		struct fill f = { isa, t, 0, longest };
		unsigned stride = 0, most = t->max < 8 ? t->max : 8;
		int nops = 0;

		good += line_is_even(f, &stride, &nops)
			&& (unsigned)nops == (stride + most - 1) / most
			&& longest + (unsigned)nops <= stride
			&& (stride == LINE_BYTES
			    || longest + (stride - LINE_BYTES + most - 1) / most
			       > stride - LINE_BYTES);
	}
	ok(good == COPY_TRIED + 1, "line, %s, %s NOPs: copies of 0 to %u bytes: %u of %u",
	   isa_names[isa], t->name, COPY_TRIED, good, COPY_TRIED + 1);
}

/* The longest copies that there may be beside the shortest: the filler fits.  Longer
 * ones: it is refused, and not a byte is written. */
static void test_line_limit(enum isa isa, const struct nop_table *t)
{
	struct fill f = { isa, t, 1, COPY_MAX };
	struct filled r = fill(LAYOUT_line, &f);
	unsigned refused = 0, tried = 0;

	ok(within(&r) && r.len + 1 > COPY_MAX && count_nops(isa, &r) > 0,
	   "line, %s, %s NOPs: 1 byte beside %u: a filler of %u", isa_names[isa],
	   t->name, COPY_MAX, r.len);
	for (f.longest = FILL_MAX; f.longest < 4096; f.longest += 13, tried++) {
		memset(r.bytes, NOT_WRITTEN, sizeof(r.bytes));
		refused += layouts[LAYOUT_line].fill(&f, r.bytes) > FILL_MAX
			&& r.bytes[0] == NOT_WRITTEN;
	}
	ok(refused == tried, "line, %s, %s NOPs: 1 byte beside %u and more: refused, %u of %u",
	   isa_names[isa], t->name, FILL_MAX, refused, tried);
}

/* Register operand that is read or written, but for the one it is about. */
static bool touches_other(const struct insn *i)
{
	for (unsigned k = 0; k < i->in.operand_count; k++)
		if (i->op[k].type == ZYDIS_OPERAND_TYPE_REGISTER
		    && i->op[k].reg.value != i->op[0].reg.value)
			return true;
	return false;
}

/* LEA of the whole register to itself. */
static bool is_lea_of_itself(enum isa isa, const struct insn *i)
{
	ZydisRegister reg = i->op[0].reg.value;

	return i->in.mnemonic == ZYDIS_MNEMONIC_LEA
		&& i->op[0].size == (isa == ISA_X86_64 ? 64 : 32)
		&& i->op[1].mem.base == reg && !i->op[1].mem.disp.value
		&& i->op[1].mem.disp.has_displacement
		&& i->op[1].mem.index == ZYDIS_REGISTER_NONE
		&& !touches_other(i)
		&& !(i->in.attributes & ZYDIS_ATTRIB_CPUFLAG_ACCESS);
}

/* 16 of them, in as many chains as layout.def says, each as long as the others
 * within one; none is the stack's. */
static void test_work(enum isa isa)
{
	struct fill f = { isa, nop_tables[0], 5, 7 };
	struct filled r = fill(LAYOUT_work, &f);
	unsigned links[ZYDIS_REGISTER_MAX_VALUE + 1] = { 0 }, chains = 0, n = 0;
	bool good = within(&r), even = true;

	for (unsigned at = 0; good && at < r.len; n++) {
		struct insn i;

		good = decode(isa, r.bytes + at, r.len - at, &i)
			&& is_lea_of_itself(isa, &i);
		if (good)
			chains += !links[i.op[0].reg.value]++;
		at += i.in.length;
	}
	for (unsigned k = 0; k <= ZYDIS_REGISTER_MAX_VALUE; k++)
		even &= !links[k] || links[k] == 16 / chains
			|| links[k] == 16 / chains + 1;
	ok(good && n == 16, "work, %s: 16 LEAs of a register to itself: %u",
	   isa_names[isa], n);
	ok(even && chains == (isa == ISA_X86_64 ? 8 : 6)
	   && !links[ZYDIS_REGISTER_ESP] && !links[ZYDIS_REGISTER_RSP],
	   "work, %s: in %u chains", isa_names[isa], chains);
}

/* Whatever the copy: one filler for the whole group. */
static void test_work_same(enum isa isa)
{
	struct fill f = { isa, nop_tables[0], 0, 0 };
	struct filled first = fill(LAYOUT_work, &f);
	unsigned same = 0;

	for (f.copy = 0; f.copy <= COPY_TRIED; f.copy++) {
		struct filled r;

		f.longest = COPY_TRIED - f.copy;
		r = fill(LAYOUT_work, &f);
		same += r.len == first.len
			&& !memcmp(r.bytes, first.bytes, sizeof(r.bytes));
	}
	ok(same == COPY_TRIED + 1, "work, %s: the same for all", isa_names[isa]);
}

static void test_dense(enum isa isa)
{
	unsigned nothing = 0;

	for (unsigned copy = 0; copy <= COPY_TRIED; copy++) {
		struct fill f = { isa, nop_tables[0], copy, COPY_TRIED };
		struct filled r = fill(LAYOUT_dense, &f);

		nothing += !r.len && within(&r);
	}
	ok(nothing == COPY_TRIED + 1, "dense, %s: nothing", isa_names[isa]);
}

/* What is said to be filled is. */
static void test_filled(void)
{
	for (unsigned l = 0; l < LAYOUT_COUNT; l++) {
		struct fill f = { ISA_X86_64, nop_tables[1], 6, 6 };

		ok(layouts[l].filled == (fill(l, &f).len > 0),
		   "%s: filled is %u", layouts[l].name, layouts[l].filled);
	}
}

int main(void)
{
	decoders_init();
	for (unsigned isa = 0; isa < ISA_COUNT; isa++) {
		for (unsigned t = 0; nop_tables[t]; t++)
			if (suits(isa, nop_tables[t])) {
				test_line(isa, nop_tables[t]);
				test_line_limit(isa, nop_tables[t]);
			}
		test_work(isa);
		test_work_same(isa);
		test_dense(isa);
	}
	test_filled();
	return done();
}
