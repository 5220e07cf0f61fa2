/* SPDX-License-Identifier: GPL-2.0-only */
/* A module's sections into memory, and its relocations; see module.h. */
#include "lib/bytes.h"
#include "lib/mem.h"
#include "lib/string.h"
#include "module_file.h"

/* What a relocation does: @width bytes, relative to its place or not. */
struct relocation_kind {
	uint32_t type;
	unsigned width;			/* 0: nothing */
	bool relative;
	enum { FITS_ANY, FITS_SIGNED, FITS_UNSIGNED } fits;
};

/*
 * What a compiler makes for code that is linked statically, and no more.  On ia32
 * addresses wrap: whatever comes out fits.
 *
 * Source: System V ABI, AMD64 supplement, "Relocation Types"; Intel386 supplement,
 * likewise.  PLT32 of a function that is here is PC32.
 */
static const struct relocation_kind kinds_x86_64[] = {
	{ 0, 0, false, FITS_ANY },		/* NONE */
	{ 1, 8, false, FITS_ANY },		/* 64 */
	{ 2, 4, true, FITS_SIGNED },		/* PC32 */
	{ 4, 4, true, FITS_SIGNED },		/* PLT32 */
	{ 10, 4, false, FITS_UNSIGNED },	/* 32 */
	{ 11, 4, false, FITS_SIGNED },		/* 32S */
	{ 24, 8, true, FITS_ANY },		/* PC64 */
};
static const struct relocation_kind kinds_ia32[] = {
	{ 0, 0, false, FITS_ANY },		/* NONE */
	{ 1, 4, false, FITS_ANY },		/* 32 */
	{ 2, 4, true, FITS_ANY },		/* PC32 */
	{ 4, 4, true, FITS_ANY },		/* PLT32 */
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Of that type; NULL: none that a module may have. */
static const struct relocation_kind *relocation_kind(enum isa isa, uint32_t type)
{
	bool x64 = isa == ISA_X86_64;
	const struct relocation_kind *k = x64 ? kinds_x86_64 : kinds_ia32;
	size_t n = x64 ? COUNT(kinds_x86_64) : COUNT(kinds_ia32);

	for (size_t i = 0; i < n; i++)
		if (k[i].type == type)
			return &k[i];
	return NULL;
}

/* Does section @i hold relocations of a section that is loaded? */
static bool has_relocations(const struct module *m, unsigned i)
{
	struct elf_section s = module_section(m, i);

	return s.type == elf_class[m->isa].relocations && m->section[s.info].loaded;
}

static struct elf_relocation relocation(const struct module *m, unsigned i, size_t k)
{
	return elf_relocation(m->isa, m->file + module_section(m, i).offset
			      + k * elf_class[m->isa].relocation);
}

static size_t relocation_count(const struct module *m, unsigned i)
{
	return (size_t)(module_section(m, i).size / elf_class[m->isa].relocation);
}

/* A load: what is asked, and where its answer goes. */
struct load {
	const struct module *module;
	const struct module_memory *mem;
	const struct module_exports *exports;
	struct module_error *e;
};

/* One relocation, for a line. */
struct place {
	unsigned section;		/* of relocations */
	size_t number;
	struct elf_relocation r;
	uint64_t addr;			/* where it is done */
};

static uint64_t section_addr(const struct load *l, unsigned i)
{
	const struct module_section *s = &l->module->section[i];

	return l->mem->part[s->part].addr + s->at;
}

static bool bad(const struct load *l, const struct place *p, const char *why,
		const char *name)
{
	char section[NAME_ROOM];

	return refuse(l->e, "relocation %u of section %u, %s, at 0x%llx: %s%s%s",
		      (unsigned)p->number, p->section,
		      section_name(l->module, p->section, section),
		      (unsigned long long)p->addr, why, *name ? ": " : "", name);
}

static bool find_export(const struct load *l, const char *name, uint64_t *value)
{
	for (size_t i = 0; i < l->exports->count; i++)
		if (string_equal(l->exports->list[i].name, name)) {
			*value = l->exports->list[i].addr;
			return true;
		}
	return false;
}

/* A symbol that is not in a section that is loaded. */
static bool other_value(const struct load *l, const struct place *p,
			const struct elf_symbol *s, uint64_t *value)
{
	const struct module *m = l->module;
	unsigned strings = module_section(m, m->symbols).link;
	char name[NAME_ROOM];

	module_name(m, strings, s->name, name);
	if (s->section == ELF_ABSOLUTE) {
		*value = s->value;
		return true;
	}
	if (s->section == ELF_COMMON)
		return bad(l, p, "its symbol has no place (compile with -fno-common)", name);
	if (s->section != ELF_UNDEFINED)
		return bad(l, p, "its symbol is in a section that is not loaded", name);
	return find_export(l, module_string(m, strings, s->name), value)
		|| bad(l, p, "the application has no symbol for modules of that name", name);
}

/* Of a relocation's symbol, which is there; a section's has none. */
static const char *symbol_name(const struct load *l, const struct place *p,
			       char *to)
{
	const struct module *m = l->module;
	struct elf_section table = module_section(m, m->symbols);
	struct elf_symbol s = elf_symbol(m->isa, m->file + table.offset
		+ (size_t)p->r.symbol * elf_class[m->isa].symbol);

	if (s.type == ELF_SYMBOL_SECTION && s.section < m->sections)
		return section_name(m, s.section, to);
	return module_name(m, table.link, s.name, to);
}

static bool symbol_value(const struct load *l, const struct place *p,
			 uint64_t *value)
{
	const struct module *m = l->module;
	struct elf_section table = module_section(m, m->symbols);
	unsigned bytes = elf_class[m->isa].symbol;
	struct elf_symbol s;

	*value = 0;
	if (p->r.symbol >= table.size / bytes)
		return bad(l, p, "there is no symbol of its number", "");
	if (!p->r.symbol)
		return true;
	s = elf_symbol(m->isa, m->file + table.offset
		       + (size_t)p->r.symbol * bytes);
	if (s.type == ELF_SYMBOL_TLS || s.type == ELF_SYMBOL_IFUNC)
		return bad(l, p, "its symbol is of a kind that is not linked here", "");
	if (s.section >= m->sections || !m->section[s.section].loaded)
		return other_value(l, p, &s, value);
	if (s.value > m->section[s.section].size)
		return bad(l, p, "its symbol is not inside its section", "");
	*value = section_addr(l, s.section) + s.value;
	return true;
}

static bool fits(const struct relocation_kind *k, uint64_t v)
{
	switch (k->fits) {
	case FITS_SIGNED:
		return fits_s32(v);
	case FITS_UNSIGNED:
		return v <= 0xffffffffu;
	case FITS_ANY:
		break;
	}
	return true;
}

/* What is to be stored, and where: a pure function of the file and the addresses. */
static bool compute(const struct load *l, struct place *p,
		    const struct relocation_kind **kind, uint64_t *value)
{
	const struct module *m = l->module;
	unsigned target = module_section(m, p->section).info;
	struct elf_section t = module_section(m, target);
	const struct relocation_kind *k = relocation_kind(m->isa, p->r.type);
	uint64_t addend = p->r.addend;
	char name[NAME_ROOM];

	p->addr = section_addr(l, target) + p->r.offset;
	if (!k) {
		text_format(name, sizeof(name), "%u", (unsigned)p->r.type);
		return bad(l, p, "its type is none that a module may have", name);
	}
	*kind = k;
	if (!k->width)
		return true;
	if (t.type == ELF_SECTION_NOBITS || p->r.offset > t.size
	    || k->width > t.size - p->r.offset)
		return bad(l, p, "it is not inside its section", "");
	if (m->isa == ISA_IA32)
		addend = get_le32(m->file + t.offset + p->r.offset);
	if (!symbol_value(l, p, value))
		return false;
	*value += addend - (k->relative ? p->addr : 0);
	return fits(k, *value)
		|| bad(l, p, "its symbol is out of reach", symbol_name(l, p, name));
}

static void put(const struct load *l, unsigned target, uint64_t offset,
		unsigned width, uint64_t value)
{
	const struct module_section *s = &l->module->section[target];
	uint8_t *to = l->mem->part[s->part].bytes + s->at + offset;

	put_le(to, width, value);
}

/* All relocations: computed, and stored if @store. */
static bool relocate(const struct load *l, bool store)
{
	const struct module *m = l->module;

	for (unsigned i = 1; i < m->sections; i++) {
		size_t n = has_relocations(m, i) ? relocation_count(m, i) : 0;

		for (size_t k = 0; k < n; k++) {
			struct place p = { i, k, relocation(m, i, k), 0 };
			const struct relocation_kind *kind = NULL;
			uint64_t value = 0;

			if (!compute(l, &p, &kind, &value))
				return false;
			if (store && kind->width)
				put(l, module_section(m, i).info, p.r.offset,
				    kind->width, value);
		}
	}
	return true;
}

/* What is no section's in a text may be executed: it is INT3s. */
static void copy_sections(const struct load *l)
{
	const struct module *m = l->module;

	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		if (m->bytes[p])
			memset(l->mem->part[p].bytes, p == MODULE_text ? 0xcc : 0,
			       m->bytes[p]);
	for (unsigned i = 0; i < m->sections; i++) {
		const struct module_section *to = &m->section[i];
		struct elf_section s = module_section(m, i);

		if (to->loaded && to->size && s.type != ELF_SECTION_NOBITS)
			memcpy(l->mem->part[to->part].bytes + to->at,
			       m->file + s.offset, to->size);
	}
}

static const uint8_t *section_bytes(const struct load *l, unsigned i)
{
	const struct module_section *s = &l->module->section[i];

	return l->mem->part[s->part].bytes + s->at;
}

static struct module_sections sections_of(const struct load *l)
{
	const struct module *m = l->module;
	struct module_sections s = {
		.para = { (const struct site *)section_bytes(l, m->para),
			  section_addr(l, m->para), m->records },
		.info = { section_bytes(l, m->info), m->section[m->info].size },
	};

	if (m->alt)
		s.alt = (struct alt_section){
			(const struct alternative_record *)section_bytes(l, m->alt),
			section_addr(l, m->alt), m->alternatives,
			section_bytes(l, m->replacement),
			section_addr(l, m->replacement),
			m->section[m->replacement].size,
		};
	return s;
}

bool module_load(const struct module *m, const struct module_memory *mem,
		 const struct module_exports *x, struct module_sections *s,
		 struct module_error *e)
{
	const struct load l = { m, mem, x, e };

	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		if (mem->part[p].addr % MODULE_PAGE)
			return refuse(e, "the memory for a module is not aligned to pages");
	if (!relocate(&l, false))
		return false;
	copy_sections(&l);
	relocate(&l, true);
	*s = sections_of(&l);
	return true;
}
