/* SPDX-License-Identifier: GPL-2.0-only */
/* Images as linked, for tests: text, records and symbols out of the ELF file. */
#ifndef IMAGE_H
#define IMAGE_H

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "patch/text.h"

/* As linked, at address 0. */
struct image {
	const char *arch;
	enum isa isa;
	uint8_t *file;
	struct text_where where;
	uint8_t *fresh;			/* the text as linked */
};

#define ELF_READER(bits)						\
static inline const char *elf##bits##_name(const uint8_t *f, unsigned section,	\
				    uint32_t offset)			\
{									\
	const Elf##bits##_Ehdr *h = (const void *)f;			\
	const Elf##bits##_Shdr *s = (const void *)(f + h->e_shoff);	\
									\
	return (const char *)f + s[section].sh_offset + offset;		\
}									\
									\
static inline bool elf##bits##_section(const uint8_t *f, const char *name,	\
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
static inline uint64_t elf##bits##_symbol(const uint8_t *f, const char *name)	\
{									\
	const Elf##bits##_Ehdr *h = (const void *)f;			\
	const Elf##bits##_Shdr *s = (const void *)(f + h->e_shoff);	\
									\
	for (unsigned i = 0; i < h->e_shnum; i++) {			\
		const Elf##bits##_Sym *y = (const void *)(f + s[i].sh_offset); \
									\
		if (s[i].sh_type != SHT_SYMTAB)				\
			continue;					\
		for (size_t k = 0; k < s[i].sh_size / sizeof(*y); k++) { \
			const char *n = elf##bits##_name(f, s[i].sh_link, \
							 y[k].st_name);	\
									\
			if (*n == *name && !strcmp(n, name))		\
				return y[k].st_value;			\
		}							\
	}								\
	return 0;							\
}
ELF_READER(32)
ELF_READER(64)

/* Of a symbol: 0: there is none. */
#define ELF(im, what, ...)						\
	((im)->isa == ISA_IA32 ? elf32_##what(__VA_ARGS__) : elf64_##what(__VA_ARGS__))

static inline uint8_t *map_file(const char *path)
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

static inline bool image_load(struct image *im)
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
	w->callee = ELF(im, symbol, im->file, "paravirt_callee");
	w->stub[STUB_retpoline] = ELF(im, symbol, im->file, "stub_retpoline");
	w->stub[STUB_lfence] = ELF(im, symbol, im->file, "stub_lfence");
	w->stub[STUB_trampoline] = ELF(im, symbol, im->file, "stub_trampoline");
	w->endbr = ENDBR_LEN;
	w->islands = ELF(im, symbol, im->file, "own_islands");
	w->island_bytes = w->bytes + (w->islands - w->addr);
	w->ops = OP_COUNT;
	im->fresh = malloc(w->len);
	memcpy(im->fresh, w->bytes, w->len);
	return w->table && w->callee && w->islands
		&& w->sites_addr == ELF(im, symbol, im->file, "__start_parainstructions");
}

#endif
