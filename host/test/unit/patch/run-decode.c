/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engine writes, read by an independent decoder (Zydis): every op's form
 * at many lengths with every NOP table; then, of both images as linked, that what
 * bodies are made from may be moved and repeated, the bodies, and every site
 * patched.
 */
#include "measure/body.h"
#include "plan/cell.h"
#include "decode.h"
#include "linked_image.h"
#include "patch/mode.h"
#include "synthetic.h"
#include "tap.h"
#include "workload/mix_code.h"
#include "workload/workload.h"

#define INSNS_MAX 6

/* What each form must decode to; every op that is not listed has no form. */
static const struct want {
	bool form;
	unsigned len;			/* bytes of the form */
	ZydisMnemonic insn[INSNS_MAX];	/* up to the first 0 */
} wants[ISA_COUNT][OP_COUNT] = {
#define BOTH(op, len, ...)						\
	[ISA_IA32][OP_##op] = { true, len, { __VA_ARGS__ } },		\
	[ISA_X86_64][OP_##op] = { true, len, { __VA_ARGS__ } },
#define IA32(op, len, ...)	[ISA_IA32][OP_##op] = { true, len, { __VA_ARGS__ } },
#define X64(op, len, ...)	[ISA_X86_64][OP_##op] = { true, len, { __VA_ARGS__ } },
	BOTH(irq_disable, 1, M(CLI))
	BOTH(irq_enable, 1, M(STI))
	IA32(save_fl, 2, M(PUSHFD), M(POP))
	X64(save_fl, 2, M(PUSHFQ), M(POP))
	IA32(irq_save, 3, M(PUSHFD), M(POP), M(CLI))
	X64(irq_save, 3, M(PUSHFQ), M(POP), M(CLI))
	IA32(restore_fl, 2, M(PUSH), M(POPFD))
	X64(restore_fl, 2, M(PUSH), M(POPFQ))
	BOTH(safe_halt, 2, M(STI), M(HLT))
	BOTH(halt, 1, M(HLT))
	BOTH(clts, 2, M(CLTS))
	BOTH(read_cr0, 3, M(MOV))
	BOTH(read_cr2, 3, M(MOV))
	BOTH(read_cr3, 3, M(MOV))
	BOTH(read_cr4, 3, M(MOV))
	BOTH(read_cr4_safe, 3, M(MOV))
	BOTH(write_cr0, 3, M(MOV))
	BOTH(write_cr2, 3, M(MOV))
	BOTH(write_cr3, 3, M(MOV))
	BOTH(write_cr4, 3, M(MOV))
	BOTH(wbinvd, 2, M(WBINVD))
	IA32(read_tsc, 2, M(RDTSC))
	X64(read_tsc, 9, M(RDTSC), M(SHL), M(OR))
	IA32(read_pmc, 4, M(XOR), M(RDPMC))
	X64(read_pmc, 11, M(XOR), M(RDPMC), M(SHL), M(OR))
	BOTH(store_tr, 3, M(STR))
	BOTH(io_delay, 2, M(OUT))
	BOTH(flush_tlb_user, 6, M(MOV), M(MOV))
	BOTH(flush_tlb_single, 3, M(INVLPG))
	BOTH(load_gdt, 3, M(LGDT))
	BOTH(load_idt, 3, M(LIDT))
	BOTH(store_gdt, 3, M(SGDT))
	BOTH(store_idt, 3, M(SIDT))
	IA32(read_msr, 10, M(MOV), M(MOV), M(RDMSR))
	X64(read_msr, 15, M(MOV), M(RDMSR), M(SHL), M(OR), M(XOR), M(MOV))
	IA32(write_msr, 6, M(XCHG), M(XCHG), M(WRMSR), M(XOR))
	X64(write_msr, 15, M(MOV), M(MOV), M(MOV), M(SHR), M(WRMSR), M(XOR))
	IA32(write_ldt_entry, 10, M(MOV), M(MOV), M(MOV))
	IA32(write_gdt_entry, 10, M(MOV), M(MOV), M(MOV))
	IA32(write_idt_entry, 10, M(MOV), M(MOV), M(MOV))
	X64(write_ldt_entry, 7, M(MOV), M(MOV))
	X64(write_gdt_entry, 7, M(MOV), M(MOV))
	X64(write_idt_entry, 7, M(MOV), M(MOV))
	IA32(load_esp0, 6, M(MOV), M(MOV))
	X64(load_esp0, 8, M(MOV), M(MOV))
	IA32(set_pte, 5, M(MOV), M(MOV))
	IA32(set_pud, 5, M(MOV), M(MOV))
	X64(set_pte, 3, M(MOV))
	X64(set_pmd, 3, M(MOV))
	X64(set_pud, 3, M(MOV))
	X64(set_pte_atomic, 3, M(MOV))
	IA32(set_pte_at, 12, M(MOV), M(MOV), M(MOV), M(MOV))
	X64(set_pte_at, 3, M(MOV))
	IA32(set_pte_present, 16, M(XOR), M(MOV), M(MOV), M(MOV), M(MOV), M(MOV))
	X64(set_pte_present, 3, M(MOV))
	IA32(pte_clear, 13, M(MOV), M(MOV))
	X64(pte_clear, 7, M(MOV))
	IA32(pmd_clear, 13, M(MOV), M(MOV))
	X64(pmd_clear, 7, M(MOV))
	IA32(ptep_modify_prot_start, 14, M(XOR), M(XCHG), M(MOV), M(MOV))
	IA32(ptep_modify_prot_commit, 12, M(MOV), M(MOV), M(MOV), M(MOV))
	X64(ptep_modify_prot_commit, 3, M(MOV))
	BOTH(pte_update, 0)
	BOTH(pte_update_defer, 0)
	X64(swapgs, 3, M(SWAPGS))
	X64(read_cr8, 4, M(MOV))
	X64(write_cr8, 4, M(MOV))
	IA32(make_pte, 0)
	X64(make_pte, 3, M(MOV))
	IA32(pte_val, 0)
	X64(pte_val, 3, M(MOV))
	X64(ptep_modify_prot_start, 5, M(XOR), M(XCHG))
	BOTH(enter_lazy_mmu, 0)
	BOTH(leave_lazy_mmu, 0)
	BOTH(flush_lazy_mmu, 0)
	BOTH(start_context_switch, 0)
	BOTH(end_context_switch, 0)
	BOTH(queued_spin_unlock, 3, M(MOV))
	BOTH(wait, 0)
	BOTH(kick, 0)
	BOTH(vcpu_is_preempted, 2, M(XOR))
	IA32(iret, 1, M(IRETD))
	X64(iret, 2, M(IRETQ))
};

static bool decodes_as(enum isa isa, unsigned type, const uint8_t *at,
		       unsigned len, unsigned nops)
{
	const struct want *w = &wants[isa][type];
	unsigned used = 0;

	for (unsigned k = 0; k < INSNS_MAX && w->insn[k]; k++) {
		struct insn i;

		if (!decode(isa, at + used, len - used, &i)
		    || i.in.mnemonic != w->insn[k])
			return false;
		used += i.in.length;
	}
	return used == w->len
		&& decodes_as_nops(isa, at + used, len - used, nops);
}

/* Forms, at lengths the conventions make and some they do not. */

static const unsigned lengths[] = { 6, 10, 12, 16, 30, 32, 254 };
#define LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

static bool form_decodes(enum isa isa, unsigned type, unsigned len,
			 const struct nop_table *nops)
{
	const struct want *w = &wants[isa][type];
	struct sited_op so = { .isa = isa, .type = type, .len = len,
			       .addr = SYN_TEXT, .clobbers = 0x1ff };
	uint8_t buf[FORM_LEN_MAX];
	unsigned used = 0, pad;
	enum patched got = native_backend.ops.patch(&so, buf, &used);

	if (!w->form || w->len > len)
		return got == (w->form ? KEPT_TOO_SMALL : KEPT_NO_FORM);
	if (got != PATCHED_INLINE || used != w->len)
		return false;
	pad = nop_fill(nops, buf + used, len - used);
	return decodes_as(isa, type, buf, len, pad);
}

static void test_forms(enum isa isa, const struct nop_table *nops)
{
	for (unsigned type = 0; type < OP_COUNT; type++) {
		unsigned k = 0;

		while (k < LENGTHS && form_decodes(isa, type, lengths[k], nops))
			k++;
		if (!ok(k == LENGTHS, "%s %s, %s NOPs", syn_isa[isa],
			op_info[type].name, nops->name))
			diag("at %u bytes", lengths[k]);
	}
}

static void test_tables(void)
{
	for (enum isa isa = 0; isa < ISA_COUNT; isa++)
		for (unsigned t = 0; nop_tables[t]; t++)
			if (suits(isa, nop_tables[t]))
				test_forms(isa, nop_tables[t]);
}

/* The i386 table in 64-bit mode is what is_nop() must find out. */
static void test_decoder(void)
{
	static const uint8_t lea[] = { 0x8d, 0x76, 0 }, pop[] = { 0x58 };

	ok1(decodes_as_nops(ISA_IA32, lea, 3, 1));
	ok1(!decodes_as_nops(ISA_X86_64, lea, 3, 1));
	ok1(!decodes_as_nops(ISA_IA32, pop, 1, 1));
}

/* Sites in one copy of each workload, read off the sources; an op of the table is one. */
static const unsigned sites_in[WORKLOAD_COUNT] = {
	[WORKLOAD_irq_disable] = 1, [WORKLOAD_irq_enable] = 1,
	[WORKLOAD_save_fl] = 1, [WORKLOAD_restore_fl] = 1,
	[WORKLOAD_save_restore_fl] = 2,
	[WORKLOAD_irq_save_restore] = 3, [WORKLOAD_cli_sti] = 2,
	[WORKLOAD_cli_sti_string] = 2, [WORKLOAD_cli_sti_asm] = 2,
	[WORKLOAD_fused_save_restore] = 2, [WORKLOAD_live_regs] = 1,
	[WORKLOAD_io_delay] = 1,
#define TABLE(name, ...)	[WORKLOAD_##name] = 1,
#define INSTRUCTION(name, ...)
#define TABLE_TOO(name, ...)
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
};

static const bool sited[CONVENTION_COUNT] = {
#define CONVENTION(name, sites, what) sites,
#include "list/convention.def"
#undef CONVENTION
};

/* The shape of table.def, of those that it has; NULL. */
static const char *shape_of(unsigned workload)
{
	static const char *const of_table[WORKLOAD_COUNT] = {
#define TABLE(name, column, shape, ...)	[WORKLOAD_##name] = #shape,
#define INSTRUCTION(name, ...)
#define TABLE_TOO(name, ...)
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
		[WORKLOAD_iret] = "v_v_called",
	};

	return of_table[workload];
}

/* Is it an op of x86-64 alone, and this another? */
static bool is_foreign(const struct image *im, unsigned workload)
{
	const char *shape = shape_of(workload);

	return im->isa == ISA_IA32 && shape && strstr(shape, "_x64");
}

static unsigned sites_wanted(const struct image *im)
{
	unsigned n = 0;

	for (unsigned c = 0; c < CONVENTION_COUNT; c++) {
		for (unsigned w = 0; sited[c] && w < WORKLOAD_COUNT; w++)
			n += is_foreign(im, w) ? 0 : sites_in[w] * (1 + 3);
		n += sited[c] ? MIX_PARTS : 0;
	}
	return n;
}

/* No byte outside of a site differs from the text as linked. */
static bool others_untouched(const struct image *im)
{
	const struct text_where *w = &im->where;
	uint8_t *seen = malloc(w->len);
	bool same;

	memcpy(seen, w->bytes, w->len);
	for (size_t i = 0; i < w->count; i++) {
		size_t at = (size_t)(text_site_addr(w, i) - w->addr);

		memcpy(seen + at, im->fresh + at, w->sites[i].len);
	}
	same = !memcmp(seen, im->fresh, w->len);
	free(seen);
	return same;
}

/* Registers that an op's form changes, but for those that the op returns in. */
static uint32_t form_changes(enum isa isa, unsigned type);

/* Has the site's op a form that fits, and changes no register that the site does not let
 * be changed? */
static bool has_form(enum isa isa, const struct site *s)
{
	const struct want *w = &wants[isa][s->type];
	uint32_t changes = form_changes(isa, s->type);

	for (unsigned r = 0; r < 16; r++)
		if (changes >> r & 1 && !(clobber_bit(r) & s->clobbers))
			return false;
	return w->form && w->len <= s->len;
}

static size_t sites_with_forms(const struct image *im)
{
	size_t n = 0;

	for (size_t i = 0; i < im->where.count; i++)
		n += has_form(im->isa, &im->where.sites[i]);
	return n;
}

/* Sites that decode to their form and NOPs, fewest first, or are as they were built. */
static size_t sites_good(const struct image *im, const struct nop_table *nops)
{
	const struct text_where *w = &im->where;
	size_t good = 0;

	for (size_t i = 0; i < w->count; i++) {
		unsigned type = w->sites[i].type, len = w->sites[i].len;
		unsigned pad = len - wants[im->isa][type].len;
		const uint8_t *at = text_site_bytes(w, i);

		if (has_form(im->isa, &w->sites[i]))
			good += decodes_as(im->isa, type, at, len,
					   (pad + nops->max - 1) / nops->max);
		else
			good += !memcmp(at, im->fresh + (at - w->bytes), len);
	}
	return good;
}

static void test_patched(const struct image *im, const struct text *t,
			 const struct nop_table *nops)
{
	const struct text_where *w = &im->where;
	struct syn_writer wr;
	struct text_counts c;
	struct text_error e;

	syn_writer_begin(&wr);
	ok(text_apply(t, &native_backend, &modes[MODE_inline], nops, TEXT_ALL,
		      &wr.writer, &c, &e)
	   && c.sites == w->count && c.outcome[PATCHED_INLINE] == sites_with_forms(im),
	   "%s, %s NOPs: %zu of %zu sites are patched inline, those whose ops have forms",
	   im->arch, nops->name, sites_with_forms(im), w->count);
	ok(sites_good(im, nops) == w->count,
	   "%s, %s NOPs: and decode to form and NOPs; the others are as they were built",
	   im->arch, nops->name);
	ok(others_untouched(im), "%s, %s NOPs: nothing else changed", im->arch,
	   nops->name);
	ok(text_restore(t, &wr.writer, &e)
	   && !memcmp(w->bytes, im->fresh, w->len),
	   "%s, %s NOPs: restored to the text as linked", im->arch, nops->name);
}

/* Every patched site of that op and length is these bytes. */
static void test_bytes(const struct image *im, const struct text *t,
		       enum op op, const char *bytes, unsigned len)
{
	const struct nop_table *nopl = NULL;
	unsigned found = 0, other = 0;

	for (unsigned i = 0; nop_tables[i]; i++)
		if (!strcmp(nop_tables[i]->name, "nopl"))
			nopl = nop_tables[i];
	for (size_t i = 0; nopl && i < im->where.count; i++) {
		const struct site *s = &im->where.sites[i];
		struct text_form f;

		if (s->type != op || s->len != len)
			continue;
		found++;
		other += text_encode(t, i, &native_backend, &modes[MODE_inline],
				     nopl, &f) || memcmp(f.bytes, bytes, len);
	}
	ok(found && !other, "%s: %u-byte %s is as documented", im->arch, len,
	   op_info[op].name);
}

static void test_opened(const struct image *im, const struct text *t)
{
	ok(!memcmp(im->where.bytes, im->fresh, im->where.len),
	   "%s: and opening changes nothing", im->arch);
	for (unsigned i = 0; nop_tables[i]; i++)
		if (suits(im->isa, nop_tables[i]))
			test_patched(im, t, nop_tables[i]);
	test_bytes(im, t, OP_irq_disable, "\xfa\x0f\x1f\x44\x00\x00", 6);
	test_bytes(im, t, OP_save_fl, "\x9c\x58\x0f\x1f\x40\x00", 6);
}

/*
 * What bodies are made from.
 *
 * A body is the head H of "three" (the way in and the first copy), the second copy
 * C as often as is wanted, and a jump to the way out W behind the third copy T.
 * It does what the compiler would have made of that many copies if
 *
 * 1. nothing in H and C depends on where it is but the calls of sites: no operand
 *    relative to RIP, none at a fixed address, no branch.  Native code of an op that
 *    is itself no code to be moved may call it by a register, which gets its address
 *    from memory: that is a C call;
 * 2. C leaves the stack as high as it found it, takes nothing from it that it did
 *    not put there, and stores to it by pushing, or to whole words of the frame that
 *    H made for the compiler's own use.  (On ia32 what an op is passed on the stack is
 *    pushed before the site and dropped behind it.);
 * 3. every register that C reads before it writes it holds, when C ends, what it
 *    held when C began: so the next C starts as the one before.  (The chains and
 *    CPUID hand a register on that is data and no address: any value will do.)  A
 *    word of the frame that C reads before it writes it C does not write at all;
 * 4. W reads no register that C or T change, T leaves the stack as high as it
 *    found it, and registers that the caller wants back and C changes are among
 *    those that W restores.
 *
 * Memory and flags are not looked at: what a copy does with them is the op.
 * The body of one copy is H alone, and may call what the work says (LOOK).
 *
 * T need not be C byte by byte: behind it the pointer to the work is dead, and the
 * compiler may use its register.  But the instructions must be the same ones.
 */

#define UNKNOWN	0xff
#define RSP	4
#define STACK_MAX 32

/* What a part may do besides: make or drop a frame; call through a register. */
enum may { MAY_NOTHING = 0, MAY_FRAME = 1, MAY_CALL = 2 };

struct flow {
	const struct image *im;
	enum may may;
	const char *given;		/* to what is called by a register: a shape's part */
	unsigned frame;			/* bytes that it made */
	uint32_t slot_read, slot_written; /* words of the frame it found */
	uint32_t read;			/* before it was written */
	uint32_t address;		/* in a memory operand */
	uint32_t killed;		/* written as a whole */
	uint8_t value[16];		/* whose register's first value */
	uint8_t stack[STACK_MAX];
	int depth, lowest;
	unsigned sites, insns;
	ZydisMnemonic insn[64];
	const char *bad;
};

static void flow_begin(struct flow *f, const struct image *im)
{
	*f = (struct flow){ .im = im, .given = "" };
	for (unsigned i = 0; i < 16; i++)
		f->value[i] = (uint8_t)i;
}

static uint32_t changed(const struct flow *f)
{
	uint32_t set = 0;

	for (unsigned i = 0; i < 16; i++)
		if (f->value[i] != i)
			set |= 1u << i;
	return set;
}

/* A general register's number, or -1. */
static int number_of(const struct image *im, ZydisRegister r)
{
	bool x64 = im->isa == ISA_X86_64;
	ZydisRegister all = ZydisRegisterGetLargestEnclosing(
		x64 ? ZYDIS_MACHINE_MODE_LONG_64 : ZYDIS_MACHINE_MODE_LEGACY_32, r);

	return ZydisRegisterGetClass(all) == (x64 ? ZYDIS_REGCLASS_GPR64
					      : ZYDIS_REGCLASS_GPR32)
		? ZydisRegisterGetId(all) : -1;
}

static void reads(struct flow *f, int r, bool address)
{
	if (r < 0 || r == RSP)
		return;
	f->read |= 1u << r & ~f->killed;
	f->address |= address ? 1u << r : 0;
}

static void writes(struct flow *f, int r, bool whole)
{
	if (r < 0)
		return;
	f->value[r] = UNKNOWN;
	f->killed |= whole ? 1u << r : 0;
}

static void pushes(struct flow *f, uint8_t value)
{
	if (f->depth == STACK_MAX)
		f->bad = "pushes more than is followed here";
	else if (f->depth >= 0)
		f->stack[f->depth] = value;
	f->depth++;
}

static uint8_t pops(struct flow *f)
{
	f->depth--;
	if (f->depth < f->lowest)
		f->lowest = f->depth;
	return f->depth >= 0 && f->depth < STACK_MAX ? f->stack[f->depth] : UNKNOWN;
}

/* "xor %eax, %eax" reads nothing. */
static bool zeroes(const struct insn *i)
{
	return (i->in.mnemonic == M(XOR) || i->in.mnemonic == M(SUB))
		&& i->op[0].type == ZYDIS_OPERAND_TYPE_REGISTER
		&& i->op[1].type == ZYDIS_OPERAND_TYPE_REGISTER
		&& i->op[0].reg.value == i->op[1].reg.value;
}

static bool is_push(const struct insn *i)
{
	ZydisMnemonic m = i->in.mnemonic;

	return m == M(PUSH) || m == M(PUSHF) || m == M(PUSHFD) || m == M(PUSHFQ);
}

static bool is_pop(const struct insn *i)
{
	ZydisMnemonic m = i->in.mnemonic;

	return m == M(POP) || m == M(POPF) || m == M(POPFD) || m == M(POPFQ);
}

static bool is_register(const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_REGISTER;
}

/* "call *16(%rbx)", "call *%rax". */
static bool calls_register(const struct image *im, const struct insn *i)
{
	ZydisRegister by = is_register(&i->op[0]) ? i->op[0].reg.value
		: i->op[0].type == ZYDIS_OPERAND_TYPE_MEMORY ? i->op[0].mem.base
		: ZYDIS_REGISTER_NONE;

	return i->in.meta.category == ZYDIS_CATEGORY_CALL
		&& number_of(im, by) >= 0 && number_of(im, by) != RSP;
}

/* "sub $40, %rsp" and back: bytes. */
static int64_t frame_of(const struct image *im, const struct insn *i)
{
	if ((i->in.mnemonic != M(SUB) && i->in.mnemonic != M(ADD))
	    || !is_register(&i->op[0]) || number_of(im, i->op[0].reg.value) != RSP
	    || i->op[1].type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return 0;
	return i->in.mnemonic == M(SUB) ? i->op[1].imm.value.s
		: -i->op[1].imm.value.s;
}

/* "lea 8(%esp), %esp", behind a site that is passed words on the stack: bytes. */
static int64_t drops(const struct image *im, const struct insn *i)
{
	const ZydisDecodedOperand *from = &i->op[1];

	if (i->in.mnemonic != M(LEA) || number_of(im, i->op[0].reg.value) != RSP
	    || number_of(im, from->mem.base) != RSP
	    || from->mem.index != ZYDIS_REGISTER_NONE || from->mem.disp.value < 0)
		return 0;
	return from->mem.disp.value;
}

/* The word of the frame that an operand on the stack is; -1: it is none, or not
 * whole. */
static int slot_of(const struct flow *f, const ZydisDecodedOperand *o)
{
	int word = f->im->isa == ISA_X86_64 ? 8 : 4;
	int64_t at = o->mem.disp.value - f->depth * word;

	return at < 0 || at % word || at >= 32 * word || o->size != 8 * word
		|| o->mem.index != ZYDIS_REGISTER_NONE ? -1 : (int)(at / word);
}

static bool is_on_stack(const struct image *im, const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_MEMORY
		&& number_of(im, o->mem.base) == RSP;
}

static bool branches(const struct flow *f, const struct insn *i)
{
	ZydisInstructionCategory c = i->in.meta.category;

	return c == ZYDIS_CATEGORY_COND_BR || c == ZYDIS_CATEGORY_UNCOND_BR
		|| c == ZYDIS_CATEGORY_RET
		|| (c == ZYDIS_CATEGORY_CALL
		    && !(f->may & MAY_CALL && calls_register(f->im, i)));
}

/* Why an instruction may not be moved; NULL if it may. */
static const char *fixed(const struct flow *f, const struct insn *i)
{
	const struct image *im = f->im;

	if (branches(f, i))
		return "it branches";
	if (i->in.attributes & ZYDIS_ATTRIB_IS_RELATIVE)
		return "it is relative to where it is";
	if ((f->may & MAY_FRAME && frame_of(im, i)) || drops(im, i))
		return NULL;
	for (unsigned k = 0; k < i->in.operand_count_visible; k++) {
		const ZydisDecodedOperand *o = &i->op[k];

		if (o->type == ZYDIS_OPERAND_TYPE_MEMORY
		    && o->mem.base == ZYDIS_REGISTER_NONE
		    && o->mem.index == ZYDIS_REGISTER_NONE)
			return "an operand is at a fixed address";
		if (is_register(o) && number_of(im, o->reg.value) == RSP)
			return "it does arithmetic with the stack pointer";
		if (is_on_stack(im, o) && !(f->may & MAY_FRAME)
		    && (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
		    && slot_of(f, o) < 0)
			return "it stores to the stack";
	}
	return NULL;
}

/* Words of the frame that it reads, then those that it writes. */
static void frame_words(struct flow *f, const struct insn *i)
{
	for (unsigned k = 0; k < i->in.operand_count_visible; k++) {
		const ZydisDecodedOperand *o = &i->op[k];
		int slot = is_on_stack(f->im, o) ? slot_of(f, o) : -1;

		if (slot >= 0 && (o->actions & ZYDIS_OPERAND_ACTION_MASK_READ))
			f->slot_read |= 1u << slot & ~f->slot_written;
		if (slot >= 0 && (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			f->slot_written |= 1u << slot;
	}
	f->frame += (unsigned)frame_of(f->im, i);
}

static void operands(struct flow *f, const struct insn *i)
{
	unsigned n = i->in.operand_count;

	for (unsigned k = 0; k < n; k++) {
		const ZydisDecodedOperand *o = &i->op[k];

		if (o->type == ZYDIS_OPERAND_TYPE_MEMORY) {
			reads(f, number_of(f->im, o->mem.base), true);
			reads(f, number_of(f->im, o->mem.index), true);
		} else if (is_register(o) && !zeroes(i)
			   && (o->actions & ZYDIS_OPERAND_ACTION_MASK_READ)) {
			reads(f, number_of(f->im, o->reg.value), false);
		}
	}
	for (unsigned k = 0; k < n; k++) {
		const ZydisDecodedOperand *o = &i->op[k];
		int r = is_register(o) ? number_of(f->im, o->reg.value) : -1;

		if (r >= 0 && r != RSP
		    && (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			writes(f, r, o->size >= 32
			       && (o->actions & ZYDIS_OPERAND_ACTION_WRITE));
	}
}

/* Registers that a C function may change. */
static uint32_t call_changes(const struct image *im)
{
	return im->isa == ISA_X86_64 ? 0xfc7 : 0x7;
}

/* Registers in which an op finds what it is given: "puu" of "v_puu".  On ia32 a value of
 * 64 bits is two words, and what follows the third is on the stack. */
static void takes(struct flow *f, const char *given)
{
	static const uint8_t in[ISA_COUNT][5] = {
		[ISA_IA32] = { 0, 2, 1 }, [ISA_X86_64] = { 7, 6, 2, 1, 8 },
	};
	bool ia32 = f->im->isa == ISA_IA32;
	unsigned words = 0;

	for (; *given && *given != 'v' && *given != '_'; given++)
		words += ia32 && *given == 'q' ? 2 : 1;
	for (unsigned k = 0; k < words && k < (ia32 ? 3 : 5); k++)
		reads(f, in[f->im->isa][k], false);
}

static void called(struct flow *f)
{
	takes(f, f->given);
	for (int r = 0; r < 16; r++)
		if (call_changes(f->im) >> r & 1)
			writes(f, r, true);
}

/* What a register is worth after the instructions that hand values around. */
static void values(struct flow *f, const struct insn *i)
{
	int to = is_register(&i->op[0]) ? number_of(f->im, i->op[0].reg.value) : -1;
	int from = i->in.operand_count > 1 && is_register(&i->op[1])
		? number_of(f->im, i->op[1].reg.value) : -1;
	int word = f->im->isa == ISA_X86_64 ? 8 : 4;
	bool whole = i->op[0].size == 8 * word;
	uint8_t moved = from >= 0 ? f->value[from] : UNKNOWN;
	uint8_t pushed = i->in.mnemonic == M(PUSH) && to >= 0 ? f->value[to] : UNKNOWN;
	uint8_t popped;

	operands(f, i);
	frame_words(f, i);
	if (i->in.meta.category == ZYDIS_CATEGORY_CALL)
		called(f);
	for (int64_t left = drops(f->im, i); left > 0; left -= word)
		pops(f);
	if (is_push(i))
		pushes(f, pushed);
	if (is_pop(i)) {
		popped = pops(f);
		if (i->in.mnemonic == M(POP) && to >= 0)
			f->value[to] = popped;
	}
	if (i->in.mnemonic == M(MOV) && to >= 0 && from >= 0 && whole)
		f->value[to] = moved;
}

/* Shapes of the ops: an argument is there where the second part is no v. */
static const char *const shapes[OP_COUNT] = {
#define OP(name, shape, class, ring3, contract) #shape,
#include "list/op.def"
#undef OP
};

/* Sites of convention callee are those that may change EAX alone. */
static bool is_callee(const struct site *s)
{
	return s->clobbers == CLOBBER_AX;
}

/* A site: what its call may change, less what is popped behind it; and it reads
 * its arguments. */
static void site(struct flow *f, const uint8_t *at, const struct site *s)
{
	uint32_t may = is_callee(s) ? 1 : call_changes(f->im);

	takes(f, strchr(shapes[s->type], '_') + 1);
	for (unsigned used = 0; used < s->len; ) {
		struct insn i;

		if (!decode(f->im->isa, at + used, s->len - used, &i)) {
			f->bad = "a site does not decode";
			return;
		}
		if (i.in.mnemonic == M(POP))
			may &= ~(1u << number_of(f->im, i.op[0].reg.value));
		used += i.in.length;
	}
	for (int r = 0; r < 16; r++)
		if (may >> r & 1)
			writes(f, r, true);
	f->sites++;
}

static const struct site *site_at(const struct image *im, uint64_t addr)
{
	for (size_t i = 0; i < im->where.count; i++)
		if (text_site_addr(&im->where, i) == addr)
			return &im->where.sites[i];
	return NULL;
}

static void step(struct flow *f, const uint8_t *at, uint64_t *addr, uint64_t end)
{
	const struct site *s = site_at(f->im, *addr);
	ZydisMnemonic what = M(INVALID);
	unsigned len = 0;
	struct insn i;

	if (s && s->len <= end - *addr) {
		site(f, at, s);
		len = s->len;
	} else if (!s && decode(f->im->isa, at, (unsigned)(end - *addr), &i)) {
		f->bad = f->bad ? f->bad : fixed(f, &i);
		values(f, &i);
		what = i.in.mnemonic;
		len = i.in.length;
	} else {
		f->bad = "it ends within an instruction";
	}
	if (f->insns < sizeof(f->insn) / sizeof(f->insn[0]))
		f->insn[f->insns] = what;
	f->insns++;
	*addr += len ? len : end - *addr;
}

static void walk_on(struct flow *f, uint64_t begin, uint64_t end)
{
	const struct text_where *w = &f->im->where;

	for (uint64_t at = begin; at < end && !f->bad; )
		step(f, w->bytes + (at - w->addr), &at, end);
}

/* All of [begin, end). */
static struct flow walk(const struct image *im, uint64_t begin, uint64_t end,
			enum may may)
{
	struct flow f;

	flow_begin(&f, im);
	f.may = may;
	walk_on(&f, begin, end);
	return f;
}

/* The way out, up to its RET, which is not moved and may do as it likes. */
static struct flow walk_out(const struct image *im, uint64_t begin)
{
	const struct text_where *w = &im->where;
	struct flow f;
	struct insn i;

	flow_begin(&f, im);
	for (uint64_t at = begin; at < w->addr + w->len; at += i.in.length) {
		if (!decode(im->isa, w->bytes + (at - w->addr),
			    (unsigned)(w->addr + w->len - at), &i))
			break;
		if (i.in.meta.category == ZYDIS_CATEGORY_RET)
			return f;
		values(&f, &i);
	}
	f.bad = "it does not return";
	return f;
}

static uint32_t form_changes(enum isa isa, unsigned type)
{
	const struct image im = { .isa = isa };
	struct sited_op so = { .isa = isa, .type = type, .len = FORM_LEN_MAX,
			       .addr = SYN_TEXT, .clobbers = CLOBBER_X86_64 };
	uint32_t results = op_info[type].words ? 1 : 0;
	uint8_t buf[FORM_LEN_MAX];
	unsigned used = 0;
	struct flow f;
	struct insn i;

	if (op_info[type].words == 2 && isa == ISA_IA32)
		results |= 1 << 2;
	if (native_backend.ops.patch(&so, buf, &used) != PATCHED_INLINE)
		return 0;
	flow_begin(&f, &im);
	for (unsigned at = 0; at < used && decode(isa, buf + at, used - at, &i);
	     at += i.in.length)
		values(&f, &i);
	return changed(&f) & ~results;
}

/* Where the compiler put a workload's parts. */
struct parts {
	const char *convention, *workload;
	uint64_t one, one_end, three, copy, copy_end, three_end;
	bool op;
	bool nothing;		/* has no instruction */
	const char *given;	/* to what native code calls by a register; NULL: it does not */
};

/* The same, of a part of a workload, which may do what its kind may. */
static struct flow walk_part(const struct image *im, const struct parts *p, uint64_t begin,
			     uint64_t end, enum may may)
{
	struct flow f;

	flow_begin(&f, im);
	f.may = may | (p->given ? MAY_CALL : MAY_NOTHING);
	f.given = p->given ? p->given : "";
	walk_on(&f, begin, end);
	return f;
}

static uint64_t label(const struct image *im, const struct parts *p,
		      const char *rest)
{
	char name[100];

	snprintf(name, sizeof(name), "wl_%s_%s_%s", p->convention, p->workload, rest);
	return ELF(im, symbol, im->file, name);
}

/* False where the image has none of them. */
static bool find_parts(const struct image *im, struct parts *p)
{
	p->one = label(im, p, "one");
	p->one_end = label(im, p, "one_end");
	p->three = label(im, p, "three");
	p->copy = label(im, p, "three_copy");
	p->copy_end = label(im, p, "three_copy_end");
	p->three_end = label(im, p, "three_end");
	return p->one && p->one < p->one_end + (!p->op || p->nothing) && p->three
		&& p->three <= p->copy && p->copy <= p->copy_end
		&& p->copy_end <= p->three_end;
}

/* Registers that the caller wants back: rbx, rbp, r12..r15; ebx, ebp, esi, edi. */
static uint32_t kept(const struct image *im)
{
	return im->isa == ISA_X86_64 ? 0xf028 : 0xe8;
}

static bool same_instructions(const struct flow *a, const struct flow *b)
{
	return a->insns == b->insns && a->sites == b->sites && a->insns < 64
		&& !memcmp(a->insn, b->insn, sizeof(a->insn));
}

static bool in_frame(const struct flow *head, uint32_t slots)
{
	unsigned words = head->frame / (head->im->isa == ISA_X86_64 ? 8 : 4);

	return words >= 32 || !(slots >> words);
}

/* What speaks against it; NULL: nothing. */
static const char *against(const struct image *im, const struct parts *p)
{
	struct flow one = walk(im, p->one, p->one_end, MAY_FRAME | MAY_CALL);
	struct flow head = walk_part(im, p, p->three, p->copy, MAY_FRAME);
	struct flow copy = walk_part(im, p, p->copy, p->copy_end, MAY_NOTHING);
	struct flow third = walk_part(im, p, p->copy_end, p->three_end, MAY_NOTHING);
	struct flow out = walk_out(im, p->three_end);
	uint32_t handed = copy.read & changed(&copy);

	if (one.bad || head.bad || copy.bad || third.bad || out.bad)
		return one.bad ? one.bad : head.bad ? head.bad : copy.bad
			? copy.bad : third.bad ? third.bad : out.bad;
	if (copy.depth || copy.lowest || third.depth || third.lowest)
		return "a copy does not leave the stack as it was";
	if (copy.slot_read & copy.slot_written)
		return "a copy reads a word of the frame that the copy before it changed";
	if (!in_frame(&head, copy.slot_written | third.slot_written))
		return "a copy stores to the stack outside of the frame";
	if (handed & (p->op ? ~0u : copy.address))
		return "a copy reads a register that the copy before it changed";
	if (out.read & (changed(&copy) | changed(&third)))
		return "the way out reads a register that a copy changes";
	if (changed(&copy) & kept(im) & ~out.killed)
		return "a register that the caller wants back is not restored";
	if (!same_instructions(&copy, &third))
		return "the third copy has other instructions";
	return NULL;
}

/* Workloads that are no ops: native alone. */
static bool is_op(unsigned w)
{
	static const enum { op, anchor, chain, plain, empty, table, instruction } kinds[] = {
#define WORKLOAD(name, column, kind, ...) kind,
#include "list/workload.def"
#undef WORKLOAD
	};

	return kinds[w] == op || kinds[w] == table;
}

/* Is it one that native code calls too, and with what?  NULL: it is not. */
static const char *given_natively(enum isa isa, unsigned convention, unsigned workload)
{
	const char *shape = shape_of(workload);

	if (shape && strstr(shape, "_armed"))
		return "u";		/* the function that arms the timer */
	if (shape && strstr(shape, "_called_32") && isa != ISA_IA32)
		return NULL;
	return convention == CONVENTION_native && shape
		&& (strstr(shape, "_called") || strstr(shape, "_tss"))
		? strchr(shape, '_') + 1 : NULL;
}

static struct parts parts_of(enum isa isa, unsigned convention, unsigned workload)
{
	static const char *const names[] = {
#define WORKLOAD(name, ...) #name,
#include "list/workload.def"
#undef WORKLOAD
	}, *const conventions_[] = {
#define CONVENTION(name, ...) #name,
#include "list/convention.def"
#undef CONVENTION
	};

	return (struct parts){ .convention = conventions_[convention],
			       .workload = names[workload], .op = is_op(workload),
			       .given = given_natively(isa, convention, workload) };
}

/* Has it no instruction?  Nothing is passed to it, and its form is nothing. */
static bool is_nothing(const struct image *im, unsigned convention, unsigned workload)
{
	struct sited_op so = { .isa = im->isa, .len = FORM_LEN_MAX };
	const char *shape = shape_of(workload);
	uint8_t buf[FORM_LEN_MAX];
	unsigned used = 1;

	for (so.type = 0; so.type < OP_COUNT; so.type++)
		if (!strcmp(op_info[so.type].name,
			    parts_of(im->isa, convention, workload).workload))
			break;
	return is_foreign(im, workload)
		|| (convention == CONVENTION_native && shape && !strcmp(shape, "v_v")
		    && native_backend.ops.patch(&so, buf, &used) == PATCHED_INLINE && !used);
}

/* What a convention promises of a site of an op: its length, and what it may change. */
static void promised(const struct image *im, unsigned convention, unsigned op, unsigned *len,
		     unsigned *clobbers)
{
	bool ia32 = im->isa == ISA_IA32;
	/* Nothing may be between such an op and its words. */
	bool stack = ia32 && op_info[op].arguments > 3;

	*len = 6;
	*clobbers = ia32 ? CLOBBER_IA32 : CLOBBER_X86_64;
	if (convention == CONVENTION_wide16)
		*len = 16;
	if (convention == CONVENTION_wide32)
		*len = 32;
	if (convention == CONVENTION_callee && !stack)
		*clobbers = CLOBBER_AX;
	if (convention == CONVENTION_seed && !stack) {
		/* What comes back is not popped: two bytes a register. */
		*len = ia32 ? 12 - 2 * op_info[op].words : op_info[op].words ? 30 : 32;
		*clobbers = 0;
	}
}

/* Sites in [begin, end), and those that are not what is promised. */
static void count_sites(const struct image *im, unsigned convention, uint64_t begin,
			uint64_t end, unsigned *found, unsigned *wrong)
{
	for (size_t i = 0; i < im->where.count; i++) {
		const struct site *s = &im->where.sites[i];
		uint64_t at = text_site_addr(&im->where, i);
		unsigned len, clobbers;

		if (at < begin || at >= end)
			continue;
		promised(im, convention, s->type, &len, &clobbers);
		*found += 1;
		*wrong += s->len != len || s->clobbers != clobbers;
	}
}

/* One in each part of mixes. */
static void count_mix_sites(const struct image *im, unsigned convention, unsigned *found,
			    unsigned *wrong)
{
	struct parts p = parts_of(im->isa, convention, 0);
	unsigned before = *found;

	p.workload = "mix";
	count_sites(im, convention, label(im, &p, "parts"), label(im, &p, "end"), found, wrong);
	*wrong += *found - before != (sited[convention] ? MIX_PARTS : 0);
}

static const char *const paths[] = {
#define PATH(name, ...)	"path_" #name,
#include "list/path.def"
#undef PATH
};

/* Some in each block of a kernel path, where the convention has any: how many there are is in
 * host/test/exact/paths.tbl. */
static void count_path_sites(const struct image *im, unsigned convention, unsigned *found,
			     unsigned *wrong)
{
	struct parts p = parts_of(im->isa, convention, 0);

	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const unsigned before = *found;

		p.workload = paths[i];
		count_sites(im, convention, label(im, &p, "begin"), label(im, &p, "end"), found,
			    wrong);
		*wrong += (*found > before) != sited[convention];
	}
}

/* So many in each workload, as the convention promises them, and no others. */
static void test_promised(const struct image *im)
{
	unsigned all = 0, of_paths = 0, before_paths;

	for (unsigned c = 0; c < CONVENTION_COUNT; c++) {
		unsigned found = 0, wrong = 0, before;

		for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
			struct parts p = parts_of(im->isa, c, w);
			unsigned sites = is_foreign(im, w) ? 0 : sites_in[w];
			bool is = find_parts(im, &p);

			for (unsigned k = 1; is && k <= 3; k += 2) {
				before = found;
				count_sites(im, c, k == 1 ? p.one : p.three,
					    k == 1 ? p.one_end : p.three_end, &found, &wrong);
				wrong += found - before != (sited[c] ? k * sites : 0);
			}
		}
		count_mix_sites(im, c, &found, &wrong);
		before_paths = found;
		count_path_sites(im, c, &found, &wrong);
		of_paths += found - before_paths;
		all += found;
		ok(!wrong && !found == !sited[c], "%s: %u sites of %s, as it promises them",
		   im->arch, found, parts_of(im->isa, c, 0).convention);
	}
	ok(all == im->where.count, "%s: and no others", im->arch);
	ok(all - of_paths == sites_wanted(im), "%s: %u sites, as the workloads have, and %u of "
	   "kernel paths", im->arch, sites_wanted(im), of_paths);
}

static void test_parts(const struct image *im)
{
	for (unsigned i = 0; i < CONVENTION_COUNT * WORKLOAD_COUNT; i++) {
		unsigned w = i % WORKLOAD_COUNT, c = i / WORKLOAD_COUNT;
		struct parts p = parts_of(im->isa, c, w);
		const char *why = "its labels are not there, or not in order";

		p.nothing = is_nothing(im, c, w);
		if (c != CONVENTION_native && !p.op) {
			ok(!label(im, &p, "one") && !label(im, &p, "three"),
			   "%s: no %s of %s, which is no op", im->arch,
			   p.convention, p.workload);
			continue;
		}
		if (find_parts(im, &p))
			why = against(im, &p);
		if (!ok(!why, "%s: %s of %s may be moved and repeated", im->arch,
			p.convention, p.workload))
			diag("%s", why);
	}
}

/* Bodies, as core makes them, decoded from the first byte to the last. */

enum { BODY_BYTES = 1 << 15, BODY_SITES = 256 };

struct emitted {
	uint8_t bytes[BODY_BYTES];
	struct site sites[BODY_SITES];
	struct emitter e;
	struct body b;
	struct image im;		/* the body as an image of its own */
};

static unsigned no_fill(const struct fill *f, uint8_t *to)
{
	(void)f, (void)to;
	return 0;
}

static const char *emit(struct emitted *m, const struct image *im,
			const struct parts *p, unsigned repeats)
{
	const struct layout dense = { .name = "dense", .fill = no_fill };
	const struct text_where *w = &im->where;
	const struct template t = {
		.bytes = w->bytes + (p->three - w->addr), .addr = p->three,
		.head = (unsigned)(p->copy - p->three),
		.copy = (unsigned)(p->copy_end - p->copy),
		.way_out = p->three_end,
	};
	struct template_sites s;

	memset(m, 0, sizeof(*m));
	m->e = (struct emitter){
		.isa = im->isa, .bytes = m->bytes, .addr = 0x10000000,
		.room = BODY_BYTES, .sites = m->sites, .sites_addr = 0x10100000,
		.sites_room = BODY_SITES,
	};
	if (!template_sites(&t, w, &s))
		return "its sites";
	m->im = *im;
	m->im.where.bytes = m->bytes;
	m->im.where.addr = m->e.addr;
	m->im.where.sites = m->sites;
	m->im.where.sites_addr = m->e.sites_addr;
	return body_emit(&m->e, &t, &s, repeats, 12, &dense,
			 &(struct fill){ .isa = im->isa }, &m->b);
}

/* Does a site's call reach the slot of its op? */
static bool reaches_slot(const struct emitted *m, size_t i)
{
	const struct text_where *w = &m->im.where;
	uint64_t addr = text_site_addr(w, i), end = addr + w->sites[i].len, to = 0;
	unsigned word = m->im.isa == ISA_X86_64 ? 8 : 4;

	while (addr < end) {
		struct insn in;

		if (!decode(m->im.isa, w->bytes + (addr - w->addr),
			    (unsigned)(end - addr), &in))
			return false;
		if (in.in.meta.category == ZYDIS_CATEGORY_CALL
		    && !ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&in.in, in.op, addr, &to)))
			return false;
		addr += in.in.length;
	}
	return to == (is_callee(&w->sites[i]) ? w->callee : w->table)
		+ w->sites[i].type * word;
}

static bool jumps_to(const struct emitted *m, uint64_t addr, uint64_t want)
{
	struct insn i;
	uint64_t to;

	return decode(m->im.isa, m->bytes + (addr - m->e.addr),
		      (unsigned)(m->b.end - addr), &i)
		&& i.in.mnemonic == M(JMP) && addr + i.in.length == m->b.end
		&& ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&i.in, i.op, addr, &to))
		&& to == want;
}

static const char *body_against(const struct image *im, const struct parts *p,
				unsigned repeats)
{
	static struct emitted m;
	const char *why = emit(&m, im, p, repeats);
	struct flow head, copies, copy;

	if (why)
		return why;
	m.im.where.count = m.e.count;
	for (size_t i = 0; i < m.e.count; i++)
		if (!reaches_slot(&m, i))
			return "a call misses its slot";
	copy = walk_part(im, p, p->copy, p->copy_end, MAY_NOTHING);
	head = walk_part(im, p, p->three, p->copy, MAY_FRAME);
	copies = walk_part(&m.im, p, m.b.first, m.b.end - 5, MAY_NOTHING);
	if (copies.bad || copies.insns != repeats * copy.insns
	    || copies.sites != repeats * copy.sites)
		return "the copies are not so many times the instructions of one";
	if (walk_part(&m.im, p, m.b.entry, m.b.first, MAY_FRAME).insns != head.insns)
		return "the head has other instructions";
	if (m.e.count != head.sites + repeats * copy.sites)
		return "it has other sites";
	return jumps_to(&m, m.b.end - 5, p->three_end) ? NULL
		: "it does not jump to the way out";
}

static void test_bodies(const struct image *im)
{
	for (unsigned i = 0; i < CONVENTION_COUNT * WORKLOAD_COUNT; i++) {
		unsigned w = i % WORKLOAD_COUNT, c = i / WORKLOAD_COUNT;
		struct parts p = parts_of(im->isa, c, w);
		const char *why = "its labels are not there, or not in order";

		p.nothing = is_nothing(im, c, w);
		if (c != CONVENTION_native && !p.op)
			continue;
		if (find_parts(im, &p))
			why = body_against(im, &p, WORKLOAD_N - 1);
		if (!ok(!why, "%s: a body of %u copies, %s of %s", im->arch,
			WORKLOAD_N, p.convention, p.workload))
			diag("%s", why);
	}
}

/* What the walk must find out. */

static const struct {
	const char *what, *bytes;
	unsigned len;
	const char *bad;		/* or NULL: */
	uint32_t handed;		/* registers, words of the frame << 16 */
	int depth;
} codes[] = {
	{ "mov %rax, (%rdi)", "\x48\x89\x07", 3, NULL, 0, 0 },
	{ "mov 0(%rip), %rax", "\x48\x8b\x05\0\0\0\0", 7, "relative", 0, 0 },
	{ "lea 0(%rip), %rax", "\x48\x8d\x05\0\0\0\0", 7, "relative", 0, 0 },
	{ "mov 0x1000, %eax", "\x8b\x04\x25\0\x10\0\0", 7, "fixed address", 0, 0 },
	{ "jmp .", "\xeb\xfe", 2, "branches", 0, 0 },
	{ "jz .+2", "\x74\0", 2, "branches", 0, 0 },
	{ "loop .", "\xe2\xfe", 2, "branches", 0, 0 },
	{ "call .+5", "\xe8\0\0\0\0", 5, "branches", 0, 0 },
	{ "call *(%rax)", "\xff\x10", 2, "branches", 0, 0 },
	{ "lea 8(%rsp), %rsp", "\x48\x8d\x64\x24\x08", 5, NULL, 0, -1 },
	{ "push %rax; lea 8(%rsp), %rsp", "\x50\x48\x8d\x64\x24\x08", 6, NULL, 0, 0 },
	{ "lea -8(%rsp), %rsp", "\x48\x8d\x64\x24\xf8", 5, "arithmetic", 0, 0 },
	{ "lea 8(%rax), %rsp", "\x48\x8d\x60\x08", 4, "arithmetic", 0, 0 },
	{ "ret", "\xc3", 1, "branches", 0, 0 },
	{ "sub $8, %rsp", "\x48\x83\xec\x08", 4, "arithmetic", 0, 0 },
	{ "mov %rsp, %rbp", "\x48\x89\xe5", 3, "arithmetic", 0, 0 },
	{ "mov %rax, (%rsp)", "\x48\x89\x04\x24", 4, NULL, 0, 0 },
	{ "mov %eax, (%rsp)", "\x89\x04\x24", 3, "stores to the stack", 0, 0 },
	{ "mov %rax, 4(%rsp)", "\x48\x89\x44\x24\x04", 5, "stores to the stack", 0, 0 },
	{ "push %rax; mov %rax, (%rsp)", "\x50\x48\x89\x04\x24", 5,
	  "stores to the stack", 0, 0 },
	{ "mov 8(%rsp), %rcx; mov %rax, 8(%rsp)",
	  "\x48\x8b\x4c\x24\x08\x48\x89\x44\x24\x08", 10, NULL, 2 << 16, 0 },
	{ "push %rax; mov %rcx, 8(%rsp); pop %rax; mov (%rsp), %rdx",
	  "\x50\x48\x89\x4c\x24\x08\x58\x48\x8b\x14\x24", 11, NULL, 0, 0 },
	{ "mov 8(%rsp), %rax", "\x48\x8b\x44\x24\x08", 5, NULL, 0, 0 },
	{ "half an instruction", "\x48\x8b", 2, "within", 0, 0 },
	{ "push %rax", "\x50", 1, NULL, 0, 1 },
	{ "pop %rax", "\x58", 1, NULL, 0, -1 },
	{ "pushf; pop %rax", "\x9c\x58", 2, NULL, 0, 0 },
	{ "add %rax, %rax", "\x48\x01\xc0", 3, NULL, 1, 0 },
	{ "inc %rdi", "\x48\xff\xc7", 3, NULL, 1 << 7, 0 },
	{ "mov (%rdi), %rdi", "\x48\x8b\x3f", 3, NULL, 1 << 7, 0 },
	{ "mov %rdi, %rax; mov (%rax), %rcx", "\x48\x89\xf8\x48\x8b\x08", 6, NULL, 0, 0 },
	{ "xor %eax, %eax", "\x31\xc0", 2, NULL, 0, 0 },
	{ "mov $1, %al; add %eax, %ecx", "\xb0\x01\x01\xc1", 4, NULL, 3, 0 },
	{ "push %rbx; xor %ebx, %ebx; pop %rbx", "\x53\x31\xdb\x5b", 4, NULL, 0, 0 },
	{ "push %rbx; pop %rcx; mov (%rcx), %rbx", "\x53\x59\x48\x8b\x19", 5, NULL,
	  1 << 3, 0 },
};

static void test_walk(void)
{
	for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct image im = { .arch = "x86_64", .isa = ISA_X86_64 };
		struct flow f;

		im.where.bytes = (uint8_t *)codes[i].bytes;
		f = walk(&im, 0, codes[i].len, MAY_NOTHING);
		ok(codes[i].bad ? f.bad && strstr(f.bad, codes[i].bad)
		   : !f.bad && ((f.read & changed(&f)) | (f.slot_read & f.slot_written) << 16)
		     == codes[i].handed
		     && f.depth == codes[i].depth,
		   "%s: %s", codes[i].what, codes[i].bad ? codes[i].bad : "is followed");
	}
}

/* What is called by a register, with words that it finds in registers. */
static const struct {
	const char *what, *bytes;
	unsigned len;
	const char *given, *bad;	/* NULL: it may not call; NULL: handed */
	uint32_t handed;
} calls[] = {
	{ "call *%rax", "\xff\xd0", 2, NULL, "branches", 0 },
	{ "call *%rax", "\xff\xd0", 2, "v", NULL, 1 },
	{ "mov 8(%rbx), %rax; call *%rax", "\x48\x8b\x43\x08\xff\xd0", 6, "v", NULL, 0 },
	{ "call *8(%rbx)", "\xff\x53\x08", 3, "v", NULL, 0 },
	{ "call *8(%rbx), of a word", "\xff\x53\x08", 3, "u", NULL, 1 << 7 },
	{ "call *8(%rbx), of two", "\xff\x53\x08", 3, "pq_called", NULL, 1 << 7 | 1 << 6 },
	{ "mov (%rbx), %rdi; call *8(%rbx)", "\x48\x8b\x3b\xff\x53\x08", 6, "u_called",
	  NULL, 0 },
	{ "call *(%rcx)", "\xff\x11", 2, "v_tss", NULL, 1 << 1 },
	{ "call *8(%rsp)", "\xff\x54\x24\x08", 4, "v", "branches", 0 },
	{ "call .+5", "\xe8\0\0\0\0", 5, "v", "branches", 0 },
};

static void test_calls(void)
{
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct image im = { .arch = "x86_64", .isa = ISA_X86_64 };
		struct parts p = { .given = calls[i].given };
		struct flow f;

		im.where.bytes = (uint8_t *)calls[i].bytes;
		f = walk_part(&im, &p, 0, calls[i].len, MAY_NOTHING);
		ok(calls[i].bad ? f.bad && strstr(f.bad, calls[i].bad)
		   : !f.bad && (f.read & changed(&f)) == calls[i].handed,
		   "%s: %s", calls[i].what, calls[i].bad ? calls[i].bad : "is followed");
	}
}

static void test_image(struct image *im)
{
	struct text_error e;
	struct text t;
	size_t bytes;
	void *room;

	if (!ok(image_load(im), "%s: the image is there", im->arch))
		return;
	diag("%s: %zu sites in %zu bytes of text", im->arch, im->where.count,
	     im->where.len);
	test_promised(im);
	test_parts(im);
	test_bodies(im);
	bytes = text_room(&im->where);
	room = malloc(bytes);
	if (ok(text_open(&t, &im->where, room, bytes, &e),
	       "%s: every record is accepted", im->arch))
		test_opened(im, &t);
	else
		diag("record %zu at 0x%llx: %s", e.record,
		     (unsigned long long)e.addr, e.why);
	free(room);
	free(im->fresh);
}

int main(void)
{
	struct image images[] = {
		{ .arch = "x86_64", .isa = ISA_X86_64 },
		{ .arch = "ia32", .isa = ISA_IA32 },
	};

	decoders_init();
	test_decoder();
	test_walk();
	test_calls();
	test_tables();
	for (unsigned i = 0; i < 2; i++)
		test_image(&images[i]);
	return done();
}
