/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mkreloc ELF OUT: PE base relocations for an image linked with --emit-relocs.
 *
 * Every absolute address in the image becomes an entry of a .reloc section, so
 * that the firmware's PE loader moves the image and no code has to rewrite its
 * own text at start.  An absolute relocation that PE cannot express is an
 * error, and so is one in the record table: records are self-relative.  So is a
 * section that objcopy is not told to take along.
 *
 * Source: Microsoft, "PE Format", "The .reloc Section"; System V ABI, AMD64 and
 * Intel386 supplements, "Relocation Types".
 */
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REL_ABSOLUTE = 0, REL_HIGHLOW = 3, REL_DIR64 = 10 };

struct entry {
	uint32_t rva;
	uint16_t type;
};

static struct entry *entries;
static size_t count, room;

static void die(const char *what, const char *name)
{
	fprintf(stderr, "mkreloc: %s: %s\n", name, what);
	exit(1);
}

static void add(uint32_t rva, uint16_t type)
{
	if (count == room) {
		room = room ? 2 * room : 256;
		entries = realloc(entries, room * sizeof(*entries));
		if (!entries)
			die("out of memory", "entries");
	}
	entries[count++] = (struct entry){ rva, type };
}

static void add_x86_64(uint64_t at, uint32_t type, const char *section)
{
	switch (type) {
	case R_X86_64_64:
		add((uint32_t)at, REL_DIR64);
		break;
	case R_X86_64_NONE:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
	case R_X86_64_PC64:
		break;
	default:
		die("a relocation that a PE image cannot express", section);
	}
}

static void add_386(uint64_t at, uint32_t type, const char *section)
{
	switch (type) {
	case R_386_32:
		add((uint32_t)at, REL_HIGHLOW);
		break;
	case R_386_NONE:
	case R_386_PC32:
	case R_386_PLT32:
		break;
	default:
		die("a relocation that a PE image cannot express", section);
	}
}

/* What objcopy is told to take along, and ld's own empty table (the linker script
 * asserts that it is). */
static int is_kept(const char *name)
{
	static const char *const kept[] = {
		".text", ".rodata", ".altinstructions", ".parainstructions",
		".sbat", ".data", ".bss", ".reloc", ".got", NULL
	};

	for (const char *const *k = kept; *k; k++)
		if (!strcmp(name, *k))
			return 1;
	return 0;
}

static int is_records(const char *name)
{
	return !strcmp(name, ".parainstructions") || !strcmp(name, ".altinstructions");
}

/* The two ELF classes differ in the types only. */
#define WALK(bits, REL, ADD)						\
static void walk_##bits(const uint8_t *f)				\
{									\
	const Elf##bits##_Ehdr *e = (const void *)f;			\
	const Elf##bits##_Shdr *sh = (const void *)(f + e->e_shoff);	\
	const char *names = (const char *)f + sh[e->e_shstrndx].sh_offset; \
									\
	for (unsigned i = 0; i < e->e_shnum; i++) {			\
		const Elf##bits##_Shdr *to = &sh[sh[i].sh_info];	\
		const uint8_t *p = f + sh[i].sh_offset;			\
									\
		if ((sh[i].sh_flags & SHF_ALLOC) && sh[i].sh_size	\
		    && !is_kept(names + sh[i].sh_name))			\
			die("a section that would not be in the image",	\
			    names + sh[i].sh_name);			\
		if (sh[i].sh_type != (REL) || !(to->sh_flags & SHF_ALLOC)) \
			continue;					\
		for (uint64_t k = 0; k < sh[i].sh_size; k += sh[i].sh_entsize) { \
			const Elf##bits##_Rel *r = (const void *)(p + k); \
			size_t before = count;				\
									\
			ADD(r->r_offset, ELF##bits##_R_TYPE(r->r_info),	\
			    names + to->sh_name);			\
			if (count > before && is_records(names + to->sh_name)) \
				die("a record is not self-relative",	\
				    names + to->sh_name);		\
		}							\
	}								\
}
WALK(64, SHT_RELA, add_x86_64)
WALK(32, SHT_REL, add_386)

static uint8_t *read_all(const char *name)
{
	FILE *f = fopen(name, "rb");
	uint8_t *bytes;
	long len = 0;

	if (!f || fseek(f, 0, SEEK_END) || (len = ftell(f)) < (long)sizeof(Elf64_Ehdr))
		die("cannot be read, or is no ELF file", name);
	rewind(f);
	bytes = malloc((size_t)len);
	if (!bytes || fread(bytes, 1, (size_t)len, f) != (size_t)len)
		die("cannot be read", name);
	fclose(f);
	if (memcmp(bytes, ELFMAG, SELFMAG))
		die("is no ELF file", name);
	return bytes;
}

static int by_rva(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->rva > y->rva) - (x->rva < y->rva);
}

static void put(FILE *f, uint32_t v, unsigned bytes)
{
	for (; bytes; bytes--, v >>= 8)
		fputc((int)(v & 0xff), f);
}

/* One block a page: its address, its size, an entry of 2 bytes each; padded to
 * 4 with an entry that does nothing. */
static size_t put_block(FILE *f, size_t from)
{
	uint32_t page = entries[from].rva & ~0xfffu;
	size_t to = from, n;

	while (to < count && (entries[to].rva & ~0xfffu) == page)
		to++;
	n = to - from;
	put(f, page, 4);
	put(f, (uint32_t)(8 + 2 * (n + (n & 1))), 4);
	for (; from < to; from++)
		put(f, (uint32_t)entries[from].type << 12
		    | (entries[from].rva & 0xfff), 2);
	if (n & 1)
		put(f, REL_ABSOLUTE, 2);
	return to;
}

int main(int argc, char **argv)
{
	const uint8_t *f;
	FILE *out;

	if (argc != 3) {
		fprintf(stderr, "usage: mkreloc ELF OUT\n");
		return 2;
	}
	f = read_all(argv[1]);
	if (f[EI_CLASS] == ELFCLASS64)
		walk_64(f);
	else
		walk_32(f);
	if (!count)
		add(0, REL_ABSOLUTE);
	qsort(entries, count, sizeof(*entries), by_rva);
	out = fopen(argv[2], "wb");
	if (!out)
		die("cannot be written", argv[2]);
	for (size_t i = 0; i < count; )
		i = put_block(out, i);
	if (fclose(out))
		die("cannot be written", argv[2]);
	return 0;
}
