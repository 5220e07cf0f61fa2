/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A Linux kernel image in memory: a vmlinux, or the vmlinux inside what it comes in.
 *
 * What was read is hostile until it is checked: every section's bytes lie inside
 * the file, and no two sections that are loaded share an address or a byte.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "outside.h"
#include "site/sited_op.h"

/* Most bytes that something may unpack to, and that the loaded sections of a vmlinux may
 * take: Debian's payloads have 62 million, one with all debugging information 800. */
#define IMAGE_MAX	((size_t)1 << 30)

struct section {
	const char *name;
	uint64_t addr, len;
	uint8_t *bytes;		/* NULL: it has none in the file (.bss), or is behind all
				 * that is loaded (debugging information) */
	uint64_t offset;	/* in the file, if it has bytes there */
	bool alloc, exec, write;	/* is loaded; holds instructions; may be written to */
	bool in_file;
};

struct image {
	enum isa isa;
	char outside[OUTSIDE_MAX];	/* what it came in; "": the ELF file itself */
	uint8_t *bytes;		/* of the ELF file up to the end of what is loaded, owned,
				 * to be patched */
	size_t len;
	const uint8_t *file;	/* all of it, as it was */
	size_t file_len;
	uint8_t *unpacked;	/* where that is, if it is not the caller's */
	struct section *sections;
	size_t count;
	const char *banner;	/* "Linux version ..." of the image, or "" */
	void *elf;		/* libelf's; section names are its strings */
};

/**
 * image_open - read an image from memory.
 * @im:    filled on success only; image_close() gives it back.
 * @bytes: a vmlinux, or what outside.h knows; must stay until image_close(), and is not
 *         written to.
 * @len:   its length; only headers and loaded sections of a vmlinux are read.
 * @max:   most bytes that a payload may unpack to, IMAGE_MAX.
 * @r:     filled on failure.
 */
bool image_open(struct image *im, const uint8_t *bytes, size_t len, size_t max,
		struct refusal *r);
void image_close(struct image *im);

/* The section of that name, or NULL; the loaded one that holds @len bytes at @addr
 * in the file, or NULL; those bytes, or NULL. */
struct section *image_section(const struct image *im, const char *name);
struct section *image_at(const struct image *im, uint64_t addr, uint64_t len);
uint8_t *image_bytes(const struct image *im, uint64_t addr, uint64_t len);

/* The memory that holds all sections of a kernel booted without KASLR: where it is, by
 * the segment of the first instructions. */
struct memory {
	uint64_t addr, physical, len;
};
bool image_memory(const struct image *im, struct memory *m);

/* Bytes of an address. */
unsigned image_word(const struct image *im);

#endif
