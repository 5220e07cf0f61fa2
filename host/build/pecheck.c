/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pecheck [--look] EFI SITES_BYTES: finish and prove the image that objcopy wrote.
 *
 * Sets NX_COMPAT and DYNAMIC_BASE (objcopy has no switch for them) and a zero
 * time stamp, unless it is told only to look; then fails unless both are there,
 * .parainstructions is in the image with just the size it had before objcopy, no
 * section is both writable and executable, none but .data and .bss is writable,
 * none but .text executable, sections are aligned to 4096 bytes and no two overlap,
 * .sbat is what shim can read, and there are base relocations.
 *
 * Source: Microsoft, "PE Format", "Optional Header Windows-Specific Fields",
 * "Section Table"; shim, SBAT.md, for what is in .sbat.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PE_OFFSET = 0x3c, COFF_LEN = 24, SECTION_LEN = 40,
	STAMP = 8, SECTIONS = 6, OPTIONAL_LEN = 20,	/* from "PE\0\0" */
	SECTION_ALIGNMENT = 32, DLL_CHARACTERISTICS = 70, /* in the optional header */
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

/* Sections that must be there. */
struct seen {
	int sites, rodata, sbat;
};

/* One line of .sbat: six fields, the second a number from 1. */
static int good_sbat_line(const uint8_t *p, const uint8_t *end)
{
	unsigned commas = 0, generation = 0;

	for (; p < end; p++) {
		if (*p < ' ' || *p > '~')
			return 0;
		commas += *p == ',';
		if (commas != 1 || *p == ',')
			continue;
		if (*p < '0' || *p > '9')
			return 0;
		generation = generation * 10 + (*p - '0');
	}
	return commas == 5 && generation > 0;
}

/* "sbat,1,..." comes first, then the application's own line. */
static void check_sbat(const uint8_t *p, size_t len)
{
	static const char *const first[] = { "sbat,1,", "parapatch," };
	unsigned lines = 0;

	while (len && p[len - 1] == 0)
		len--;			/* up to the file's alignment */
	for (const uint8_t *end = p + len, *nl; p < end; p = nl + 1, lines++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl || !good_sbat_line(p, nl))
			die("a line of .sbat is not six fields with a generation");
		if (lines < 2 && strncmp((const char *)p, first[lines],
					 strlen(first[lines])))
			die(".sbat does not begin with sbat,1 and parapatch");
	}
	if (lines < 2)
		die(".sbat does not begin with sbat,1 and parapatch");
}

static int is_named(const uint8_t *s, const char *name)
{
	return !strncmp((const char *)s, name, 8);
}

static void check_flags(const uint8_t *s)
{
	uint32_t flags = get(s + 36, 4);

	if ((flags & SECTION_EXECUTE) && (flags & SECTION_WRITE))
		die("a section is both writable and executable");
	if ((flags & SECTION_WRITE) && !is_named(s, ".data") && !is_named(s, ".bss"))
		die("a section other than .data and .bss is writable");
	if ((flags & SECTION_EXECUTE) && !is_named(s, ".text"))
		die("a section other than .text is executable");
	if (get(s + 12, 4) & 0xfff)
		die("a section does not begin on a page");
}

/* Do two sections have bytes in common: [at, at + bytes) of each, from their headers? */
static int have_common(const uint8_t *a, const uint8_t *b, unsigned at, unsigned bytes)
{
	uint64_t a_at = get(a + at, 4), b_at = get(b + at, 4);

	return a_at < b_at + get(b + bytes, 4) && b_at < a_at + get(a + bytes, 4);
}

/* In memory, where each has rights of its own, and in the file. */
static void check_apart(const uint8_t *section, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < i; k++)
			if (have_common(section + i * SECTION_LEN,
					section + k * SECTION_LEN, 12, 8)
			    || have_common(section + i * SECTION_LEN,
					   section + k * SECTION_LEN, 20, 16))
				die("two sections overlap");
}

/* @all: the file, @len bytes. */
static void check_section(const uint8_t *s, const uint8_t *all, size_t len,
			  long sites, struct seen *seen)
{
	uint32_t bytes = get(s + 8, 4), raw = get(s + 16, 4), at = get(s + 20, 4);

	check_flags(s);
	seen->rodata |= is_named(s, ".rodata");
	/* Its name in the image: names hold 8 bytes. */
	if (is_named(s, ".parains")) {
		seen->sites = 1;
		if ((long)bytes != sites)
			die(".parainstructions has another size than before objcopy");
	}
	if (is_named(s, ".sbat")) {
		seen->sbat = 1;
		if (at > len || raw > len - at)
			die(".sbat is not inside the file");
		check_sbat(all + at, raw < bytes ? raw : bytes);
	}
}

static void check(const uint8_t *all, size_t len, const uint8_t *pe, long sites)
{
	const uint8_t *optional = pe + COFF_LEN;
	const uint8_t *section = optional + get(pe + OPTIONAL_LEN, 2);
	unsigned directory = get(optional, 2) == 0x20b ? DIRECTORY_64
						       : DIRECTORY_32;
	uint32_t flags = get(optional + DLL_CHARACTERISTICS, 2);
	struct seen seen = { 0 };

	if (!(flags & NX_COMPAT) || !(flags & DYNAMIC_BASE))
		die("NX_COMPAT or DYNAMIC_BASE is not set");
	if (get(optional + SECTION_ALIGNMENT, 4) != 4096)
		die("sections are not aligned to 4096 bytes");
	for (unsigned i = 0; i < get(pe + SECTIONS, 2); i++)
		check_section(section + i * SECTION_LEN, all, len, sites, &seen);
	check_apart(section, get(pe + SECTIONS, 2));
	if (!seen.sites)
		die(".parainstructions is lost");
	if (!seen.rodata)
		die(".rodata is lost");
	if (!seen.sbat)
		die(".sbat is lost");
	if (!get(optional + directory + 8 * RELOC_DIRECTORY + 4, 4))
		die("there are no base relocations");
}

int main(int argc, char **argv)
{
	static uint8_t bytes[1 << 20];
	int look = argc > 1 && !strcmp(argv[1], "--look");
	size_t len = 0;
	uint32_t at;
	FILE *f;

	if (argc != 3 + look) {
		fprintf(stderr, "usage: pecheck [--look] EFI SITES_BYTES\n");
		return 2;
	}
	file = argv[1 + look];
	f = fopen(file, look ? "rb" : "r+b");
	if (!f || (len = fread(bytes, 1, sizeof(bytes), f)) < 512
	    || len == sizeof(bytes))
		die("cannot be read, or is not of a size that can be");
	at = get(bytes + PE_OFFSET, 4);
	if (at > len - 512 || memcmp(bytes + at, "PE\0\0", 4))
		die("is no PE image");
	if (!look)
		set_flags(bytes + at);
	check(bytes, len, bytes + at, atol(argv[2 + look]));
	if (look)
		return 0;
	rewind(f);
	if (fwrite(bytes, 1, len, f) != len || fclose(f))
		die("cannot be written");
	return 0;
}
