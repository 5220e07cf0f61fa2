/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pecheck EFI SITES_BYTES: finish and prove the image that objcopy wrote.
 *
 * Sets NX_COMPAT and DYNAMIC_BASE (objcopy has no switch for them) and a zero
 * time stamp; then fails unless .parainstructions is in the image with just the
 * size it had before objcopy, no section is both writable and executable, none
 * but .data and .bss is writable, all begin on a page, and there are base
 * relocations.
 *
 * Source: Microsoft, "PE Format", "Optional Header Windows-Specific Fields",
 * "Section Table".
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PE_OFFSET = 0x3c, COFF_LEN = 24, SECTION_LEN = 40,
	STAMP = 8, SECTIONS = 6, OPTIONAL_LEN = 20,	/* from "PE\0\0" */
	DLL_CHARACTERISTICS = 70,			/* in the optional header */
	DIRECTORY_32 = 96, DIRECTORY_64 = 112, RELOC_DIRECTORY = 5,
	DYNAMIC_BASE = 0x40, NX_COMPAT = 0x100,
};
#define SECTION_EXECUTE	0x20000000u
#define SECTION_WRITE	0x80000000u

static const char *file;

static void die(const char *what)
{
	fprintf(stderr, "pecheck: %s: %s\n", file, what);
	exit(1);
}

static uint32_t get(const uint8_t *p, unsigned bytes)
{
	uint32_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

static void set_flags(uint8_t *pe)
{
	uint8_t *dll = pe + COFF_LEN + DLL_CHARACTERISTICS;
	uint32_t flags = get(dll, 2) | DYNAMIC_BASE | NX_COMPAT;

	dll[0] = (uint8_t)flags;
	dll[1] = (uint8_t)(flags >> 8);
	memset(pe + STAMP, 0, 4);
}

static void check_section(const uint8_t *s, long sites, int *seen)
{
	uint32_t flags = get(s + 36, 4);

	if ((flags & SECTION_EXECUTE) && (flags & SECTION_WRITE))
		die("a section is both writable and executable");
	if ((flags & SECTION_WRITE) && memcmp(s, ".data\0\0", 8)
	    && memcmp(s, ".bss\0\0\0", 8))
		die("a section other than .data and .bss is writable");
	if (get(s + 12, 4) & 0xfff)
		die("a section does not begin on a page");
	/* Its name in the image: names hold 8 bytes. */
	if (memcmp(s, ".parains", 8))
		return;
	*seen = 1;
	if ((long)get(s + 8, 4) != sites)
		die(".parainstructions has another size than before objcopy");
}

static void check(const uint8_t *pe, long sites)
{
	const uint8_t *optional = pe + COFF_LEN;
	const uint8_t *section = optional + get(pe + OPTIONAL_LEN, 2);
	unsigned directory = get(optional, 2) == 0x20b ? DIRECTORY_64
						       : DIRECTORY_32;
	int seen = 0;

	for (unsigned i = 0; i < get(pe + SECTIONS, 2); i++)
		check_section(section + i * SECTION_LEN, sites, &seen);
	if (!seen)
		die(".parainstructions is lost");
	if (!get(optional + directory + 8 * RELOC_DIRECTORY + 4, 4))
		die("there are no base relocations");
}

int main(int argc, char **argv)
{
	static uint8_t bytes[1 << 20];
	size_t len;
	uint32_t at;
	FILE *f;

	if (argc != 3) {
		fprintf(stderr, "usage: pecheck EFI SITES_BYTES\n");
		return 2;
	}
	file = argv[1];
	f = fopen(file, "r+b");
	if (!f || (len = fread(bytes, 1, sizeof(bytes), f)) < 512
	    || len == sizeof(bytes))
		die("cannot be read, or is not of a size that can be");
	at = get(bytes + PE_OFFSET, 4);
	if (at > len - 512 || memcmp(bytes + at, "PE\0\0", 4))
		die("is no PE image");
	check(bytes + at, atol(argv[2]));
	set_flags(bytes + at);
	rewind(f);
	if (fwrite(bytes, 1, len, f) != len || fclose(f))
		die("cannot be written");
	return 0;
}
