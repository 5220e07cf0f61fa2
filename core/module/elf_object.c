/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a relocatable ELF file, see elf_object.h. */
#include "lib/bytes.h"
#include "module/elf_object.h"

const struct elf_class elf_class[ISA_COUNT] = {
	[ISA_IA32] = { 1, 3, 52, 40, 16, 8, ELF_SECTION_REL },
	[ISA_X86_64] = { 2, 62, 64, 64, 24, 24, ELF_SECTION_RELA },
};

struct elf_header elf_header(enum isa isa, const uint8_t *at)
{
	bool x64 = isa == ISA_X86_64;
	const uint8_t *counts = at + (x64 ? 58 : 46);

	return (struct elf_header){
		.type = get_le16(at + 16),
		.sections_at = x64 ? get_le64(at + 40) : get_le32(at + 32),
		.section_bytes = get_le16(counts), .sections = get_le16(counts + 2),
		.names = get_le16(counts + 4),
	};
}

struct elf_section elf_section(enum isa isa, const uint8_t *at)
{
	struct elf_section s = { .name = get_le32(at), .type = get_le32(at + 4) };

	if (isa == ISA_IA32) {
		s.flags = get_le32(at + 8);
		s.offset = get_le32(at + 16);
		s.size = get_le32(at + 20);
		s.link = get_le32(at + 24);
		s.info = get_le32(at + 28);
		s.align = get_le32(at + 32);
		s.entry = get_le32(at + 36);
		return s;
	}
	s.flags = get_le64(at + 8);
	s.offset = get_le64(at + 24);
	s.size = get_le64(at + 32);
	s.link = get_le32(at + 40);
	s.info = get_le32(at + 44);
	s.align = get_le64(at + 48);
	s.entry = get_le64(at + 56);
	return s;
}

struct elf_symbol elf_symbol(enum isa isa, const uint8_t *at)
{
	bool x64 = isa == ISA_X86_64;

	return (struct elf_symbol){
		.name = get_le32(at), .type = at[x64 ? 4 : 12] & 15,
		.section = get_le16(at + (x64 ? 6 : 14)),
		.value = x64 ? get_le64(at + 8) : get_le32(at + 4),
	};
}

struct elf_relocation elf_relocation(enum isa isa, const uint8_t *at)
{
	if (isa == ISA_IA32)
		return (struct elf_relocation){
			.offset = get_le32(at), .symbol = get_le32(at + 4) >> 8,
			.type = at[4],
		};
	return (struct elf_relocation){
		.offset = get_le64(at), .type = get_le32(at + 8),
		.symbol = get_le32(at + 12), .addend = get_le64(at + 16),
	};
}
