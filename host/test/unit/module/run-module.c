/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modules: the real ones and one that is made up, of both architectures, are read,
 * loaded and patched; and hostile ones, made of the real by changing some bytes, are
 * refused with a line each, and nothing is changed.
 */
#include <stdio.h>
#include "alternative/alternatives.h"
#include "backend/backends.h"
#include "lib/bytes.h"
#include "measure/body.h"
#include "module/elf_object.h"
#include "patch/mode.h"
#include "module/module.h"
#include "synthetic.h"
#include "tap.h"

#define FILE_MAX	(256 * 1024)
#define FILL		0x5a

/* The memory of any module that is not too large, and what is around it, which nobody
 * may write. */
static uint8_t memory[MODULE_BYTES_MAX + (MODULE_PART_COUNT + 1) * MODULE_PAGE]
	__attribute__((aligned(MODULE_PAGE)));

/* A file that is tried, and what came of it. */
static struct trial {
	enum isa isa;
	uint8_t file[FILE_MAX], was[FILE_MAX];
	size_t len;
	bool native_place;		/* it is loaded to where it could run */
	uint64_t apart;			/* the application is so far away */
	struct module module;
	struct module_memory mem;
	struct module_sections sections;
	struct text text;
	char why[400];			/* "": accepted */
	bool untouched;			/* what was refused by then has written nothing */
} t;

static uint8_t room[1 << 20];
static struct module_export exports[6];

/* So far behind the module, in a call's reach unless it is to be out of it. */
static uint64_t application(const struct trial *k)
{
	return k->mem.part[MODULE_text].addr + 0x100000 + k->apart;
}

static void set_exports(const struct trial *k)
{
	static const char *const names[] = {
		"paravirt_ops", "paravirt_callee", "memcpy", "memmove", "memset",
		"memcmp",
	};

	for (unsigned i = 0; i < 6; i++)
		exports[i] = (struct module_export){ names[i],
			application(k) + 0x1000 * i };
}

/* A page between two parts. */
static void place_parts(struct trial *k)
{
	size_t at = MODULE_PAGE;

	for (unsigned p = 0; p < MODULE_PART_COUNT; p++) {
		k->mem.part[p].bytes = memory + at;
		k->mem.part[p].addr = k->native_place ? (uintptr_t)memory + at
			: 0x10000000 + at;
		at += k->module.bytes[p] + MODULE_PAGE;
	}
}

static bool filled(const uint8_t *at, const uint8_t *end)
{
	return at == end
		|| (*at == FILL && !memcmp(at, at + 1, (size_t)(end - at) - 1));
}

/* Nothing but the module's own bytes was written; of what was refused, none. */
static bool only_own(const struct trial *k, bool loaded)
{
	const uint8_t *at = memory;

	for (unsigned p = 0; p < MODULE_PART_COUNT && loaded; p++) {
		if (!filled(at, k->mem.part[p].bytes))
			return false;
		at = k->mem.part[p].bytes + k->module.bytes[p];
	}
	return filled(at, memory + sizeof(memory)) && !memcmp(k->file, k->was, k->len);
}

static bool open_text(struct trial *k)
{
	const struct text_where own = {
		.isa = k->isa, .table = exports[0].addr, .ops = OP_COUNT,
		.callee = exports[1].addr, .endbr = ENDBR_LEN,
	};
	const struct text_where w = module_text(&k->module, &k->mem,
						k->sections.para, &own);
	struct text_error e;

	if (text_room(&w) > sizeof(room))
		return false;
	if (text_open(&k->text, &w, room, sizeof(room), &e))
		return true;
	snprintf(k->why, sizeof(k->why), "record %zd, site at 0x%llx: %s",
		 (ssize_t)e.record, (unsigned long long)e.addr, e.why);
	return false;
}

/* What it has of alternatives. */
static bool open_alternatives(struct trial *k)
{
	static struct alternative entry[256];
	static uint8_t alt_room[1 << 20];
	static struct alternatives a;
	struct alternative_where w;
	struct alternatives_error e;

	if (!k->sections.alt.count)
		return true;
	if (k->sections.alt.count > 256)
		return false;
	w = module_alternatives(&k->module, &k->mem, k->sections.alt, entry);
	if (alternatives_room(&w, &k->text) > sizeof(alt_room))
		return false;
	if (alternatives_open(&a, &w, &k->text, alt_room, sizeof(alt_room), &e))
		return true;
	snprintf(k->why, sizeof(k->why), "%s, record %zd, site at 0x%llx: %s", e.table,
		 (ssize_t)e.record, (unsigned long long)e.addr, e.why);
	return false;
}

/* As the application does it, short of pages and of the check of its info. */
static bool try_sites(struct trial *k)
{
	struct module_error e;
	bool ok;

	memset(memory, FILL, sizeof(memory));
	memcpy(k->was, k->file, k->len);
	k->why[0] = '\0';
	k->untouched = true;
	ok = module_read(&k->module, k->isa, k->file, k->len, &e);
	if (ok) {
		place_parts(k);
		set_exports(k);
		ok = module_load(&k->module, &k->mem,
				 &(struct module_exports){ exports, 6 },
				 &k->sections, &e);
	}
	k->untouched = only_own(k, ok);
	if (!ok)
		snprintf(k->why, sizeof(k->why), "%s", e.text);
	return ok && open_text(k) && open_alternatives(k);
}

static bool try_all(struct trial *k)
{
	struct module_error e;

	if (!try_sites(k))
		return false;
	if (k->native_place && !module_info_check(&k->module, &k->mem, &k->sections, &e)) {
		snprintf(k->why, sizeof(k->why), "%s", e.text);
		return false;
	}
	return true;
}

static bool read_bytes(struct trial *k, const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f)
		return false;
	k->len = fread(k->file, 1, sizeof(k->file), f);
	fclose(f);
	return k->len > 0 && k->len < sizeof(k->file);
}

static bool take(enum isa isa, const char *name)
{
	char path[100];

	t.isa = isa;
	t.apart = 0;
	t.native_place = isa == ARCH_ISA;
	if (!strcmp(name, "made_up"))
		snprintf(path, sizeof(path), IMAGES "/test/%s/made_up_module.o",
			 syn_isa[isa]);
	else
		snprintf(path, sizeof(path), IMAGES "/%s/modules/%s.ko",
			 syn_isa[isa], name);
	return read_bytes(&t, path);
}

/*
 * Changing a file.  Addresses of fields of the headers, by the class.
 */
static uint8_t *header_field(unsigned at32, unsigned at64)
{
	return t.file + (t.isa == ISA_X86_64 ? at64 : at32);
}

static uint8_t *section_header(unsigned i)
{
	const struct elf_header h = elf_header(t.isa, t.file);

	return t.file + h.sections_at + i * h.section_bytes;
}

static struct elf_section section(unsigned i)
{
	return elf_section(t.isa, section_header(i));
}

/* By name; 0: there is none. */
static unsigned look(const char *name)
{
	const struct elf_header h = elf_header(t.isa, t.file);

	for (unsigned i = 1; i < h.sections; i++)
		if (!strcmp((char *)t.file + section(h.names).offset
			    + section(i).name, name))
			return i;
	return 0;
}

/* The test ends where there is none. */
static unsigned find(const char *name)
{
	const unsigned i = look(name);

	if (i)
		return i;
	printf("Bail out! no section %s\n", name);
	exit(1);
}

static unsigned find_rel(const char *of)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s", t.isa == ISA_X86_64 ? ".rela" : ".rel",
		 of);
	return find(name);
}

static uint8_t *bytes_of(unsigned i)
{
	return t.file + section(i).offset;
}

static void put(uint8_t *at, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

enum field { S_NAME, S_TYPE, S_FLAGS, S_OFFSET, S_SIZE, S_LINK, S_INFO, S_ALIGN };

static void set(unsigned i, enum field f, uint64_t v)
{
	static const struct { uint8_t at, len; } where[ISA_COUNT][8] = {
		[ISA_IA32] = { { 0, 4 }, { 4, 4 }, { 8, 4 }, { 16, 4 },
			       { 20, 4 }, { 24, 4 }, { 28, 4 }, { 32, 4 } },
		[ISA_X86_64] = { { 0, 4 }, { 4, 4 }, { 8, 8 }, { 24, 8 },
				 { 32, 8 }, { 40, 4 }, { 44, 4 }, { 48, 8 } },
	};

	put(section_header(i) + where[t.isa][f].at, v, where[t.isa][f].len);
}

/* Behind the file as it was: the names of sections, and their headers, with one more. */
static void add_section(const char *name, uint32_t type)
{
	const struct elf_header h = elf_header(t.isa, t.file);
	const struct elf_section names = section(h.names);
	const size_t headers = (size_t)h.sections * h.section_bytes;
	const size_t name_bytes = strlen(name) + 1;
	size_t at = t.len;

	memcpy(t.file + at, bytes_of(h.names), names.size);
	memcpy(t.file + at + names.size, name, name_bytes);
	set(h.names, S_OFFSET, at);
	set(h.names, S_SIZE, names.size + name_bytes);
	at = (at + names.size + name_bytes + 7) / 8 * 8;
	memcpy(t.file + at, t.file + h.sections_at, headers);
	memset(t.file + at + headers, 0, h.section_bytes);
	t.len = at + headers + h.section_bytes;
	put(header_field(32, 40), at, 4);
	put(header_field(48, 60), h.sections + 1u, 2);
	set(h.sections, S_NAME, names.size);
	set(h.sections, S_TYPE, type);
	set(h.sections, S_FLAGS, ELF_FLAG_ALLOC | ELF_FLAG_WRITE);
	set(h.sections, S_ALIGN, 1);
}

/* gcc writes these where they are empty too, clang does not. */
static void add_empty(void)
{
	if (!look(".data"))
		add_section(".data", ELF_SECTION_PROGBITS);
	if (!look(".bss"))
		add_section(".bss", ELF_SECTION_NOBITS);
}

static uint8_t *relocation(const char *of, unsigned k)
{
	return bytes_of(find_rel(of)) + k * elf_class[t.isa].relocation;
}

static void set_type(const char *of, unsigned k, uint32_t type)
{
	put(relocation(of, k) + (t.isa == ISA_X86_64 ? 8 : 4), type,
	    t.isa == ISA_X86_64 ? 4 : 1);
}

static void set_symbol(const char *of, unsigned k, uint32_t symbol)
{
	put(relocation(of, k) + (t.isa == ISA_X86_64 ? 12 : 5), symbol,
	    t.isa == ISA_X86_64 ? 4 : 3);
}

static uint32_t symbol_of(const char *of, unsigned k)
{
	return elf_relocation(t.isa, relocation(of, k)).symbol;
}

static uint8_t *symbol(uint32_t i)
{
	return bytes_of(find(".symtab")) + (size_t)i * elf_class[t.isa].symbol;
}

/* Of record @k: what is added to its site's address. */
static void move_record(unsigned k, int64_t by)
{
	uint8_t *rel = relocation(".parainstructions", k);
	const struct elf_relocation r = elf_relocation(t.isa, rel);

	if (t.isa == ISA_X86_64) {
		put(rel + 16, r.addend + (uint64_t)by, 8);
	} else {
		uint8_t *at = bytes_of(find(".parainstructions")) + r.offset;

		put(at, get_le32(at) + (uint64_t)by, 4);
	}
}

static uint8_t *record(unsigned k)
{
	return bytes_of(find(".parainstructions")) + k * sizeof(struct site);
}

/*
 * What is refused: how a file is spoilt, and what the line says.  Record 3, say, is
 * one of many that are good.
 */
#define SPOIL(name, ...)	static void name(void) { __VA_ARGS__ }

SPOIL(outside, move_record(3, 0x100000);)
SPOIL(before, move_record(3, -0x100000);)
/* A record of its own length there, so it can only be the same bytes. */
SPOIL(overlap,
	uint8_t *to = relocation(".parainstructions", 1);
	const uint8_t *from = relocation(".parainstructions", 0);
	const struct elf_relocation r = elf_relocation(t.isa, from);

	memcpy(record(1) + 4, record(0) + 4, 4);
	if (t.isa == ISA_X86_64)
		put(to + 16, r.addend, 8);
	else
		memcpy(record(1), record(0), 4);
	set_symbol(".parainstructions", 1, r.symbol);)
SPOIL(misaligned, move_record(3, 1);)
SPOIL(unknown_type, record(3)[4] = 0xee;)
SPOIL(wrong_op, record(3)[4] ^= 1;)
SPOIL(too_long, record(3)[5] = 255;)
SPOIL(too_short, record(3)[5] = 5;)
SPOIL(longer, record(3)[5]++;)
SPOIL(cut_records, set(find(".parainstructions"), S_SIZE,
		       section(find(".parainstructions")).size - 3);)
SPOIL(no_records, set(find(".parainstructions"), S_SIZE, 0);)
SPOIL(cut_section, set(find(".text"), S_SIZE, t.len);)
SPOIL(far_section, set(find(".text"), S_OFFSET, UINT64_MAX - 8);)
SPOIL(round_section, set(find(".comment"), S_SIZE, UINT64_MAX - 4);)
SPOIL(cut_file, t.len -= 5;)
SPOIL(cut_header, t.len = 40;)
SPOIL(cut_ident, t.len = 3;)
SPOIL(no_elf, t.file[1] = 'F';)
SPOIL(other_isa, t.isa = t.isa == ISA_IA32 ? ISA_X86_64 : ISA_IA32;)
SPOIL(other_machine, put(t.file + 18, 40, 2);)
SPOIL(other_class, t.file[4] ^= 3;)
SPOIL(big_endian, t.file[5] = 2;)
SPOIL(executable, put(t.file + 16, 2, 2);)
SPOIL(header_size, put(header_field(46, 58), 39, 2);)
SPOIL(no_sections, put(header_field(48, 60), 0, 2);)
SPOIL(many_sections, put(header_field(48, 60), 0xffff, 2);)
SPOIL(headers_outside, put(header_field(32, 40), UINT32_MAX, 4);)
SPOIL(no_names, put(header_field(50, 62), 1, 2);)
SPOIL(names_outside, put(header_field(50, 62), 200, 2);)
SPOIL(names_open,
	unsigned i = elf_header(t.isa, t.file).names;

	bytes_of(i)[section(i).size - 1] = 'x';)
SPOIL(name_outside, set(1, S_NAME, 0x10000);)
SPOIL(write_exec, set(find(".text"), S_FLAGS, 7);)
SPOIL(thread_local, set(find(".rodata"), S_FLAGS, 0x402);)
SPOIL(compressed, set(find(".rodata"), S_FLAGS, 0x802);)
SPOIL(strange_type, set(find(".rodata"), S_TYPE, 14);)
SPOIL(align_3, set(find(".rodata"), S_ALIGN, 3);)
SPOIL(align_large, set(find(".rodata"), S_ALIGN, 8192);)
SPOIL(bss_large, set(find(".bss"), S_SIZE, MODULE_BYTES_MAX + 1);)
SPOIL(bss_sum, set(find(".bss"), S_SIZE, MODULE_BYTES_MAX);
	set(find(".data"), S_TYPE, ELF_SECTION_NOBITS);
	set(find(".data"), S_SIZE, 1);)
/* Each part by itself is small enough; islands are added to the text. */
SPOIL(parts_sum, set(find(".bss"), S_SIZE, MODULE_BYTES_MAX);)
SPOIL(bss_code, set(find(".bss"), S_FLAGS, 6);)
SPOIL(para_writable, set(find(".parainstructions"), S_FLAGS, 3);)
SPOIL(para_code, set(find(".parainstructions"), S_FLAGS, 6);)
SPOIL(para_unloaded, set(find(".parainstructions"), S_FLAGS, 0);)
SPOIL(para_twice, set(find(".rodata"), S_NAME, section(find(".parainstructions")).name);)
SPOIL(para_none, set(find(".parainstructions"), S_NAME, section(find(".data")).name);)
SPOIL(info_none, set(find(".module_info"), S_NAME, section(find(".data")).name);)
SPOIL(no_symbols, set(find(".symtab"), S_TYPE, 1);)
SPOIL(symbols_cut, set(find(".symtab"), S_SIZE, section(find(".symtab")).size - 1);)
SPOIL(symbols_twice,
	unsigned from = find(".symtab"), to = find(".comment");

	memcpy(section_header(to) + 4, section_header(from) + 4,
	       elf_class[t.isa].section - 4);)
SPOIL(symbols_nameless, set(find(".symtab"), S_LINK, 1);)
SPOIL(rel_symbols, set(find_rel(".text"), S_LINK, 1);)
SPOIL(rel_of_none, set(find_rel(".text"), S_INFO, 200);)
SPOIL(rel_cut, set(find_rel(".text"), S_SIZE, section(find_rel(".text")).size - 1);)
SPOIL(rel_kind, set(find_rel(".text"), S_TYPE,
		    t.isa == ISA_X86_64 ? ELF_SECTION_REL : ELF_SECTION_RELA);)
SPOIL(rel_type, set_type(".text", 5, 9);)
SPOIL(rel_offset, put(relocation(".text", 5), 0x100000, 4);)
SPOIL(rel_edge, put(relocation(".text", 5), section(find(".text")).size - 3, 4);)
SPOIL(rel_bss, set(find_rel(".text"), S_INFO, find(".bss"));
	set(find(".bss"), S_SIZE, 0x4000);)
SPOIL(rel_symbol, set_symbol(".text", 5, 0x10000);)
SPOIL(sym_unknown,
	uint8_t *s = symbol(symbol_of(".text", 5));

	/* What is behind its first letter: another name. */
	put(s, get_le32(s) + 1, 4);)
SPOIL(sym_nameless, put(symbol(symbol_of(".text", 5)), 0x40000000, 4);)
SPOIL(sym_common, put(symbol(symbol_of(".text", 5)) + (t.isa == ISA_X86_64 ? 6 : 14),
		      ELF_COMMON, 2);)
SPOIL(sym_unloaded, put(symbol(symbol_of(".text", 5)) + (t.isa == ISA_X86_64 ? 6 : 14),
			find(".comment"), 2);)
SPOIL(sym_reserved, put(symbol(symbol_of(".text", 5)) + (t.isa == ISA_X86_64 ? 6 : 14),
			0xffff, 2);)
SPOIL(sym_outside,
	uint32_t i = symbol_of(".parainstructions", 0);

	put(symbol(i) + (t.isa == ISA_X86_64 ? 8 : 4), 0x100000, 4);)
SPOIL(sym_tls, symbol(symbol_of(".text", 5))[t.isa == ISA_X86_64 ? 4 : 12] |= 6;)
SPOIL(too_far, t.apart = 0x80000000u;)

static uint8_t *alt_record(unsigned k)
{
	return bytes_of(find(".altinstructions")) + k * 16;
}

SPOIL(alt_cut, set(find(".altinstructions"), S_SIZE,
		   section(find(".altinstructions")).size - 3);)
SPOIL(alt_none, set(find(".altinstr_replacement"), S_NAME, section(find(".data")).name);)
SPOIL(alt_writable, set(find(".altinstructions"), S_FLAGS, 3);)
SPOIL(alt_feature, put(alt_record(2) + 8, 999, 2);)
SPOIL(alt_flags, alt_record(2)[10] = 0x80;)
SPOIL(alt_short, alt_record(2)[12] = 0;)
SPOIL(alt_inside, alt_record(2)[12] = 4;)
SPOIL(alt_replacement, alt_record(2)[13] = 9;)
SPOIL(alt_last, alt_record(2)[14] = 1;)
SPOIL(alt_far,
	uint8_t *rel = relocation(".altinstructions", 4);
	const struct elf_relocation r = elf_relocation(t.isa, rel);

	/* The site of record 2: a record has two relocations. */
	if (t.isa == ISA_X86_64)
		put(rel + 16, r.addend + 0x100000, 8);
	else
		put(alt_record(2), get_le32(alt_record(2)) + 0x100000, 4);)

static const struct spoil {
	const char *what;
	void (*spoil)(void);
	const char *want[3];		/* words of the line, in order */
	int only;			/* -1: both; else one enum isa */
} spoils[] = {
	{ "a record outside the text", outside, { "record 3, site at 0x", "not inside the text" },
	  -1 },
	{ "a record before the text", before, { "record 3, site at 0x", "not inside the text" },
	  -1 },
	{ "records that overlap", overlap, { "record 1, site at 0x", "overlaps another" }, -1 },
	{ "a record that is misaligned to an instruction", misaligned,
	  { "record 3, site at 0x", "the site" }, -1 },
	{ "an unknown type", unknown_type, { "record 3, site at 0x", "no op of that type" }, -1 },
	{ "another op", wrong_op, { "record 3, site at 0x", "does not call the op" }, -1 },
	{ "a site too long", too_long, { "record 3, site at 0x", "too long" }, -1 },
	{ "a site too short", too_short,
	  { "record 3, site at 0x", "shorter than an indirect call" }, -1 },
	{ "a site longer than it is", longer, { "record 3, site at 0x", "the site ends inside" },
	  -1 },
	{ "records cut short", cut_records,
	  { "section ", ".parainstructions, is cut short", "no whole number of records" }, -1 },
	{ "no records", no_records, { ".parainstructions, is cut short" }, -1 },
	{ "a section longer than the file", cut_section,
	  { "section 1, .text, is cut short", "bytes at 0x" }, -1 },
	{ "a section beyond the file", far_section,
	  { "section 1, .text, is cut short", "bytes at 0x" }, -1 },
	{ "a section that ends before it begins", round_section, { ".comment, is cut short" }, -1 },
	{ "a file cut at its end", cut_file, { "cut short" }, -1 },
	{ "a file cut in its header", cut_header, { "ends within its header" }, -1 },
	{ "a file of 3 bytes", cut_ident, { "no ELF object" }, -1 },
	{ "no ELF file", no_elf, { "no ELF object" }, -1 },
	{ "a module for the other architecture", other_isa,
	  { "the module is for ", ", and this is " }, -1 },
	{ "a module for another machine", other_machine, { "another machine: e_machine is 40" },
	  -1 },
	{ "a module of the other class", other_class, { "another machine", "class" }, -1 },
	{ "big-endian", big_endian, { "not little-endian" }, -1 },
	{ "an executable", executable, { "no relocatable object: e_type is 2" }, -1 },
	{ "section headers of another size", header_size, { "a section header has 39 bytes" }, -1 },
	{ "no sections", no_sections, { "the file has 0 sections" }, -1 },
	{ "too many sections", many_sections, { "the file has 65535 sections" }, -1 },
	{ "section headers beyond the file", headers_outside,
	  { "cut short", "section headers at 0x" }, -1 },
	{ "names of sections that are none", no_names,
	  { "section 1, the names of sections, is no table" }, -1 },
	{ "names of sections beyond the sections", names_outside, { "section 200, the names" },
	  -1 },
	{ "names of sections without an end", names_open,
	  { "the names of sections, is no table" }, -1 },
	{ "a section's name beyond the names", name_outside, { "section 1: its name" }, -1 },
	{ "written and executed", write_exec,
	  { "section 1, .text: it is to be both written and executed" }, -1 },
	{ "thread-local storage", thread_local, { ".rodata: there is no thread-local" }, -1 },
	{ "a compressed section", compressed, { ".rodata: it is compressed" }, -1 },
	{ "a section of another type", strange_type, { ".rodata: sections of its type" }, -1 },
	{ "alignment 3", align_3, { ".rodata: its alignment" }, -1 },
	{ "alignment above a page", align_large, { ".rodata: its alignment" }, -1 },
	{ "a section too large", bss_large, { ".bss: it is too large" }, -1 },
	{ "sections too large together", bss_sum, { "the module is larger than" }, -1 },
	{ "parts too large together", parts_sum,
	  { "the module takes 0x10", "bytes of memory", "islands included; 0x100000 at most" },
	  -1 },
	{ "code without bytes", bss_code, { ".bss: it has no bytes" }, -1 },
	{ "records that are to be written", para_writable,
	  { ".parainstructions, is not read-only data" }, -1 },
	{ "records that are code", para_code, { ".parainstructions, is not read-only data" }, -1 },
	{ "records that are not loaded", para_unloaded,
	  { ".parainstructions, is not read-only data" }, -1 },
	{ "two sections of records", para_twice, { "sections ", "are both .parainstructions" },
	  -1 },
	{ "no section of records", para_none, { "no section .parainstructions" }, -1 },
	{ "no .module_info", info_none, { "no section .module_info" }, -1 },
	{ "no symbols", no_symbols, { "no table of symbols" }, -1 },
	{ "symbols cut short", symbols_cut, { "the table of symbols, is cut short" }, -1 },
	{ "two tables of symbols", symbols_twice, { "both tables of symbols" }, -1 },
	{ "symbols without names", symbols_nameless, { "or has no names" }, -1 },
	{ "relocations by other symbols", rel_symbols,
	  { "text: it relocates section 1 by symbols of section 1" }, -1 },
	{ "relocations of no section", rel_of_none, { "it relocates section 200" }, -1 },
	{ "relocations cut short", rel_cut, { "text: it is cut short" }, -1 },
	{ "relocations of the other kind", rel_kind,
	  { "text: it is cut short, or its relocations are of another kind" }, -1 },
	{ "a relocation of unknown type", rel_type,
	  { "relocation 5 of section ", "text, at 0x",
	    "its type is none that a module may have: 9" }, -1 },
	{ "a relocation outside its section", rel_offset,
	  { "relocation 5 of section ", "not inside its section" }, -1 },
	{ "a relocation over the end of its section", rel_edge,
	  { "relocation 5 of section ", "not inside its section" }, -1 },
	{ "a relocation of no bytes", rel_bss,
	  { "relocation 0 of section ", "not inside its section" }, -1 },
	{ "a relocation by no symbol", rel_symbol,
	  { "relocation 5 of section ", "no symbol of its number" }, -1 },
	{ "a symbol that the application has not", sym_unknown,
	  { "relocation ", "no symbol for modules of that name: aravirt_" }, -1 },
	{ "a symbol whose name is beyond the names", sym_nameless,
	  { "relocation ", "no symbol for modules of that name" }, -1 },
	{ "a symbol without a place", sym_common, { "relocation ", "-fno-common", "paravirt_" },
	  -1 },
	{ "a symbol of what is not loaded", sym_unloaded,
	  { "relocation ", "section that is not loaded" }, -1 },
	{ "a symbol of a reserved section", sym_reserved,
	  { "relocation ", "section that is not loaded" }, -1 },
	{ "a symbol outside its section", sym_outside,
	  { "relocation ", "its symbol is not inside its section" }, -1 },
	{ "a thread-local symbol", sym_tls, { "relocation ", "of a kind that is not linked" }, -1 },
	{ "out of reach", too_far,
	  { "relocation 0 of section ", "text, at 0x", "out of reach: paravirt_" }, ISA_X86_64 },
};

static const struct spoil alt_spoils[] = {
	{ "alternatives cut short", alt_cut, { ".altinstructions, is cut short" }, -1 },
	{ "alternatives without replacements", alt_none, { "no section .altinstr_replacement" },
	  -1 },
	{ "alternatives that are to be written", alt_writable,
	  { ".altinstructions, is not read-only data" }, -1 },
	{ "a feature that there is not", alt_feature,
	  { ".altinstructions, record 2, site at 0x", "feature" }, -1 },
	{ "a flag that there is not", alt_flags,
	  { ".altinstructions, record 2, site at 0x", "flag" }, -1 },
	{ "a site of no bytes", alt_short, { ".altinstructions, record 2, site at 0x" }, -1 },
	{ "a site that ends within an instruction", alt_inside,
	  { ".altinstructions, record 2, site at 0x" }, -1 },
	{ "a replacement longer than its site", alt_replacement,
	  { ".altinstructions, record 2, site at 0x" }, -1 },
	{ "a last field that is not 0", alt_last, { ".altinstructions, record 2, site at 0x" },
	  -1 },
	{ "an alternative outside the text", alt_far,
	  { ".altinstructions, record 2, site at 0x", "text" }, -1 },
};

static bool has_words(const char *line, const char *const *words)
{
	for (unsigned i = 0; i < 3 && words[i]; i++) {
		line = strstr(line, words[i]);
		if (!line)
			return false;
	}
	return true;
}

static void test_spoils(enum isa isa, const char *name, const struct spoil *spoils,
			size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct spoil *s = &spoils[i];
		bool refused;

		if (s->only >= 0 && s->only != (int)isa)
			continue;
		if (!take(isa, name))
			continue;
		add_empty();
		s->spoil();
		refused = !try_all(&t);
		ok(refused && has_words(t.why, s->want) && t.untouched,
		   "%s, %s, refused: %s", syn_isa[isa], name, s->what);
		if (!refused || !has_words(t.why, s->want))
			diag("it says: %s", t.why[0] ? t.why : "(accepted)");
	}
}

#define SPOILS(list)	list, sizeof(list) / sizeof((list)[0])

/* Every length less than its own. */
static void test_cut(enum isa isa, const char *name)
{
	size_t len, accepted = 0, tried = 0;

	take(isa, name);
	len = t.len;
	for (size_t n = 0; n < len; n += n < 256 ? 1 : 61, tried++) {
		take(isa, name);
		/* On the heap, so that a byte behind it is found. */
		uint8_t *copy = malloc(n ? n : 1);
		struct module_error e;

		memcpy(copy, t.file, n);
		accepted += module_read(&t.module, isa, copy, n, &e);
		free(copy);
	}
	ok(!accepted && tried > 256, "%s, %s, cut at %zu lengths: refused",
	   syn_isa[isa], name, tried);
}

/* Random bytes: whatever it comes to, nothing is written elsewhere. */
static void test_random(enum isa isa, const char *name)
{
	unsigned bad = 0, refused = 0;
	uint32_t x = 1;

	take(isa, name);
	for (unsigned n = 0; n < 600; n++) {
		size_t headers, at;

		/* Of the file as it is, not as the last round left it. */
		take(isa, name);
		headers = elf_header(isa, t.file).sections_at;
		for (unsigned k = 0; k < 1 + n % 3; k++) {
			x = x * 1664525 + 1013904223;
			/* Half of them in the headers. */
			at = x & 0x100 ? (x >> 9) % t.len
				: headers + (x >> 9) % (t.len - headers);
			t.file[at] ^= (uint8_t)(1u << (x & 7));
		}
		refused += !try_all(&t);
		bad += !t.untouched;
	}
	ok(!bad && refused > 50, "%s, %s, 600 random changes: %u refused, nothing else written",
	   syn_isa[isa], name, refused);
}

static bool parts_apart(const struct module *m)
{
	for (unsigned i = 0; i < m->sections; i++) {
		const struct module_section *s = &m->section[i];
		struct elf_section f = section(i);

		if (s->loaded != ((f.flags & ELF_FLAG_ALLOC) != 0))
			return false;
		if (s->loaded && (f.flags & ELF_FLAG_EXEC) != (s->part == MODULE_text
							      ? ELF_FLAG_EXEC : 0))
			return false;
	}
	return m->bytes[MODULE_text] % MODULE_PAGE == 0
		&& m->bytes[MODULE_rodata] % MODULE_PAGE == 0;
}

/* Patched in place, and back. */
static void test_patched(enum isa isa, const char *name)
{
	struct text_counts c;
	struct text_error e;
	struct syn_writer w;
	static uint8_t fresh[64 * 1024];
	const struct text_where *at = &t.text.where;

	syn_writer_begin(&w);
	memcpy(fresh, at->bytes, at->len);
	ok(text_apply(&t.text, backends[BACKEND_native], &modes[MODE_inline],
		      nop_tables[0], TEXT_ALL, &w.writer, &c, &e)
	   && c.sites == at->count && c.outcome[PATCHED_INLINE] == at->count
	   && memcmp(fresh, at->bytes, at->len),
	   "%s, %s: all of its %zu sites are patched", syn_isa[isa], name, at->count);
	ok(text_restore(&t.text, &w.writer, &e) && !memcmp(fresh, at->bytes, at->len),
	   "%s, %s: and put back", syn_isa[isa], name);
}

static void test_good(enum isa isa, const char *name, size_t records)
{
	if (!ok(take(isa, name) && try_all(&t), "%s, %s: loaded", syn_isa[isa], name))
		diag("it says: %s", t.why);
	ok(t.untouched, "%s, %s: into its memory alone", syn_isa[isa], name);
	ok(t.text.where.count == records && t.module.records == records
	   && t.sections.para.count == records
	   && t.sections.alt.count == (strcmp(name, "hot_path") ? 0 : 6 * 4),
	   "%s, %s: %zu records, as the workloads have sites", syn_isa[isa], name,
	   records);
	ok(parts_apart(&t.module), "%s, %s: its text on pages of its own", syn_isa[isa],
	   name);
	if (t.text.where.count)
		test_patched(isa, name);
}

static uint64_t word_at(enum module_part p, size_t at)
{
	const uint8_t *b = t.mem.part[p].bytes + at;

	return t.isa == ISA_X86_64 ? get_le64(b) : get_le32(b);
}

static uint32_t half_at(enum module_part p, size_t at)
{
	return get_le32(t.mem.part[p].bytes + at);
}

/* Its sections lie as they are in the file: .rodata at 0 of its part, and so on. */
static uint64_t addr_of(enum module_part p, const char *name, size_t at)
{
	return t.mem.part[p].addr + t.module.section[find(name)].at + at;
}

/* Every kind of relocation, by hand. */
static void test_relocations(enum isa isa)
{
	bool x64 = isa == ISA_X86_64;
	size_t word = x64 ? 8 : 4;
	uint64_t text = 0, datum, code, ro;
	size_t at;

	if (!ok(take(isa, "made_up") && (t.native_place = false, true)
		&& try_sites(&t), "%s, made up: loaded", syn_isa[isa]))
		diag("it says: %s", t.why);
	text = addr_of(MODULE_text, ".text", 0);
	code = text + 32;
	datum = addr_of(MODULE_data, ".data", 8);
	ro = addr_of(MODULE_rodata, ".data.rel.ro", 0);
	at = t.module.section[find(".rodata")].at;
	ok(word_at(MODULE_rodata, at) == datum + 4, "%s: a word", syn_isa[isa]);
	ok(half_at(MODULE_rodata, at + word)
	   == (uint32_t)(addr_of(MODULE_data, ".bss", 0)
			 - addr_of(MODULE_rodata, ".rodata", word)),
	   "%s: relative to its place", syn_isa[isa]);
	ok(half_at(MODULE_rodata, at + word + 4)
	   == (uint32_t)(ro - addr_of(MODULE_rodata, ".rodata", word + 4)),
	   "%s: what is read-only once it is relocated is with the read-only",
	   syn_isa[isa]);
	ok(word_at(MODULE_rodata, t.module.section[find(".data.rel.ro")].at) == code
	   && word_at(MODULE_data, t.module.section[find(".data")].at + 8)
	   == exports[1].addr + 8, "%s: in data, of the application too", syn_isa[isa]);
	ok(half_at(MODULE_text, 33) == (uint32_t)(exports[2].addr - (text + 37))
	   && half_at(MODULE_text, 38) == (uint32_t)(text - (text + 42)),
	   "%s: calls, of the application and of itself", syn_isa[isa]);
	if (x64)
		ok(word_at(MODULE_rodata, at + 16)
		   == datum - addr_of(MODULE_rodata, ".rodata", 16)
		   && half_at(MODULE_rodata, t.module.section[find(".rodata.low")].at) == datum
		   && half_at(MODULE_text, t.module.section[find(".text.low")].at + 3) == datum,
		   "%s: 64 bits relative; 32 bits, both kinds", syn_isa[isa]);
	ok(t.mem.part[MODULE_text].bytes[30] == 0xcc
	   && t.mem.part[MODULE_text].bytes[t.module.text_len] == 0xcc,
	   "%s: between sections of a text, and behind them, INT3s", syn_isa[isa]);
	at = t.module.section[find(".bss")].at;
	ok(at % 64 == 0 && !half_at(MODULE_data, at) && !half_at(MODULE_data, at + 4996)
	   && t.module.bytes[MODULE_data] == 2 * MODULE_PAGE,
	   "%s: what has no bytes is zero, and aligned", syn_isa[isa]);
}

/* The addresses at which 32 bits just do, and just do not. */
static void test_reach(void)
{
	static const struct {
		uint64_t addr;
		bool good;
		const char *what;
	} cases[] = {
		{ 0x7ff00000, true, "below 2 GiB" },
		{ 0x80000000, false, "at 2 GiB: a sign-extended one" },
		{ 0x100000000, false, "at 4 GiB" },
	};
	struct module_error e;

	take(ISA_X86_64, "made_up");
	for (unsigned i = 0; i < 3; i++) {
		bool loaded;

		module_read(&t.module, t.isa, t.file, t.len, &e);
		place_parts(&t);
		for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
			t.mem.part[p].addr = cases[i].addr + p * 0x10000;
		set_exports(&t);
		memset(memory, FILL, sizeof(memory));
		memcpy(t.was, t.file, t.len);
		loaded = module_load(&t.module, &t.mem,
				     &(struct module_exports){ exports, 6 },
				     &t.sections, &e);
		ok(loaded == cases[i].good && only_own(&t, loaded)
		   && (loaded || strstr(e.text, "out of reach: datum")),
		   "32 bits, %s: %s", cases[i].what, loaded ? "fits" : e.text);
	}
	/* Calls: the last place from which they reach, and the first from which not. */
	for (int64_t by = -1; by <= 0; by++) {
		take(ISA_X86_64, "seed_ops");
		t.native_place = false;
		t.apart = 0x80000000u - 0x100000 + (uint64_t)by;
		/* The first site's displacement, 2 bytes into it, ends 4 behind. */
		module_read(&t.module, t.isa, t.file, t.len, &e);
		const struct elf_relocation r =
			elf_relocation(t.isa, relocation(".text", 0));
		t.apart += r.offset - r.addend;
		place_parts(&t);
		set_exports(&t);
		bool loaded = module_load(&t.module, &t.mem,
					  &(struct module_exports){ exports, 6 },
					  &t.sections, &e);
		bool first = !loaded && strstr(e.text, "relocation 0 ");

		ok(first == (by == 0), "a call over %s 2 GiB: relocation 0 %s",
		   by ? "a byte less than" : "", first ? "is refused" : "fits");
	}
}

/*
 * What a module says of itself, on the architecture that is here.
 */
static struct module_info *info_of(void)
{
	return (struct module_info *)(uintptr_t)t.sections.info.bytes;
}

static struct workload *row_of(unsigned i)
{
	return (struct workload *)(uintptr_t)&info_of()->workload[i];
}

static struct workload_code *code_of_row(unsigned c, unsigned i)
{
	return (struct workload_code *)(uintptr_t)
		&info_of()->code[c * info_of()->count + i];
}

SPOIL(i_version, info_of()->version++;)
SPOIL(i_ops, info_of()->ops--;)
SPOIL(i_conventions, info_of()->conventions++;)
SPOIL(i_none, info_of()->count = 0;)
SPOIL(i_many, info_of()->count = MODULE_WORKLOADS_MAX + 1;)
SPOIL(i_name, *(char *)(uintptr_t)info_of()->name = 'A';)
SPOIL(i_name_outside, info_of()->name = "hot";)
SPOIL(i_rows, info_of()->workload = (void *)&t;)
SPOIL(i_rows_edge, info_of()->workload = (void *)(t.mem.part[MODULE_rodata].bytes
		+ t.module.bytes[MODULE_rodata] - sizeof(struct workload));)
SPOIL(i_code, info_of()->code = NULL;)
SPOIL(i_row_name, row_of(1)->name = "x";)
SPOIL(i_row_same, row_of(1)->name = row_of(0)->name;)
SPOIL(i_row_what, row_of(1)->what = NULL;)
SPOIL(i_row_column, row_of(1)->column = row_of(info_of()->count - 1)->what;)
SPOIL(i_row_kind, row_of(1)->kind = KIND_ANCHOR;)
SPOIL(i_row_before, memset(&row_of(1)->if_before, 0x77, 1);)
SPOIL(i_row_quote, *(char *)(uintptr_t)row_of(1)->what = '"';)
SPOIL(i_rows_odd, info_of()->workload = (void *)((uintptr_t)info_of()->workload + 1);)
SPOIL(i_copy_empty, code_of_row(CONVENTION_seed, 1)->copy_end =
	code_of_row(CONVENTION_seed, 1)->copy;)
/* A copy that ends within its last site. */
SPOIL(i_half_site,
	struct workload_code *c = code_of_row(CONVENTION_ccall, 1);
	const struct text_where *w = &t.text.where;
	uintptr_t end = (uintptr_t)c->copy_end, at = 0;

	for (size_t i = 0; i < w->count; i++)
		if (text_site_addr(w, i) >= (uintptr_t)c->copy && text_site_addr(w, i) < end)
			at = (uintptr_t)text_site_addr(w, i);
	c->copy_end = (const uint8_t *)at + 2;)
SPOIL(i_row_ring, row_of(1)->ring = 2;)
SPOIL(i_row_if, row_of(1)->after = (enum if_want)9;)
SPOIL(i_code_none, code_of_row(CONVENTION_ccall, 1)->one = NULL;)
SPOIL(i_code_outside, code_of_row(CONVENTION_ccall, 1)->three_end += 0x100000;)
SPOIL(i_code_order, code_of_row(CONVENTION_ccall, 1)->copy =
	code_of_row(CONVENTION_ccall, 1)->copy_end + 1;)
SPOIL(i_code_before, code_of_row(CONVENTION_ccall, 1)->one =
	(void (*)(struct work *))(uintptr_t)((uintptr_t)t.mem.part[MODULE_text].bytes - 1);)

static const struct {
	const char *what;
	void (*spoil)(void);
	const char *want[3];
} infos[] = {
	{ "another version", i_version, { "another parapatch: version 2 " } },
	{ "other ops", i_ops, { "another parapatch" } },
	{ "other conventions", i_conventions, { "another parapatch" } },
	{ "no workloads", i_none, { "workloads or their code, 0 of them" } },
	{ "too many workloads", i_many, { "workloads or their code" } },
	{ "a name that is none", i_name, { "the module's name is none" } },
	{ "a name that is not in it", i_name_outside, { "the module's name is none" } },
	{ "rows that are not in it", i_rows, { "workloads or their code" } },
	{ "rows that end behind it", i_rows_edge, { "workloads or their code" } },
	{ "code that is not in it", i_code, { "workloads or their code" } },
	{ "a workload's name that is not in it", i_row_name, { "workload 1: its name is none" } },
	{ "two workloads of one name", i_row_same, { "workloads 0 and 1 are both called" } },
	{ "a workload's text that is not in it", i_row_what, { "workload 1, ", "is no text" } },
	{ "a workload's column that is too long", i_row_column, { "workload 1, ", "too long" } },
	{ "an anchor", i_row_kind, { "workload 1, ", "it is no op" } },
	{ "an IF that is neither on nor off", i_row_before,
	  { "workload 1, ", "neither yes nor no" } },
	{ "a quote in a workload's text", i_row_quote, { "workload 1, ", "is no text" } },
	{ "rows that are not aligned", i_rows_odd, { "workloads or their code" } },
	{ "a copy of no bytes", i_copy_empty,
	  { "convention seed: a copy of its code has 0 bytes; 1 to 768" } },
	{ "a copy that ends in a site", i_half_site,
	  { "convention ccall: ", "what is at .text+0x", "is a site that ends outside it" } },
	{ "ring 2", i_row_ring, { "workload 1, ", "it is no op" } },
	{ "nobody knows what of IF", i_row_if, { "workload 1, ", "unknown" } },
	{ "no code in a convention", i_code_none, { "has no code in convention ccall" } },
	{ "code that ends outside the text", i_code_outside,
	  { "convention ccall: its code at 0x", "not inside" } },
	{ "code out of order", i_code_order,
	  { "convention ccall: its code at 0x", "out of order" } },
	{ "code before the text", i_code_before, { "convention ccall: its code at 0x" } },
};

static void test_info(const char *name, unsigned count)
{
	const struct module_info *info;
	struct module_error e;

	take(ARCH_ISA, name);
	try_sites(&t);
	info = module_info_check(&t.module, &t.mem, &t.sections, &e);
	ok(info && !strcmp(info->name, name) && info->count == count,
	   "%s says that it is that, and has %u workloads", name, count);
	for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
		take(ARCH_ISA, name);
		try_sites(&t);
		infos[i].spoil();
		info = module_info_check(&t.module, &t.mem, &t.sections, &e);
		ok(!info && has_words(e.text, infos[i].want), "%s, refused: %s", name,
		   infos[i].what);
		if (info || !has_words(e.text, infos[i].want))
			diag("it says: %s", info ? "(accepted)" : e.text);
	}
}

/* Code that would not be the same elsewhere, or does not stay in its copy. */
#define ALL	{ true, true }
#define NONE	{ false, false }
#define AWAY	"leads away"
#define BRANCH	"leads out of it, or to where no instruction begins"
static const struct {
	const char *what;
	unsigned len;
	uint8_t bytes[7];
	bool good[ISA_COUNT];
	const char *why;
} pieces[] = {
	{ "what is there", 0, { 0 }, ALL, NULL },
	{ "a jump out of it", 2, { 0xeb, 0x7f }, NONE, BRANCH },
	{ "a jump within it", 2, { 0xeb, 0x00 }, ALL, NULL },
	{ "a jump to itself", 2, { 0xeb, 0xfe }, ALL, NULL },
	{ "a jump to before it", 2, { 0xeb, 0xf0 }, NONE, BRANCH },
	{ "a jump into itself", 2, { 0xeb, 0xff }, NONE, BRANCH },
	{ "a branch into an instruction", 7, { 0x74, 0x01, 0xb8, 0x90, 0x90, 0x90, 0x90 }, NONE,
	  BRANCH },
	{ "a branch over an instruction", 7, { 0x74, 0x05, 0xb8, 0x90, 0x90, 0x90, 0x90 }, ALL,
	  NULL },
	{ "LOOP into an instruction", 7, { 0xe2, 0x04, 0xb8, 0x90, 0x90, 0x90, 0x90 }, NONE,
	  BRANCH },
	{ "a call", 5, { 0xe8, 0, 1, 0, 0 }, NONE, "calls a function" },
	{ "a call of what is behind it", 5, { 0xe8, 0, 0, 0, 0 }, NONE, "calls a function" },
	{ "an operand relative to RIP", 6, { 0x8b, 0x05, 0, 0, 0, 0 },
	  { [ISA_IA32] = true, [ISA_X86_64] = false }, "depends on its place" },
	{ "no instruction", 2, { 0x0f, 0x04 }, NONE, "is no instruction" },
	{ "RET", 1, { 0xc3 }, NONE, AWAY },
	{ "REP RET", 2, { 0xf3, 0xc3 }, NONE, AWAY },
	{ "RET 8", 3, { 0xc2, 8, 0 }, NONE, AWAY },
	{ "RETF", 1, { 0xcb }, NONE, AWAY },
	{ "RETF 8", 3, { 0xca, 8, 0 }, NONE, AWAY },
	{ "IRET", 1, { 0xcf }, NONE, AWAY },
	{ "IRET of another size", 2, { 0x66, 0xcf }, NONE, AWAY },
	{ "JMP *%eax", 2, { 0xff, 0xe0 }, NONE, AWAY },
	{ "CALL *%eax", 2, { 0xff, 0xd0 }, NONE, AWAY },
	{ "JMP *(%eax)", 2, { 0xff, 0x20 }, NONE, AWAY },
	{ "CALL *(%eax), no site", 2, { 0xff, 0x10 }, NONE, AWAY },
	{ "JMP *absolute", 7, { 0xff, 0x24, 0x25, 0, 0, 0, 0 }, NONE, AWAY },
	{ "far JMP", 2, { 0xff, 0x28 }, NONE, AWAY },
	{ "far CALL", 2, { 0xff, 0x18 }, NONE, AWAY },
	{ "INC (%eax)", 2, { 0xff, 0x00 }, ALL, NULL },
	{ "PUSH (%eax)", 2, { 0xff, 0x30 }, ALL, NULL },
	{ "far JMP, immediate", 7, { 0xea, 0, 0, 0, 0, 8, 0 }, NONE, NULL },
	{ "far CALL, immediate", 7, { 0x9a, 0, 0, 0, 0, 8, 0 }, NONE, NULL },
	{ "INT3", 1, { 0xcc }, NONE, AWAY },
	{ "INT 80h", 2, { 0xcd, 0x80 }, NONE, AWAY },
	{ "SYSCALL", 2, { 0x0f, 0x05 }, NONE, AWAY },
	{ "SYSEXIT", 2, { 0x0f, 0x35 }, NONE, AWAY },
	{ "UD2", 2, { 0x0f, 0x0b }, NONE, AWAY },
	{ "CMPPS, opcode C2 behind 0F", 4, { 0x0f, 0xc2, 0xc0, 0 }, ALL, NULL },
	{ "VCMPPS, opcode C2 behind VEX", 5, { 0xc5, 0xf8, 0xc2, 0xc0, 0 }, ALL, NULL },
};

/* The parts of a workload that are copied. */
enum part { PART_ONE, PART_HEAD, PART_COPY, PART_COUNT };
static const char *const part_names[PART_COUNT] = {
	"one", "the way in", "a copy",
};

static const uint8_t *part_of(enum part p, const uint8_t **end)
{
	const struct workload_code *c = code_of_row(CONVENTION_native, 0);

	*end = p == PART_ONE ? c->one_end : p == PART_HEAD ? c->copy : c->copy_end;
	return p == PART_ONE ? (const uint8_t *)(uintptr_t)c->one
		: p == PART_HEAD ? (const uint8_t *)(uintptr_t)c->three : c->copy;
}

static void test_piece(unsigned i, enum part p)
{
	const struct module_info *info;
	struct module_error e = { "" };
	const uint8_t *begin, *end;
	char why[200];
	uint64_t at;
	/* LOOK() calls a pointer. */
	bool good = pieces[i].good[ARCH_ISA]
		|| (p == PART_ONE && strstr(pieces[i].what, "CALL *"));

	take(ARCH_ISA, "hot_path");
	try_sites(&t);
	begin = part_of(p, &end);
	at = (uint64_t)(begin - t.mem.part[MODULE_text].bytes);
	/* NOPs behind it, to the part's end. */
	if (pieces[i].len) {
		memset(bytes_of(find(".text")) + at, 0x90, (size_t)(end - begin));
		memcpy(bytes_of(find(".text")) + at, pieces[i].bytes, pieces[i].len);
	}
	try_sites(&t);
	info = module_info_check(&t.module, &t.mem, &t.sections, &e);
	snprintf(why, sizeof(why),
		 "workload spin_irqsave, convention native: copies of its code cannot be "
		 "timed: what is at .text+0x%llx ",
		 (unsigned long long)at);
	ok((info != NULL) == good
	   && (good || (strstr(e.text, why)
			&& (!pieces[i].why || strstr(e.text, pieces[i].why)))),
	   "in %s, %s: %s", part_names[p], pieces[i].what, info ? "accepted" : e.text);
}

static void test_relative(void)
{
	for (unsigned p = 0; p < PART_COUNT; p++)
		for (unsigned i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
			test_piece(i, p);
}

/* A branch from one instruction to a site: to its beginning, and into it. */
static void test_into_site(void)
{
	for (unsigned by = 0; by < 2; by++) {
		const struct workload_code *c;
		const struct module_info *info;
		struct module_error e = { "" };
		const struct text_where *w = &t.text.where;
		uint8_t *code;
		uint64_t at = 0;

		take(ARCH_ISA, "seed_ops");
		try_sites(&t);
		c = code_of_row(CONVENTION_wide32, 0);
		for (size_t i = 0; i < w->count; i++)
			if (text_site_addr(w, i) >= (uintptr_t)c->three
			    && text_site_addr(w, i) < (uintptr_t)c->copy)
				at = text_site_addr(w, i);
		/* The head begins two bytes earlier, in what aligns it. */
		code = (uint8_t *)(uintptr_t)c->three - 2;
		code[0] = 0xeb;
		code[1] = (uint8_t)(at + by - (uintptr_t)c->three);
		code_of_row(CONVENTION_wide32, 0)->three =
			(void (*)(struct work *))(uintptr_t)code;
		info = module_info_check(&t.module, &t.mem, &t.sections, &e);
		ok((info != NULL) == !by && (info || strstr(e.text, BRANCH)),
		   "a branch %s a site: %s", by ? "into" : "to", info ? "accepted" : e.text);
	}
}

/* Row @k of its code is a few NOPs. */
static void put_nops(unsigned k, const uint8_t *code)
{
	struct workload_code *c = code_of_row(0, 0) + k;

	*c = (struct workload_code){
		.one = (void (*)(struct work *))(uintptr_t)code, .one_end = code,
		.three = (void (*)(struct work *))(uintptr_t)code, .copy = code,
		.copy_end = code + 1, .three_end = code + 1,
	};
}

/* Records of as many sites as bodies can have, and one more; copies as long as they
 * may be, and a byte longer. */
static void test_sizes(void)
{
	static uint8_t code[8192];
	static struct site records[TEMPLATE_SITES_MAX + 1];

	for (unsigned i = 0; i < 8; i++) {
		static const struct {
			unsigned head, copy, sites;
			const char *why;
			unsigned later;		/* three begins, than one */
		} sizes[] = {
			{ 6, COPY_MAX, 0, NULL, 0 },
			{ 6, COPY_MAX + 1, 0,
			  "a copy of its code has 769 bytes; 1 to 768 can be timed", 0 },
			{ 4 * COPY_MAX, 6, 0, NULL, 0 },
			{ 4 * COPY_MAX + 1, 6, 0,
			  "its first copy, with what is before it, has 3073 bytes; 3072 at most",
			  0 },
			{ 192, 192, 64, NULL, 0 },
			{ 192, 198, 65, "two copies of its code have 65 sites; 64 at most", 0 },
			{ 198, 192, 65, "two copies of its code have 65 sites; 64 at most", 0 },
			{ 390, 6, 65, "of its code have 65 sites; 64 at most", 6 },
		};
		const struct module_info *info;
		struct module_error e = { "" };
		struct workload_code *c;
		unsigned head = sizes[i].head, copy = sizes[i].copy;

		take(ARCH_ISA, "seed_ops");
		try_sites(&t);
		c = code_of_row(CONVENTION_native, 0);
		/* Another text, all NOPs. */
		memset(code, 0x90, sizeof(code));
		t.mem.part[MODULE_text].bytes = code;
		t.mem.part[MODULE_text].addr = (uintptr_t)code;
		t.module.text_len = sizeof(code);
		for (unsigned k = 0; k < info_of()->count * CONVENTION_COUNT; k++)
			put_nops(k, code + sizeof(code) - 1);
		*c = (struct workload_code){
			.one = (void (*)(struct work *))(uintptr_t)code,
			.one_end = code + head,
			.three = (void (*)(struct work *))(uintptr_t)
				(code + sizes[i].later),
			.copy = code + head, .copy_end = code + head + copy,
			.three_end = code + head + copy,
		};
		for (unsigned k = 0; k < sizes[i].sites; k++)
			records[k] = (struct site){
				.site = (int32_t)((intptr_t)code + 6 * (int)k
						  - (intptr_t)&records[k]),
				.len = 6,
			};
		t.sections.para = (struct para_section){
			records, (uintptr_t)records, sizes[i].sites };
		info = module_info_check(&t.module, &t.mem, &t.sections, &e);
		ok((info != NULL) == !sizes[i].why
		   && (info || strstr(e.text, sizes[i].why)),
		   "a copy of %u bytes behind %u, %u sites: %s", copy, head,
		   sizes[i].sites, info ? "accepted" : e.text);
	}
}

int main(void)
{
	/* Of a workload, in five conventions: the sites of 1 and of 3 copies. */
	const size_t a_site = 5 * 4;

	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_good(isa, "seed_ops", 4 * a_site);
		test_good(isa, "hot_path", (2 + 4 + 2 + 2) * a_site);
		test_relocations(isa);
		test_spoils(isa, "seed_ops", SPOILS(spoils));
		test_spoils(isa, "hot_path", SPOILS(spoils));
		test_spoils(isa, "hot_path", SPOILS(alt_spoils));
		test_cut(isa, "seed_ops");
		test_random(isa, "hot_path");
	}
	test_reach();
	test_info("seed_ops", 4);
	test_info("hot_path", 4);
	test_relative();
	test_into_site();
	test_sizes();
	return done();
}
