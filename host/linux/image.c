/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel image in memory: its sections, by libelf; see image.h. */
#define _GNU_SOURCE		/* memmem */
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include "image.h"
#include "lib/bytes.h"

/* Debian's have 39; the checks below are quadratic. */
#define SECTIONS_MAX	1024

unsigned image_word(const struct image *im)
{
	return im->isa == ISA_X86_64 ? 8 : 4;
}

/* Where its bytes are, if they are in the file. */
static bool place(const struct image *im, const GElf_Shdr *sh, struct section *s,
		  struct refusal *r)
{
	if (sh->sh_type == SHT_NOBITS || sh->sh_type == SHT_NULL)
		return true;
	if (sh->sh_offset > im->file_len || sh->sh_size > im->file_len - sh->sh_offset)
		return refuse(r, "section %s is not inside the file: %#llx bytes at offset "
				 "%#llx of %#zx",
			      s->name, (unsigned long long)sh->sh_size,
			      (unsigned long long)sh->sh_offset, im->file_len);
	if (sh->sh_addr + sh->sh_size < sh->sh_addr)
		return refuse(r, "section %s ends behind the last address", s->name);
	s->offset = sh->sh_offset;
	s->in_file = true;
	return true;
}

static bool read_section(struct image *im, size_t i, size_t names,
			 struct refusal *r)
{
	struct section *s = &im->sections[i];
	GElf_Shdr sh;
	Elf_Scn *scn = elf_getscn(im->elf, i);

	if (!scn || !gelf_getshdr(scn, &sh))
		return refuse(r, "section header %zu cannot be read: %s", i,
			      elf_errmsg(-1));
	s->name = elf_strptr(im->elf, names, sh.sh_name);
	if (!s->name)
		return refuse(r, "section %zu has no name", i);
	for (const char *p = s->name; *p; p++)
		if (!is_printable(*p))
			return refuse(r, "section %zu has no name that can be printed", i);
	s->addr = sh.sh_addr;
	s->len = sh.sh_size;
	s->alloc = sh.sh_flags & SHF_ALLOC;
	s->exec = s->alloc && sh.sh_flags & SHF_EXECINSTR;
	s->write = sh.sh_flags & SHF_WRITE;
	return place(im, &sh, s, r);
}

static bool overlap(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a_len && b_len && a < b + b_len && b < a + a_len;
}

static bool overlap_in_file(const struct section *a, uint64_t at, uint64_t len)
{
	return overlap(a->offset, a->len, at, len);
}

/* Instructions are written to, so nothing else may be where they are: no other section,
 * loaded or not, and no header. */
static bool apart(const struct image *im, const struct section *a, struct refusal *r)
{
	GElf_Ehdr eh;

	if (!gelf_getehdr(im->elf, &eh)
	    || overlap_in_file(a, 0, eh.e_ehsize)
	    || overlap_in_file(a, eh.e_shoff, im->count * (uint64_t)eh.e_shentsize)
	    || overlap_in_file(a, eh.e_phoff,
			       eh.e_phnum * (uint64_t)eh.e_phentsize))
		return refuse(r, "section %s overlaps the file's headers", a->name);
	for (size_t i = 0; i < im->count; i++) {
		const struct section *b = &im->sections[i];

		if (a != b && b->in_file
		    && ((b->alloc && overlap(a->addr, a->len, b->addr, b->len))
			|| overlap_in_file(a, b->offset, b->len)))
			return refuse(r, "sections %s and %s overlap", a->name, b->name);
	}
	return true;
}

/* Source: Multiboot Specification 0.6.96, "The layout of Multiboot header". */
#define MULTIBOOT_MAGIC	0x1badb002
#define MULTIBOOT_END	8192

static bool is_multiboot(const struct image *im)
{
	size_t end = im->file_len < MULTIBOOT_END ? im->file_len : MULTIBOOT_END;

	for (size_t at = 0; at + 12 <= end; at += 4)
		if (get_le(im->file + at, 4) == MULTIBOOT_MAGIC
		    && !(uint32_t)(get_le(im->file + at, 4) + get_le(im->file + at + 4, 4)
				   + get_le(im->file + at + 8, 4)))
			return true;
	return false;
}

static bool read_sections(struct image *im, struct refusal *r)
{
	size_t names;

	if (elf_getshdrnum(im->elf, &im->count)
	    || elf_getshdrstrndx(im->elf, &names) || !im->count)
		return refuse(r, "not a kernel image: an ELF file without sections");
	if (im->count > SECTIONS_MAX)
		return refuse(r, "not a kernel image: %zu sections", im->count);
	im->sections = calloc(im->count, sizeof(*im->sections));
	if (!im->sections)
		return refuse(r, "no memory for %zu sections", im->count);
	for (size_t i = 0; i < im->count; i++)
		if (!read_section(im, i, names, r))
			return false;
	if (is_multiboot(im) && !image_section(im, ".altinstructions"))
		return refuse(r, "not a Linux kernel: it has a multiboot header and no "
				 "section .altinstructions, as Xen and boot loaders have");
	for (size_t i = 0; i < im->count; i++)
		if (im->sections[i].exec && im->sections[i].in_file
		    && !apart(im, &im->sections[i], r))
			return false;
	return true;
}

static bool check_header(struct image *im, struct refusal *r)
{
	GElf_Ehdr eh;

	if (elf_kind(im->elf) != ELF_K_ELF || !gelf_getehdr(im->elf, &eh))
		return refuse(r, "not a kernel image: a broken ELF header");
	if (eh.e_type == ET_REL || eh.e_type == ET_DYN || eh.e_type == ET_CORE)
		return refuse(r, "not a kernel image: an ELF file, %s",
			      eh.e_type == ET_REL ? "but a kernel module or an object file"
			      : eh.e_type == ET_DYN ? "but a shared library or a program"
			      : "but a core dump; the kernel is vmlinux of the same build");
	if (eh.e_ident[EI_DATA] != ELFDATA2LSB || eh.e_type != ET_EXEC
	    || !((eh.e_machine == EM_X86_64 && eh.e_ident[EI_CLASS] == ELFCLASS64)
		 || (eh.e_machine == EM_386 && eh.e_ident[EI_CLASS] == ELFCLASS32)))
		return refuse(r, "not a kernel image: an ELF%u file of type %u, machine %u, "
				 "and not an executable for i386 (ELF32, 2, 3) or x86-64 "
				 "(ELF64, 2, 62)",
			      eh.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32,
			      eh.e_type, eh.e_machine);
	im->isa = eh.e_machine == EM_X86_64 ? ISA_X86_64 : ISA_IA32;
	return true;
}

static void find_banner(struct image *im)
{
	static const char words[] = "Linux version ";
	const struct section *s = image_section(im, ".rodata");
	const uint8_t *at = s && s->bytes
		? memmem(s->bytes, s->len, words, sizeof(words) - 1) : NULL;

	const uint8_t *end = at ? s->bytes + s->len : NULL;
	const uint8_t *p = at;

	/* It says more, in lines; the first is enough. */
	while (p != end && *p && *p != '\n' && is_printable((char)*p))
		p++;
	im->banner = p != end && (!*p || *p == '\n') && memchr(p, 0, end - p)
		? (const char *)at : "";
}

/* The file up to the end of all that is loaded is copied, to be patched; what is behind
 * that, which may be ten times as much, is not looked at. */
static bool copy_loaded(struct image *im, size_t max, struct refusal *r)
{
	uint64_t end = 1;

	for (size_t i = 0; i < im->count; i++) {
		const struct section *s = &im->sections[i];

		if (s->alloc && s->in_file && s->offset + s->len > end)
			end = s->offset + s->len;
	}
	if (end > max)
		return refuse(r, "its loaded sections end at %llu bytes of the file, and at "
				 "most %zu are read",
			      (unsigned long long)end, max);
	im->len = end;
	im->bytes = malloc(end);
	if (!im->bytes)
		return refuse(r, "no memory for %zu bytes", im->len);
	memcpy(im->bytes, im->file, end);
	for (size_t i = 0; i < im->count; i++) {
		struct section *s = &im->sections[i];

		if (s->in_file && s->offset <= end && s->len <= end - s->offset)
			s->bytes = im->bytes + s->offset;
	}
	return true;
}

static bool read_elf(struct image *im, size_t max, struct refusal *r)
{
	if (im->file_len < EI_NIDENT)
		return refuse(r, "not a kernel image: %zu bytes", im->file_len);
	elf_version(EV_CURRENT);
	im->elf = elf_memory((char *)im->file, im->file_len);
	if (!im->elf)
		return refuse(r, "not a kernel image: %s", elf_errmsg(-1));
	if (!check_header(im, r) || !read_sections(im, r) || !copy_loaded(im, max, r))
		return false;
	find_banner(im);
	return true;
}

bool image_open(struct image *im, const uint8_t *bytes, size_t len, size_t max,
		struct refusal *r)
{
	struct outside o;

	*im = (struct image){ 0 };
	if (!outside_open(&o, bytes, len, max, r))
		return false;
	im->file = o.bytes;
	im->file_len = o.len;
	im->unpacked = o.unpacked;
	memcpy(im->outside, o.how, sizeof(im->outside));
	if (read_elf(im, max, r))
		return true;
	image_close(im);
	return false;
}

void image_close(struct image *im)
{
	if (im->elf)
		elf_end(im->elf);
	free(im->sections);
	free(im->bytes);
	free(im->unpacked);
	*im = (struct image){ 0 };
}

struct section *image_section(const struct image *im, const char *name)
{
	for (size_t i = 0; i < im->count; i++)
		if (!strcmp(im->sections[i].name, name))
			return &im->sections[i];
	return NULL;
}

struct section *image_at(const struct image *im, uint64_t addr, uint64_t len)
{
	for (size_t i = 0; i < im->count; i++) {
		struct section *s = &im->sections[i];

		/* Per-CPU data are linked at 0 and run elsewhere. */
		if (s->alloc && s->bytes && s->addr && addr >= s->addr
		    && len <= s->len && addr - s->addr <= s->len - len)
			return s;
	}
	return NULL;
}

uint8_t *image_bytes(const struct image *im, uint64_t addr, uint64_t len)
{
	const struct section *s = image_at(im, addr, len);

	return s ? s->bytes + (addr - s->addr) : NULL;
}

/* The sections' extent; those of per-CPU data are linked at 0. */
static void extent(const struct image *im, struct memory *m)
{
	uint64_t end = 0;

	m->addr = UINT64_MAX;
	for (size_t i = 0; i < im->count; i++) {
		const struct section *s = &im->sections[i];

		if (!s->alloc || !s->addr)
			continue;
		if (s->exec && s->bytes && s->addr < m->addr)
			m->addr = s->addr;
		if (s->addr + s->len > end)
			end = s->addr + s->len;
	}
	m->len = m->addr < end ? end - m->addr : 0;
}

bool image_memory(const struct image *im, struct memory *m)
{
	size_t count;
	GElf_Phdr ph;

	extent(im, m);
	if (elf_getphdrnum(im->elf, &count))
		return false;
	for (size_t i = 0; i < count && i < SECTIONS_MAX; i++) {
		if (!gelf_getphdr(im->elf, (int)i, &ph) || ph.p_type != PT_LOAD
		    || m->addr < ph.p_vaddr || m->addr - ph.p_vaddr >= ph.p_filesz)
			continue;
		m->physical = m->addr - ph.p_vaddr + ph.p_paddr;
		return m->len;
	}
	return false;
}
