/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is read of a relocatable ELF file, the same for both classes.
 *
 * These read what module_read() has seen to be there; they check nothing.
 *
 * Source: System V ABI, "Object Files".
 */
#ifndef ELF_OBJECT_H
#define ELF_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "site/sited_op.h"

enum {
	ELF_SECTION_PROGBITS = 1, ELF_SECTION_SYMTAB = 2, ELF_SECTION_STRTAB = 3,
	ELF_SECTION_RELA = 4, ELF_SECTION_NOTE = 7, ELF_SECTION_NOBITS = 8,
	ELF_SECTION_REL = 9,

	ELF_FLAG_WRITE = 1, ELF_FLAG_ALLOC = 2, ELF_FLAG_EXEC = 4,
	ELF_FLAG_TLS = 0x400, ELF_FLAG_COMPRESSED = 0x800,

	/* Indices of sections that are none. */
	ELF_UNDEFINED = 0, ELF_RESERVED = 0xff00, ELF_ABSOLUTE = 0xfff1,
	ELF_COMMON = 0xfff2,

	ELF_SYMBOL_SECTION = 3, ELF_SYMBOL_TLS = 6, ELF_SYMBOL_IFUNC = 10,
};

/* Sizes that differ between the classes. */
struct elf_class {
	unsigned number, machine;	/* e_ident[EI_CLASS], e_machine */
	unsigned header, section, symbol, relocation;
	unsigned relocations;		/* type of their sections */
};
extern const struct elf_class elf_class[ISA_COUNT];

struct elf_header {
	unsigned type;			/* 1: relocatable */
	uint64_t sections_at;
	unsigned section_bytes, sections, names;
};

struct elf_section {
	uint32_t name, type, link, info;
	uint64_t flags, offset, size, align, entry;
};

struct elf_symbol {
	uint32_t name;
	unsigned type, section;
	uint64_t value;
};

/* @addend: 0 where it is in the section's own bytes. */
struct elf_relocation {
	uint64_t offset, addend;
	uint32_t symbol, type;
};

struct elf_header elf_header(enum isa isa, const uint8_t *at);
struct elf_section elf_section(enum isa isa, const uint8_t *at);
struct elf_symbol elf_symbol(enum isa isa, const uint8_t *at);
struct elf_relocation elf_relocation(enum isa isa, const uint8_t *at);

#endif
