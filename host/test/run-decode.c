/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engine writes, read by an independent decoder (Zydis): first every
 * op's form at many lengths with every NOP table, then both images as linked.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <Zydis/Zydis.h>
#include "mode.h"
#include "synthetic.h"
#include "tap.h"
#include "workload.h"

#define M(name) ZYDIS_MNEMONIC_##name
#define INSNS_MAX 5

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
	IA32(iret, 1, M(IRETD))
	X64(iret, 2, M(IRETQ))
};

static ZydisDecoder decoder[ISA_COUNT];

static void decoders_init(void)
{
	ZydisDecoderInit(&decoder[ISA_IA32], ZYDIS_MACHINE_MODE_LEGACY_32,
			 ZYDIS_STACK_WIDTH_32);
	ZydisDecoderInit(&decoder[ISA_X86_64], ZYDIS_MACHINE_MODE_LONG_64,
			 ZYDIS_STACK_WIDTH_64);
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

/* "mov %esi, %esi". */
static bool is_mov_same(const struct insn *i)
{
	return i->in.mnemonic == M(MOV)
		&& i->op[0].type == ZYDIS_OPERAND_TYPE_REGISTER
		&& i->op[1].type == ZYDIS_OPERAND_TYPE_REGISTER
		&& i->op[0].reg.value == i->op[1].reg.value;
}

/* "lea 0(%esi), %esi", with or without a scaled no-index. */
static bool is_lea_same(const struct insn *i)
{
	return i->in.mnemonic == M(LEA)
		&& i->op[1].mem.base == i->op[0].reg.value
		&& i->op[1].mem.index == ZYDIS_REGISTER_NONE
		&& !i->op[1].mem.disp.value;
}

/* In 64-bit mode those two clear the upper half: no NOPs there. */
static bool is_nop(enum isa isa, const struct insn *i)
{
	return i->in.mnemonic == M(NOP)
		|| (isa == ISA_IA32 && (is_mov_same(i) || is_lea_same(i)));
}

/* Exactly @nops NOPs, and not a byte more. */
static bool decodes_as_nops(enum isa isa, const uint8_t *at, unsigned len,
			    unsigned nops)
{
	struct insn i;
	unsigned n = 0;

	for (; len; at += i.in.length, len -= i.in.length, n++)
		if (!decode(isa, at, len, &i) || !is_nop(isa, &i))
			return false;
	return n == nops;
}

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

/* A table whose NOPs are none in 64-bit mode is not for x86-64. */
static bool suits(enum isa isa, const struct nop_table *t)
{
	return isa == ISA_IA32 || strcmp(t->name, "i386");
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

/* Images as linked, at address 0. */

struct image {
	const char *arch;
	enum isa isa;
	uint8_t *file;
	struct text_where where;
	uint8_t *fresh;			/* the text as linked */
};

#define ELF_READER(bits)						\
static const char *elf##bits##_name(const uint8_t *f, unsigned section,	\
				    uint32_t offset)			\
{									\
	const Elf##bits##_Ehdr *h = (const void *)f;			\
	const Elf##bits##_Shdr *s = (const void *)(f + h->e_shoff);	\
									\
	return (const char *)f + s[section].sh_offset + offset;		\
}									\
									\
static bool elf##bits##_section(const uint8_t *f, const char *name,	\
				uint64_t *addr, uint64_t *offset, size_t *len) \
{									\
	const Elf##bits##_Ehdr *h = (const void *)f;			\
	const Elf##bits##_Shdr *s = (const void *)(f + h->e_shoff);	\
									\
	for (unsigned i = 0; i < h->e_shnum; i++)			\
		if (!strcmp(elf##bits##_name(f, h->e_shstrndx, s[i].sh_name), name)) { \
			*addr = s[i].sh_addr;				\
			*offset = s[i].sh_offset;			\
			*len = s[i].sh_size;				\
			return true;					\
		}							\
	return false;							\
}									\
									\
static uint64_t elf##bits##_symbol(const uint8_t *f, const char *name)	\
{									\
	const Elf##bits##_Ehdr *h = (const void *)f;			\
	const Elf##bits##_Shdr *s = (const void *)(f + h->e_shoff);	\
									\
	for (unsigned i = 0; i < h->e_shnum; i++) {			\
		const Elf##bits##_Sym *y = (const void *)(f + s[i].sh_offset); \
									\
		if (s[i].sh_type != SHT_SYMTAB)				\
			continue;					\
		for (size_t k = 0; k < s[i].sh_size / sizeof(*y); k++)	\
			if (!strcmp(elf##bits##_name(f, s[i].sh_link,	\
						     y[k].st_name), name)) \
				return y[k].st_value;			\
	}								\
	return 0;							\
}
ELF_READER(32)
ELF_READER(64)

#define ELF(im, what, ...)						\
	((im)->isa == ISA_IA32 ? elf32_##what(__VA_ARGS__) : elf64_##what(__VA_ARGS__))

static uint8_t *map_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		 fd, 0);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

static bool image_load(struct image *im)
{
	struct text_where *w = &im->where;
	uint64_t text_at, records_at;
	size_t records_len;
	char path[200];

	snprintf(path, sizeof(path), IMAGES "/%s/parapatch.elf", im->arch);
	im->file = map_file(path);
	if (!im->file
	    || !ELF(im, section, im->file, ".text", &w->addr, &text_at, &w->len)
	    || !ELF(im, section, im->file, ".parainstructions", &w->sites_addr,
		    &records_at, &records_len))
		return false;
	w->isa = im->isa;
	w->bytes = im->file + text_at;
	w->sites = (const void *)(im->file + records_at);
	w->count = records_len / sizeof(struct site);
	w->table = ELF(im, symbol, im->file, "paravirt_ops");
	w->ops = OP_COUNT;
	im->fresh = malloc(w->len);
	memcpy(im->fresh, w->bytes, w->len);
	return w->table
		&& w->sites_addr == ELF(im, symbol, im->file, "__start_parainstructions");
}

/* Sites in one copy of each workload, read off the sources. */
static const unsigned sites_in[WORKLOAD_COUNT] = {
	[WORKLOAD_irq_disable] = 1, [WORKLOAD_irq_enable] = 1,
	[WORKLOAD_save_fl] = 1, [WORKLOAD_restore_fl] = 1,
	[WORKLOAD_irq_save_restore] = 3, [WORKLOAD_cli_sti] = 2,
	[WORKLOAD_cli_sti_string] = 2, [WORKLOAD_cli_sti_asm] = 2,
};

static unsigned sites_wanted(void)
{
	static const bool sited[] = {
#define CONVENTION(name, sites, what) sites,
#include "convention.def"
#undef CONVENTION
	};
	unsigned n = 0;

	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		for (unsigned w = 0; sited[c] && w < WORKLOAD_COUNT; w++)
			n += sites_in[w] * (1 + WORKLOAD_N + 2 * WORKLOAD_N);
	return n;
}

/* Lengths that site.h's conventions promise, by op; 0: of no interest. */
static const struct length_fact {
	enum isa isa;
	enum op op;
	unsigned clobbers, len;
} length_facts[] = {
	{ ISA_IA32, OP_save_fl, 0, 10 },
	{ ISA_IA32, OP_restore_fl, 0, 12 },
	{ ISA_IA32, OP_irq_disable, 0, 12 },
	{ ISA_IA32, OP_irq_enable, 0, 12 },
	{ ISA_IA32, OP_save_fl, 0x7, 6 },
	{ ISA_IA32, OP_restore_fl, 0x7, 6 },
	{ ISA_IA32, OP_irq_disable, 0x7, 6 },
	{ ISA_IA32, OP_irq_enable, 0x7, 6 },
	{ ISA_X86_64, OP_save_fl, 0, 30 },
	{ ISA_X86_64, OP_restore_fl, 0, 32 },
	{ ISA_X86_64, OP_irq_disable, 0, 32 },
	{ ISA_X86_64, OP_irq_enable, 0, 32 },
	{ ISA_X86_64, OP_save_fl, 0x1ff, 6 },
	{ ISA_X86_64, OP_restore_fl, 0x1ff, 6 },
	{ ISA_X86_64, OP_irq_disable, 0x1ff, 6 },
	{ ISA_X86_64, OP_irq_enable, 0x1ff, 6 },
};
#define LENGTH_FACTS (sizeof(length_facts) / sizeof(length_facts[0]))

static void test_lengths(const struct image *im)
{
	for (const struct length_fact *f = length_facts;
	     f < length_facts + LENGTH_FACTS; f++) {
		unsigned found = 0, other = 0;

		if (f->isa != im->isa)
			continue;
		for (size_t i = 0; i < im->where.count; i++) {
			const struct site *s = &im->where.sites[i];

			if (s->type != f->op || s->clobbers != f->clobbers)
				continue;
			found++;
			other += s->len != f->len;
		}
		ok(found && !other, "%s: %u sites of %s are %u bytes", im->arch,
		   found, op_info[f->op].name, f->len);
	}
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

/* Sites that decode to their form and NOPs, fewest first. */
static size_t sites_good(const struct image *im, const struct nop_table *nops)
{
	const struct text_where *w = &im->where;
	size_t good = 0;

	for (size_t i = 0; i < w->count; i++) {
		unsigned type = w->sites[i].type, len = w->sites[i].len;
		unsigned pad = len - wants[im->isa][type].len;

		good += decodes_as(im->isa, type, text_site_bytes(w, i), len,
				   (pad + nops->max - 1) / nops->max);
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
	   && c.sites == w->count && c.outcome[PATCHED_INLINE] == w->count,
	   "%s, %s NOPs: all sites patched inline", im->arch, nops->name);
	ok(sites_good(im, nops) == w->count,
	   "%s, %s NOPs: all sites decode to form and NOPs", im->arch, nops->name);
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
	ok(im->where.count == sites_wanted(), "%s: %u sites, as the workloads have",
	   im->arch, sites_wanted());
	test_lengths(im);
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
	test_tables();
	for (unsigned i = 0; i < 2; i++)
		test_image(&images[i]);
	return done();
}
