/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of functions by their address, see symbols.h. */
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include "kallsyms.h"
#include "lib/bytes.h"
#include "symbols.h"

static int by_addr(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->addr != y->addr ? (x->addr < y->addr ? -1 : 1)
		: x->name < y->name ? -1 : x->name > y->name;
}

static Elf_Scn *symtab(const struct image *im, GElf_Shdr *sh)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(im->elf, scn)))
		if (gelf_getshdr(scn, sh) && sh->sh_type == SHT_SYMTAB)
			return scn;
	return NULL;
}

/* Functions, and what the assembler gave no type. */
static void take_table(struct symbols *s, Elf_Data *of)
{
	GElf_Sym sym;

	for (size_t i = 0; gelf_getsym(of, (int)i, &sym); i++) {
		unsigned type = GELF_ST_TYPE(sym.st_info);

		if ((type == STT_FUNC || type == STT_NOTYPE || type == STT_OBJECT)
		    && sym.st_shndx != SHN_UNDEF && sym.st_name < s->strings_len)
			s->by_addr[s->count++] = (struct symbol){ sym.st_value, sym.st_name };
	}
}

static bool read_table(struct symbols *s, const struct image *im)
{
	GElf_Shdr sh;
	Elf_Scn *scn = symtab(im, &sh), *strings;
	Elf_Data *of = scn ? elf_getdata(scn, NULL) : NULL, *text;
	size_t size = gelf_fsize(im->elf, ELF_T_SYM, 1, EV_CURRENT);

	strings = of ? elf_getscn(im->elf, sh.sh_link) : NULL;
	text = strings ? elf_getdata(strings, NULL) : NULL;
	if (!text || !text->d_buf || !text->d_size || !of->d_buf || !size)
		return false;
	/* By what gelf_getsym() reads: sh_entsize is the file's word, which may be any. */
	*s = (struct symbols){ .source = "symbol table", .strings = text->d_buf,
			       .strings_len = text->d_size,
			       .by_addr = calloc(of->d_size / size + 1,
						 sizeof(*s->by_addr)) };
	if (s->by_addr)
		take_table(s, of);
	if (s->count)
		qsort(s->by_addr, s->count, sizeof(*s->by_addr), by_addr);
	else
		symbols_close(s);
	return s->count;
}

void symbols_open(struct symbols *s, const struct image *im)
{
	const struct section *rodata = image_section(im, ".rodata");

	*s = (struct symbols){ 0 };
	if (!read_table(s, im) && rodata && rodata->bytes)
		kallsyms_find(s, rodata->bytes, rodata->len, rodata->addr, image_word(im));
}

void symbols_close(struct symbols *s)
{
	free(s->by_addr);
	*s = (struct symbols){ 0 };
}

const struct symbol *symbols_at(const struct symbols *s, uint64_t addr, size_t *count)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (s->by_addr[mid].addr < addr)
			low = mid + 1;
		else
			high = mid;
	}
	for (*count = 0; low + *count < s->count && s->by_addr[low + *count].addr == addr;)
		++*count;
	return *count ? &s->by_addr[low] : NULL;
}

/* A letter for the type, then the name; each byte of it is a token. */
static void unpack(const struct symbols *s, size_t at, char name[SYMBOL_MAX])
{
	size_t head = 1, n = s->names[at], out = 0;
	bool type = true;

	if (n & 0x80 && at + 1 < s->names_len) {
		n = (n & 0x7f) | (size_t)s->names[at + 1] << 7;
		head = 2;
	}
	for (at += head; n && at < s->names_len; n--, at++) {
		const uint8_t *t = s->tokens + get_le(s->token_index + 2 * s->names[at], 2);

		for (; t < s->tokens_end && *t && out + 1 < SYMBOL_MAX; t++) {
			if (!type)
				name[out++] = (char)*t;
			type = false;
		}
	}
	name[out] = 0;
}

const char *symbol_name(const struct symbols *s, const struct symbol *of,
			char name[SYMBOL_MAX])
{
	if (s->strings) {
		size_t left = s->strings_len - of->name;
		size_t n = strnlen(s->strings + of->name, left < SYMBOL_MAX - 1
				   ? left : SYMBOL_MAX - 1);

		memcpy(name, s->strings + of->name, n);
		name[n] = 0;
	} else {
		unpack(s, of->name, name);
	}
	for (char *p = name; *p; p++)
		if (*p < '!' || *p > '~')
			name[0] = 0;
	return name;
}
