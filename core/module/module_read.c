/* SPDX-License-Identifier: GPL-2.0-only */
/* A module's file: is it one, and what room does it want; see module.h. */
#include "lib/bytes.h"
#include "lib/mem.h"
#include "lib/string.h"
#include "module_file.h"
#include "alternative/own_alternatives.h"

#define ELF_IDENT	20	/* bytes up to and with e_machine */

static bool begins(const char *name, const char *with)
{
	while (*with && *name == *with)
		name++, with++;
	return !*with;
}

static const char *const isa_names[ISA_COUNT] = {
	[ISA_IA32] = "ia32", [ISA_X86_64] = "x86-64",
};

/* Is it an ELF file, and for whom? */
static bool read_ident(enum isa isa, const uint8_t *file, size_t len,
		       struct module_error *e)
{
	const struct elf_class *c = &elf_class[isa];
	const struct elf_class *other =
		&elf_class[isa == ISA_IA32 ? ISA_X86_64 : ISA_IA32];

	if (len < ELF_IDENT || memcmp(file, "\177ELF", 4))
		return refuse(e, "the file is no ELF object");
	if (get_le16(file + 18) == other->machine)
		return refuse(e, "the module is for %s, and this is %s",
			      isa_names[isa == ISA_IA32 ? ISA_X86_64 : ISA_IA32],
			      isa_names[isa]);
	if (get_le16(file + 18) != c->machine || file[4] != c->number)
		return refuse(e, "the module is for another machine: e_machine is %u, class %u",
			      get_le16(file + 18), file[4]);
	if (file[5] != 1 || file[6] != 1)
		return refuse(e, "the module is not little-endian ELF of version 1");
	if (len < c->header)
		return refuse(e, "the file ends within its header: %u bytes",
			      (unsigned)len);
	return true;
}

/* The table of sections lies in the file. */
static bool read_header(struct module *m, struct module_error *e)
{
	const struct elf_class *c = &elf_class[m->isa];
	const struct elf_header h = elf_header(m->isa, m->file);

	if (h.type != 1)
		return refuse(e, "the file is no relocatable object: e_type is %u, not 1",
			      h.type);
	if (h.section_bytes != c->section)
		return refuse(e, "a section header has %u bytes, not %u",
			      h.section_bytes, c->section);
	if (!h.sections || h.sections > MODULE_SECTIONS_MAX)
		return refuse(e, "the file has %u sections; a module has 1 to %u",
			      h.sections, MODULE_SECTIONS_MAX);
	if (h.sections_at > m->len
	    || (m->len - h.sections_at) / c->section < h.sections)
		return refuse(e, "the file is cut short: %u section headers at 0x%llx, and "
				 "it has 0x%llx bytes",
			      h.sections, (unsigned long long)h.sections_at,
			      (unsigned long long)m->len);
	m->headers = h.sections_at;
	m->sections = h.sections;
	return true;
}

/* Do the bytes of a section lie in the file? */
static bool is_whole(const struct module *m, const struct elf_section *s)
{
	return !s->type || s->type == ELF_SECTION_NOBITS
		|| (s->offset <= m->len && s->size <= m->len - s->offset);
}

/* Strings that end where their section does. */
static bool is_strings(const struct module *m, unsigned i)
{
	struct elf_section s;

	if (!i || i >= m->sections)
		return false;
	s = module_section(m, i);
	return s.type == ELF_SECTION_STRTAB && is_whole(m, &s) && s.size
		&& !m->file[s.offset + s.size - 1];
}

static bool read_names(const struct module *m, struct module_error *e)
{
	unsigned names = module_names(m);

	if (!is_strings(m, names))
		return refuse(e, "section %u, the names of sections, is no table of strings",
			      names);
	for (unsigned i = 0; i < m->sections; i++) {
		struct elf_section s = module_section(m, i);
		char name[NAME_ROOM];

		if (s.name >= module_section(m, names).size)
			return refuse(e, "section %u: its name is not among the names", i);
		if (!is_whole(m, &s))
			return refuse(e, "section %u, %s, is cut short: 0x%llx bytes at "
					 "0x%llx, and the file has 0x%llx",
				      i, section_name(m, i, name),
				      (unsigned long long)s.size,
				      (unsigned long long)s.offset,
				      (unsigned long long)m->len);
	}
	return true;
}

static const char *wrong_section(const struct elf_section *s)
{
	if (s->flags & ELF_FLAG_WRITE && s->flags & ELF_FLAG_EXEC)
		return "it is to be both written and executed";
	if (s->flags & ELF_FLAG_TLS)
		return "there is no thread-local storage here";
	if (s->flags & ELF_FLAG_COMPRESSED)
		return "it is compressed";
	if (s->type != ELF_SECTION_PROGBITS && s->type != ELF_SECTION_NOBITS)
		return "sections of its type are not loaded; strip it, or compile without "
		       "what made it";
	if (s->type == ELF_SECTION_NOBITS && !(s->flags & ELF_FLAG_WRITE))
		return "it has no bytes, and is not to be written";
	if (s->align & (s->align - 1) || s->align > MODULE_PAGE)
		return "its alignment is no power of two, or above a page";
	if (s->size > MODULE_BYTES_MAX)
		return "it is too large";
	return NULL;
}

/* What is read-only once it is relocated counts as that. */
static enum module_part part_of(const struct elf_section *s, const char *name)
{
	if (s->flags & ELF_FLAG_EXEC)
		return MODULE_text;
	return s->flags & ELF_FLAG_WRITE && !begins(name, ".data.rel.ro")
		? MODULE_data : MODULE_rodata;
}

static size_t align_up(size_t n, size_t to)
{
	return (n + to - 1) & ~(to - 1);
}

/* Behind what is there of its part.  A page of alignment a section, and
 * MODULE_SECTIONS_MAX of them, do not overflow anything. */
static bool place(struct module *m, unsigned i, const struct elf_section *s,
		  const char *name, struct module_error *e)
{
	enum module_part part = part_of(s, name);
	size_t at = align_up(m->bytes[part], s->align ? (size_t)s->align : 1);

	if (at + s->size > MODULE_BYTES_MAX)
		return refuse(e, "section %u, %s: the module is larger than 0x%x bytes",
			      i, name, MODULE_BYTES_MAX);
	m->section[i] = (struct module_section){
		.loaded = true, .part = part, .at = (uint32_t)at,
		.size = (uint32_t)s->size,
	};
	m->bytes[part] = at + (size_t)s->size;
	return true;
}

/* Every section that is to be in memory.  Notes are for nobody here. */
static bool place_sections(struct module *m, struct module_error *e)
{
	for (unsigned i = 1; i < m->sections; i++) {
		struct elf_section s = module_section(m, i);
		char name[NAME_ROOM];
		const char *why;

		if (!(s.flags & ELF_FLAG_ALLOC) || s.type == ELF_SECTION_NOTE)
			continue;
		section_name(m, i, name);
		why = wrong_section(&s);
		if (why)
			return refuse(e, "section %u, %s: %s", i, name, why);
		if (!place(m, i, &s, name, e))
			return false;
	}
	return true;
}

/* The one section of that name; 0: there is none. */
static bool find_one(const struct module *m, const char *name, unsigned *found,
		     struct module_error *e)
{
	*found = 0;
	for (unsigned i = 1; i < m->sections; i++) {
		struct elf_section s = module_section(m, i);

		if (!string_equal(module_string(m, module_names(m), s.name), name))
			continue;
		if (*found)
			return refuse(e, "sections %u and %u are both %s", *found, i,
				      name);
		if (!m->section[i].loaded || m->section[i].part != MODULE_rodata
		    || s.type != ELF_SECTION_PROGBITS)
			return refuse(e, "section %u, %s, is not read-only data", i,
				      name);
		*found = i;
	}
	return true;
}

/* A whole number of records, aligned as they are. */
static bool is_table(const struct module *m, unsigned i, const char *name,
		     size_t record, struct module_error *e)
{
	size_t bytes = m->section[i].size;

	if (bytes % record || !bytes)
		return refuse(e, "section %u, %s, is cut short: 0x%x bytes are no whole "
				 "number of records",
			      i, name, (unsigned)bytes);
	return m->section[i].at % _Alignof(uint32_t) == 0
		|| refuse(e, "section %u, %s, is not aligned", i, name);
}

static bool find_alternatives(struct module *m, struct module_error *e)
{
	if (!find_one(m, ".altinstructions", &m->alt, e)
	    || !find_one(m, ".altinstr_replacement", &m->replacement, e))
		return false;
	if (!m->alt)
		return true;
	if (!m->replacement)
		return refuse(e, "there are .altinstructions, and no section "
				 ".altinstr_replacement");
	m->alternatives = m->section[m->alt].size / sizeof(struct alternative_record);
	return is_table(m, m->alt, ".altinstructions",
			sizeof(struct alternative_record), e);
}

static bool find_sections(struct module *m, struct module_error *e)
{
	if (!find_one(m, ".parainstructions", &m->para, e)
	    || !find_one(m, ".module_info", &m->info, e)
	    || !find_alternatives(m, e))
		return false;
	if (!m->para)
		return refuse(e, "there is no section .parainstructions: nothing could be patched");
	if (!m->info)
		return refuse(e, "there is no section .module_info: it is no module of parapatch");
	m->records = m->section[m->para].size / sizeof(struct site);
	return is_table(m, m->para, ".parainstructions", sizeof(struct site), e);
}

static bool find_symbols(struct module *m, struct module_error *e)
{
	unsigned bytes = elf_class[m->isa].symbol;

	for (unsigned i = 1; i < m->sections; i++) {
		struct elf_section s = module_section(m, i);

		if (s.type != ELF_SECTION_SYMTAB)
			continue;
		if (m->symbols)
			return refuse(e, "sections %u and %u are both tables of symbols",
				      m->symbols, i);
		if (s.entry != bytes || s.size % bytes || !is_strings(m, s.link))
			return refuse(e, "section %u, the table of symbols, is cut short "
					 "or has no names",
				      i);
		m->symbols = i;
	}
	return m->symbols || refuse(e, "there is no table of symbols: it was stripped");
}

/* Relocations of what is loaded are of the kind that the architecture has. */
static bool check_relocations(const struct module *m, struct module_error *e)
{
	const struct elf_class *c = &elf_class[m->isa];

	for (unsigned i = 1; i < m->sections; i++) {
		struct elf_section s = module_section(m, i);
		char name[NAME_ROOM];

		if ((s.type != ELF_SECTION_RELA && s.type != ELF_SECTION_REL)
		    || (s.info < m->sections && !m->section[s.info].loaded))
			continue;
		section_name(m, i, name);
		if (s.info >= m->sections || s.link != m->symbols)
			return refuse(e, "section %u, %s: it relocates section %u by "
					 "symbols of section %u, which are none",
				      i, name, s.info, s.link);
		if (s.type != c->relocations || s.entry != c->relocation
		    || s.size % c->relocation)
			return refuse(e, "section %u, %s: it is cut short, or its "
					 "relocations are of another kind",
				      i, name);
	}
	return true;
}

/* What memory the parts take: whole pages, behind the text its islands.  Each is at
 * most a few times MODULE_BYTES_MAX so far. */
static bool count_pages(struct module *m, struct module_error *e)
{
	size_t sum = 0;

	m->text_len = m->bytes[MODULE_text];
	m->islands = align_up(m->text_len, ISLAND_BYTES);
	m->bytes[MODULE_text] = m->islands + m->records * ISLAND_BYTES;
	for (unsigned p = 0; p < MODULE_PART_COUNT; p++) {
		m->bytes[p] = align_up(m->bytes[p], MODULE_PAGE);
		sum += m->bytes[p];
	}
	return sum <= MODULE_BYTES_MAX
		|| refuse(e, "the module takes 0x%llx bytes of memory, %u islands "
			     "included; 0x%x at most",
			  (unsigned long long)sum, (unsigned)m->records,
			  MODULE_BYTES_MAX);
}

bool module_read(struct module *m, enum isa isa, const uint8_t *file, size_t len,
		 struct module_error *e)
{
	struct module r = { .isa = isa, .file = file, .len = len };

	if (!read_ident(isa, file, len, e) || !read_header(&r, e)
	    || !read_names(&r, e) || !place_sections(&r, e)
	    || !find_sections(&r, e) || !find_symbols(&r, e)
	    || !check_relocations(&r, e) || !count_pages(&r, e))
		return false;
	*m = r;
	return true;
}
