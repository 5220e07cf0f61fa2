/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Both images as linked, read by an independent decoder: what every op, thunk, form and
 * stub of every backend is made of, how long forms are, what the records say, and where
 * every site leads in every mode.
 */
#include "decode.h"
#include "linked_image.h"
#include "patch/mode.h"
#include "backend/backends.h"
#include "patch/own_islands.h"
#include "patch/own_text.h"
#include "paravirt/pv_memory.h"
#include "tap.h"

/* The image's memory at an address, of the sections that have contents. */
static const uint8_t *at(const struct image *im, uint64_t addr)
{
	static const char *const names[] = { ".text", ".rodata", ".data" };

	for (unsigned i = 0; i < 3; i++) {
		uint64_t begin, offset;
		size_t len;

		if (ELF(im, section, im->file, names[i], &begin, &offset, &len)
		    && addr - begin < len)
			return im->file + offset + (addr - begin);
	}
	return NULL;
}

static unsigned word(const struct image *im)
{
	return im->isa == ISA_X86_64 ? 8 : 4;
}

static uint64_t read_word(const struct image *im, uint64_t addr)
{
	const uint8_t *p = at(im, addr);
	uint64_t v = 0;

	if (p)
		memcpy(&v, p, word(im));
	return v;
}

static uint64_t symbol(const struct image *im, const char *backend, const char *op,
		       const char *rest)
{
	char name[100];

	snprintf(name, sizeof(name), "%s%s%s%s", backend, *op ? "_" : "", op, rest);
	return ELF(im, symbol, im->file, name);
}

/* Slots of struct backend: the name, then one table, then the other. */
static uint64_t slot(const struct image *im, const char *backend, unsigned op,
		     bool callee)
{
	uint64_t b = symbol(im, backend, "", "_backend");

	return b ? read_word(im, b + word(im) * (1 + op + (callee ? OP_COUNT : 0))) : 0;
}

static bool insn_at(const struct image *im, uint64_t addr, struct insn *i)
{
	const uint8_t *p = at(im, addr);

	return p && decode(im->isa, p, 15, i);
}

static bool begins_with_endbr(const struct image *im, uint64_t addr)
{
	struct insn i;

	return insn_at(im, addr, &i) && i.in.length == ENDBR_LEN
		&& i.in.mnemonic == (im->isa == ISA_X86_64 ? M(ENDBR64) : M(ENDBR32));
}

static const char *const backend_names[BACKEND_COUNT] = {
#define BACKEND(name, isas, ring, needs, what) #name,
#include "list/backend.def"
#undef BACKEND
};

static bool is_to_be_had(const struct image *im, unsigned b)
{
	static const char *const isas[BACKEND_COUNT] = {
#define BACKEND(name, isas, ring, needs, what) #isas,
#include "list/backend.def"
#undef BACKEND
	};

	return !strcmp(isas[b], "both") || im->isa == ISA_X86_64;
}

static void test_endbr(const struct image *im, unsigned b)
{
	unsigned ops = 0, good = 0;

	for (unsigned k = 0; k < 2 * OP_COUNT; k++) {
		uint64_t to = slot(im, backend_names[b], k / 2, k & 1);

		if (!to)
			continue;
		ops++;
		good += begins_with_endbr(im, to);
		if (!begins_with_endbr(im, to))
			diag("%s of %s does not", k & 1 ? "thunk" : "op",
			     op_info[k / 2].name);
	}
	ok(good == ops && (ops > 0) == (is_to_be_had(im, b) && b != BACKEND_hyperv),
	   "%s, %s: %u ops and thunks begin with ENDBR", im->arch, backend_names[b], ops);
}

/* Registers that a C function may change, but for RAX, in the order in which they
 * are pushed; ia32: EDX is the result's where that has 64 bits. */
static const uint8_t *saved(const struct image *im, bool q, unsigned *n)
{
	static const uint8_t x86_64[] = { 1, 2, 6, 7, 8, 9, 10, 11 }, ia32[] = { 1, 2 };

	*n = im->isa == ISA_X86_64 ? sizeof(x86_64) : q ? 1 : 2;
	return im->isa == ISA_X86_64 ? x86_64 : ia32;
}

static bool is_stack(const struct insn *i, ZydisMnemonic what, unsigned reg)
{
	return i->in.mnemonic == what
		&& (unsigned)ZydisRegisterGetId(i->op[0].reg.value) == reg;
}

/* ENDBR; pushes; CALL of the op; pops; RET; and nothing else. */
static bool thunk_is(const struct image *im, uint64_t thunk, uint64_t op, bool q)
{
	unsigned n;
	const uint8_t *regs = saved(im, q, &n);
	struct insn i;

	for (unsigned k = 0; k < 2 * n + 3; k++, thunk += i.in.length) {
		if (!insn_at(im, thunk, &i))
			return false;
		if (k == 0 ? !begins_with_endbr(im, thunk)
		    : k <= n ? !is_stack(&i, M(PUSH), regs[k - 1])
		    : k == n + 1 ? i.in.mnemonic != M(CALL) || target_of(&i, thunk) != op
		    : k < 2 * n + 2 ? !is_stack(&i, M(POP), regs[2 * n + 1 - k])
		    : i.in.mnemonic != M(RET))
			return false;
	}
	return true;
}

/* Ops that Linux has in callee-save slots themselves: native's and Xen's and PVM's
 * interrupt ops, and lguest's in head_32.S. */
static unsigned ops_that_keep(const struct image *im, unsigned b)
{
	switch (b) {
	case BACKEND_native:
	case BACKEND_xen:
		return 5;
	case BACKEND_pvm:
		return im->isa == ISA_X86_64 ? 5 : 0;
	case BACKEND_lguest:
		return 2;
	default:
		return 0;
	}
}

static void test_thunks(const struct image *im, unsigned b)
{
	unsigned good = 0, thunks = 0, kept = 0;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		uint64_t to = slot(im, backend_names[b], op, true);
		uint64_t itself = slot(im, backend_names[b], op, false);

		if (!to)
			continue;
		kept += to == itself;
		thunks += to != itself;
		good += to != itself && thunk_is(im, to, itself, op_info[op].words == 2);
	}
	ok(good == thunks, "%s, %s: %u thunks save what a C function may change, and "
	   "call their op", im->arch, backend_names[b], thunks);
	ok(kept == ops_that_keep(im, b), "%s, %s: %u ops need no thunk", im->arch,
	   backend_names[b], kept);
}

/* Forms. */

enum { OPS = 6 };
static const char *const ops[OPS] = {
	"irq_disable", "irq_enable", "save_fl", "restore_fl", "irq_save", "io_delay",
};

/* Bytes on record: ia32, x86-64; 0: nobody wrote it down.  Of Xen's in the shared
 * page on SMP, of May 2006: "entry-xen.S, system.h"; of vcpu_info in per-CPU data:
 * Linux 4.4, xen-asm.S; lguest: Linux 4.4, boot.c; pvm: entry_64_pvm.S; vsmp:
 * vsmp_64.c, as assembled (facts 2.4). */
static const struct size {
	const char *backend, *op;
	unsigned len[ISA_COUNT];
} sizes[] = {
	{ "xen", "irq_disable", { 8, 9 } },	{ "xen", "irq_enable", { 23, 25 } },
	{ "xen", "save_fl", { 13, 14 } },	{ "xen", "restore_fl", { 27, 31 } },
	{ "xen_smp", "irq_disable", { 23, 0 } }, { "xen_smp", "irq_enable", { 33, 0 } },
	{ "xen_up", "irq_disable", { 9, 0 } },
	{ "lguest", "irq_disable", { 10, 10 } }, { "lguest", "save_fl", { 5, 0 } },
	{ "pvm", "save_fl", { 0, 9 } },		{ "pvm", "irq_disable", { 0, 11 } },
	{ "vsmp", "irq_disable", { 0, 16 } },	{ "vsmp", "irq_enable", { 0, 16 } },
	{ "kvm", "io_delay", { 0, 0 } },
};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void test_sizes(const struct image *im)
{
	for (const struct size *s = sizes; s < sizes + SIZES; s++) {
		uint64_t begin = symbol(im, s->backend, s->op, "_form");
		uint64_t end = symbol(im, s->backend, s->op, "_form_end");
		bool empty = !strcmp(s->backend, "kvm");

		if (!s->len[im->isa] && !empty)
			continue;
		ok(begin && end - begin == s->len[im->isa], "%s: %s %s is %u bytes, as on record",
		   im->arch, s->backend, s->op, (unsigned)(end - begin));
	}
}

/* A field of four bytes that is relative to its place must have a fix. */
static bool has_fix(const struct image *im, uint64_t fix, uint64_t end,
		    unsigned offset)
{
	for (; fix < end; fix++)
		if (at(im, fix) && *at(im, fix) == offset)
			return true;
	return false;
}

/* Where its relative field is, from the instruction's first byte; 0: it has none. */
static unsigned relative_field(const struct insn *i)
{
	if (i->in.raw.imm[0].is_relative)
		return i->in.raw.imm[0].size == 32 ? i->in.raw.imm[0].offset : 0;
	return i->in.attributes & ZYDIS_ATTRIB_IS_RELATIVE ? i->in.raw.disp.offset : 0;
}

struct span {
	uint64_t begin, end, fix, fix_end;
};

/* What an instruction of a form reaches: itself, pv_memory, or pv_deliver. */
static const char *reach(const struct image *im, const struct span *f,
			 uint64_t addr, const struct insn *i)
{
	uint64_t memory = symbol(im, "pv_memory", "", ""), to = target_of(i, addr);
	ZydisInstructionCategory c = i->in.meta.category;

	if (c == ZYDIS_CATEGORY_CALL)
		return to == symbol(im, "pv_deliver", "", "") ? NULL
			: "it calls something else than pv_deliver";
	if (c == ZYDIS_CATEGORY_RET || c == ZYDIS_CATEGORY_INTERRUPT)
		return "it leaves the form";
	if (c == ZYDIS_CATEGORY_COND_BR || c == ZYDIS_CATEGORY_UNCOND_BR)
		return to >= f->begin && to <= f->end ? NULL : "it branches out of the form";
	if (!to)
		return NULL;
	/* By a segment: an offset in pv_memory. */
	if (to >= memory && to - memory < sizeof(struct pv_memory))
		return NULL;
	return to < sizeof(struct pv_memory) ? NULL : "it reaches other memory";
}

static const char *form_against(const struct image *im, const struct span *f)
{
	unsigned fields = 0;
	struct insn i;

	for (uint64_t addr = f->begin; addr < f->end; addr += i.in.length) {
		const char *why;
		unsigned field;

		if (!insn_at(im, addr, &i) || addr + i.in.length > f->end)
			return "it does not decode to whole instructions";
		why = reach(im, f, addr, &i);
		if (why)
			return why;
		field = relative_field(&i);
		/* A branch within the form moves with it. */
		if (!field || i.in.meta.category == ZYDIS_CATEGORY_COND_BR
		    || i.in.meta.category == ZYDIS_CATEGORY_UNCOND_BR)
			continue;
		fields++;
		if (!has_fix(im, f->fix, f->fix_end, (unsigned)(addr - f->begin) + field))
			return "what is relative has no fix";
	}
	return fields == f->fix_end - f->fix ? NULL : "it has a fix too many";
}

static void test_form(const struct image *im, unsigned b, const char *op)
{
	const char *name = backend_names[b], *why;
	struct span f = {
		symbol(im, name, op, "_form"), symbol(im, name, op, "_form_end"),
		symbol(im, name, op, "_fix"), symbol(im, name, op, "_fix_end"),
	};
	struct insn i;

	if (!f.begin)
		return;
	why = form_against(im, &f);
	/* The function is ENDBR, the form, and RET. */
	if (!why && (symbol(im, name, op, "") + ENDBR_LEN != f.begin
		     || !insn_at(im, f.end, &i) || i.in.mnemonic != M(RET)))
		why = "the function is not ENDBR, form, RET";
	if (!ok(!why, "%s: %s %s decodes, and stays within itself", im->arch, name, op))
		diag("%s", why);
}

/* Stubs. */

static const ZydisMnemonic retpoline[ISA_COUNT][8] = {
	[ISA_X86_64] = { M(MOV), M(CALL), M(PAUSE), M(LFENCE), M(JMP), M(MOV), M(RET) },
	[ISA_IA32] = { M(CALL), M(PAUSE), M(LFENCE), M(JMP), M(LEA), M(PUSH), M(RET) },
};

/* The CALL goes behind the JMP, the JMP to PAUSE; the slot is loaded where it says. */
static bool retpoline_is(const struct image *im, uint64_t stub, uint64_t slot_addr)
{
	bool x64 = im->isa == ISA_X86_64;
	unsigned call = x64 ? 1 : 0, load = x64 ? 0 : 5;
	uint64_t where[7], addr = stub;
	struct insn i[7];

	for (unsigned k = 0; k < 7; k++) {
		if (!insn_at(im, addr, &i[k]) || i[k].in.mnemonic != retpoline[im->isa][k])
			return false;
		where[k] = addr;
		addr += i[k].in.length;
	}
	if (x64 && (i[0].op[0].reg.value != ZYDIS_REGISTER_RAX
		    || i[5].op[0].mem.base != ZYDIS_REGISTER_RSP
		    || i[5].op[0].mem.disp.value || i[5].op[1].reg.value != ZYDIS_REGISTER_RAX))
		return false;
	if (!x64 && (i[4].op[0].reg.value != ZYDIS_REGISTER_ESP
		     || i[4].op[1].mem.base != ZYDIS_REGISTER_ESP
		     || i[4].op[1].mem.disp.value != 4))
		return false;
	return addr <= stub + STUB_BYTES
		&& target_of(&i[load], where[load]) == slot_addr
		&& target_of(&i[call], where[call]) == where[call + 4]
		&& target_of(&i[call + 3], where[call + 3]) == where[call + 1];
}

/* MOV of the slot, LFENCE, JMP of that register; ia32's is ECX where the op has
 * arguments.  UD2 where they take ECX as well. */
static bool lfence_is(const struct image *im, uint64_t stub, uint64_t slot_addr,
		      unsigned op)
{
	ZydisRegister r = im->isa == ISA_X86_64 ? ZYDIS_REGISTER_RAX
		: op_info[op].arguments ? ZYDIS_REGISTER_ECX : ZYDIS_REGISTER_EAX;
	struct insn i[3];
	uint64_t addr = stub;

	if (im->isa == ISA_IA32 && op_info[op].arguments > 2)
		return insn_at(im, stub, &i[0]) && i[0].in.mnemonic == M(UD2);
	for (unsigned k = 0; k < 3; addr += i[k].in.length, k++)
		if (!insn_at(im, addr, &i[k]))
			return false;
	return addr <= stub + STUB_BYTES && i[0].in.mnemonic == M(MOV)
		&& i[0].op[0].reg.value == r && target_of(&i[0], stub) == slot_addr
		&& i[1].in.mnemonic == M(LFENCE) && i[2].in.mnemonic == M(JMP)
		&& i[2].op[0].reg.value == r;
}

static bool trampoline_is(const struct image *im, uint64_t stub, uint64_t slot_addr)
{
	struct insn i;

	return insn_at(im, stub, &i) && i.in.mnemonic == M(JMP) && i.in.length == 6
		&& i.op[0].type == ZYDIS_OPERAND_TYPE_MEMORY
		&& target_of(&i, stub) == slot_addr;
}

static void test_stubs(const struct image *im)
{
	const struct text_where *w = &im->where;
	unsigned good[STUB_COUNT] = { 0 };

	for (unsigned k = 0; k < 2 * OP_COUNT; k++) {
		unsigned op = k % OP_COUNT;
		uint64_t s = (k < OP_COUNT ? w->table : w->callee) + op * word(im);
		uint64_t at = k * STUB_BYTES;

		good[STUB_retpoline] += retpoline_is(im, w->stub[STUB_retpoline] + at, s);
		good[STUB_lfence] += lfence_is(im, w->stub[STUB_lfence] + at, s, op);
		good[STUB_trampoline] += trampoline_is(im, w->stub[STUB_trampoline] + at, s);
	}
	ok(good[STUB_retpoline] == 2 * OP_COUNT, "%s: %u retpolines", im->arch,
	   good[STUB_retpoline]);
	ok(good[STUB_lfence] == 2 * OP_COUNT, "%s: %u LFENCE stubs", im->arch,
	   good[STUB_lfence]);
	ok(good[STUB_trampoline] == 2 * OP_COUNT, "%s: %u trampolines", im->arch,
	   good[STUB_trampoline]);
}

/* The records of the trampolines are a text's: each names its op. */
static void test_trampolines(const struct image *im)
{
	struct text_where w = im->where;
	size_t i, bytes, good = 0;
	struct text_error e;
	struct text t;
	void *room;

	w.jumps = true;
	w.sites_addr = symbol(im, "trampoline_sites", "", "");
	w.sites = (const void *)at(im, w.sites_addr);
	w.count = (symbol(im, "trampoline_sites_end", "", "") - w.sites_addr) / 8;
	w.islands = 0;
	for (i = 0; i < w.count; i++)
		good += w.sites[i].type == i % OP_COUNT && w.sites[i].len == 6
			&& text_site_addr(&w, i) == w.stub[STUB_trampoline] + i * STUB_BYTES;
	bytes = text_room(&w);
	room = malloc(bytes);
	ok(w.count == 2 * OP_COUNT && good == w.count
	   && text_open(&t, &w, room, bytes, &e), "%s: %zu records of trampolines, accepted",
	   im->arch, w.count);
	free(room);
}

static uint64_t called_slot(const struct image *im, uint64_t addr, unsigned len)
{
	struct insn i;

	for (unsigned k = 0; k < len && insn_at(im, addr + k, &i); k += i.in.length)
		if (i.in.meta.category == ZYDIS_CATEGORY_CALL)
			return target_of(&i, addr + k);
	return 0;
}

/* Sites of a thunk may change RAX alone; others nothing, or what C may.  A fifth are of
 * thunks, but for ops that ia32 passes words of on the stack. */
static void test_clobbers(const struct image *im)
{
	const struct text_where *w = &im->where;
	unsigned all = im->isa == ISA_X86_64 ? CLOBBER_X86_64 : CLOBBER_IA32;
	unsigned good = 0, callee = 0, none = 0;

	for (size_t i = 0; i < w->count; i++) {
		const struct site *s = &w->sites[i];
		uint64_t to = called_slot(im, text_site_addr(w, i), s->len);
		bool thunk = to >= w->callee && to < w->callee + OP_COUNT * word(im);

		callee += thunk;
		none += im->isa == ISA_IA32 && op_info[s->type].arguments > 3;
		good += to == (thunk ? w->callee : w->table) + s->type * word(im)
			&& (thunk ? s->clobbers == CLOBBER_AX
			    : s->clobbers == 0 || s->clobbers == all);
	}
	ok(good == w->count && callee == (w->count - none) / 5,
	   "%s: %u sites of thunks may change RAX alone", im->arch, callee);
}

static void test_islands(const struct image *im)
{
	const struct text_where *w = &im->where;
	size_t i = 0;

	while (i < OWN_ISLANDS * ISLAND_BYTES && w->island_bytes[i] == 0xcc)
		i++;
	ok(i == OWN_ISLANDS * ISLAND_BYTES && w->islands - w->addr + i <= w->len
	   && w->count <= OWN_ISLANDS, "%s: islands for %u records, INT3s", im->arch,
	   OWN_ISLANDS);
}

static bool window(void *ctx, uint8_t *at, size_t len,
		   void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, 0);
	return true;
}

/* Modes, at every site of the image: the ops are the image's own. */

static enum patched FASTCALL hook(const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	return native_backend.ops.patch(so, buf, used);
}

static struct backend backend_of(const struct image *im)
{
	struct backend b = { .name = "the image's" };

	for (unsigned op = 1; op < OP_COUNT; op++) {
		uintptr_t at_op = (uintptr_t)slot(im, "native", op, false);
		uintptr_t thunk = (uintptr_t)slot(im, "native", op, true);

		memcpy((char *)&b.ops + op * sizeof(at_op), &at_op, sizeof(at_op));
		memcpy((char *)&b.callee + op * sizeof(thunk), &thunk, sizeof(thunk));
	}
	b.ops.patch = hook;
	return b;
}

/* Where the first CALL or JMP of a site must lead; 0: it has none. */
static uint64_t lead(const struct image *im, size_t i, enum mode_id mode)
{
	const struct text_where *w = &im->where;
	const struct site *s = &w->sites[i];
	bool thunk = s->clobbers == CLOBBER_AX;
	unsigned n = s->type + (thunk ? OP_COUNT : 0);

	switch (mode) {
	case MODE_native:
	case MODE_indirect:
		return (thunk ? w->callee : w->table) + s->type * word(im);
	case MODE_direct:
		return slot(im, "native", s->type, thunk) + ENDBR_LEN;
	case MODE_endbr:
		return slot(im, "native", s->type, thunk);
	case MODE_retpoline:
		return w->stub[STUB_retpoline] + n * STUB_BYTES;
	case MODE_lfence:
		return w->stub[STUB_lfence] + n * STUB_BYTES;
	case MODE_trampoline:
		return w->stub[STUB_trampoline] + n * STUB_BYTES;
	case MODE_key_jmp:
		return w->islands + i * ISLAND_BYTES;
	default:
		return 0;
	}
}

/* An island: CALL through the site's slot, JMP behind the site's call. */
static bool island_is(const struct image *im, size_t i, uint64_t call)
{
	uint64_t addr = im->where.islands + i * ISLAND_BYTES;
	struct insn a, b;

	return insn_at(im, addr, &a) && a.in.mnemonic == M(CALL)
		&& target_of(&a, addr) == lead(im, i, MODE_indirect)
		&& insn_at(im, addr + a.in.length, &b) && b.in.mnemonic == M(JMP)
		&& target_of(&b, addr + a.in.length) == call + CALL_MEM_LEN;
}

/* Whole instructions up to its end, of which the call leads where it must, and what
 * is pushed is popped. */
static bool leads(const struct image *im, size_t i, enum mode_id mode)
{
	const struct text_where *w = &im->where;
	uint64_t addr = text_site_addr(w, i), end = addr + w->sites[i].len;
	uint64_t want = lead(im, i, mode);
	unsigned found = 0, pushes = 0, pops = 0;
	struct insn in;

	for (; addr < end; addr += in.in.length) {
		if (!insn_at(im, addr, &in))
			return false;
		pushes += in.in.mnemonic == M(PUSH);
		pops += in.in.mnemonic == M(POP);
		if (in.in.meta.category != ZYDIS_CATEGORY_CALL
		    && in.in.meta.category != ZYDIS_CATEGORY_UNCOND_BR)
			continue;
		found += target_of(&in, addr) == want
			&& (in.in.mnemonic == M(JMP)) == (mode == MODE_key_jmp)
			&& (mode != MODE_key_jmp || island_is(im, i, addr));
	}
	/* A form without a call may push flags and pop a register. */
	return addr == end && found == (want ? 1 : 0) && (!want || pushes == pops);
}

/* Sites that a mode keeps are as built: what they lead to is the table. */
static void test_mode(struct image *im, const struct text *t, enum mode_id mode)
{
	const struct backend b = backend_of(im);
	struct text_counts c;
	struct text_error e;
	const struct text_writer wr = { window, NULL };
	size_t good = 0;
	bool applied;

	applied = text_apply(t, &b, &modes[mode], nop_tables[2], TEXT_ALL,
			     &wr, &c, &e);
	for (size_t i = 0; applied && i < im->where.count; i++) {
		struct text_form f;

		text_encode(t, i, &b, &modes[mode], nop_tables[2], &f);
		good += leads(im, i, outcome_is_kept(f.outcome) ? MODE_indirect : mode);
	}
	ok(applied && good == im->where.count && text_restore(t, &wr, &e)
	   && !memcmp(im->where.bytes, im->fresh, im->where.islands - im->where.addr),
	   "%s, %s: %zu sites lead where they must", im->arch, modes[mode].name, good);
}

static void test_modes(struct image *im)
{
	size_t bytes = text_room(&im->where);
	void *room = malloc(bytes);
	struct text_error e;
	struct text t;

	if (ok(text_open(&t, &im->where, room, bytes, &e), "%s: its text", im->arch))
		for (unsigned m = 0; m < MODE_COUNT; m++)
			test_mode(im, &t, m);
	free(room);
}

static void test_image(struct image *im)
{
	if (!ok(image_load(im), "%s: the image is there", im->arch))
		return;
	for (unsigned b = 0; b < BACKEND_COUNT; b++) {
		test_endbr(im, b);
		test_thunks(im, b);
		for (unsigned k = 0; k < OPS; k++)
			test_form(im, b, ops[k]);
	}
	test_sizes(im);
	test_stubs(im);
	test_trampolines(im);
	test_clobbers(im);
	test_islands(im);
	test_modes(im);
	free(im->fresh);
}

int main(void)
{
	struct image images[] = {
		{ .arch = "x86_64", .isa = ISA_X86_64 },
		{ .arch = "ia32", .isa = ISA_IA32 },
	};

	decoders_init();
	for (unsigned i = 0; i < 2; i++)
		test_image(&images[i]);
	return done();
}
