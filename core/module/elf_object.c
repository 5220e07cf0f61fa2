/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a relocatable ELF file, see elf_object.h. */
#include "module/elf_object.h"

const struct elf_class elf_class[ISA_COUNT] = {
	[ISA_IA32] = { 1, 3, 52, 40, 16, 8, ELF_SECTION_REL },
	[ISA_X86_64] = { 2, 62, 64, 64, 24, 24, ELF_SECTION_RELA },
};

uint16_t elf_16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

uint32_t elf_32(const uint8_t *at)
{
	return elf_16(at) | (uint32_t)elf_16(at + 2) << 16;
}

uint64_t elf_64(const uint8_t *at)
{
	return elf_32(at) | (uint64_t)elf_32(at + 4) << 32;
}

struct elf_header elf_header(enum isa isa, const uint8_t *at)
{
	bool x64 = isa == ISA_X86_64;
	const uint8_t *counts = at + (x64 ? 58 : 46);

	return (struct elf_header){
		.type = elf_16(at + 16),
		.sections_at = x64 ? elf_64(at + 40) : elf_32(at + 32),
		.section_bytes = elf_16(counts), .sections = elf_16(counts + 2),
		.names = elf_16(counts + 4),
	};
}

struct elf_section elf_section(enum isa isa, const uint8_t *at)
{
	struct elf_section s = { .name = elf_32(at), .type = elf_32(at + 4) };

	if (isa == ISA_IA32) {
		s.flags = elf_32(at + 8);
		s.offset = elf_32(at + 16);
		s.size = elf_32(at + 20);
		s.link = elf_32(at + 24);
		s.info = elf_32(at + 28);
		s.align = elf_32(at + 32);
		s.entry = elf_32(at + 36);
		return s;
	}
	s.flags = elf_64(at + 8);
	s.offset = elf_64(at + 24);
	s.size = elf_64(at + 32);
	s.link = elf_32(at + 40);
	s.info = elf_32(at + 44);
	s.align = elf_64(at + 48);
	s.entry = elf_64(at + 56);
	return s;
}

struct elf_symbol elf_symbol(enum isa isa, const uint8_t *at)
{
	bool x64 = isa == ISA_X86_64;

	return (struct elf_symbol){
		.name = elf_32(at), .type = at[x64 ? 4 : 12] & 15,
		.section = elf_16(at + (x64 ? 6 : 14)),
		.value = x64 ? elf_64(at + 8) : elf_32(at + 4),
	};
}

struct elf_relocation elf_relocation(enum isa isa, const uint8_t *at)
{
	if (isa == ISA_IA32)
		return (struct elf_relocation){
			.offset = elf_32(at), .symbol = elf_32(at + 4) >> 8,
			.type = at[4],
		};
	return (struct elf_relocation){
		.offset = elf_64(at), .type = elf_32(at + 8),
		.symbol = elf_32(at + 12), .addend = elf_64(at + 16),
	};
}
