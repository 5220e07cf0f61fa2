/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A Linux kernel image in memory: a vmlinux, or the vmlinux inside a bzImage.
 *
 * What was read is hostile until it is checked: every section's bytes lie inside
 * the file, and no two sections that are loaded share an address or a byte.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "patch.h"

/* Most bytes that a payload may unpack to: Debian's have 62 million. */
#define IMAGE_MAX	((size_t)512 << 20)

struct section {
	const char *name;
	uint64_t addr, len;
	uint8_t *bytes;		/* NULL: it has none in the file (.bss) */
	bool alloc, exec, write;	/* is loaded; holds instructions; may be written to */
};

struct image {
	enum isa isa;
	const char *payload;	/* how the bzImage's was packed; NULL: an ELF file */
	uint8_t *bytes;		/* of the ELF file, owned */
	size_t len;
	struct section *sections;
	size_t count;
	const char *banner;	/* "Linux version ..." of the image, or "" */
	void *elf;		/* libelf's; section names are its strings */
};

/* Why something was refused: one line without file name and line end. */
struct refusal {
	char why[256];
};

/* Writes @r; returns false, for "return refuse(...)". */
__attribute__((format(printf, 2, 3)))
bool refuse(struct refusal *r, const char *format, ...);

/**
 * image_open - read an image from memory.
 * @im:    filled on success only; image_close() gives it back.
 * @bytes: a vmlinux or a bzImage; not kept.
 * @len:   its length.
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

/* Bytes of an address, and a number of so many bytes. */
unsigned image_word(const struct image *im);
uint64_t get_le(const uint8_t *p, unsigned bytes);

/**
 * bzimage_is - does a bzImage begin here?
 *
 * Source: Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
 */
bool bzimage_is(const uint8_t *bytes, size_t len);

/**
 * bzimage_unpack - the vmlinux in a bzImage.
 * @out, @out_len: the caller's to free().
 * @how: what it was packed with.
 */
bool bzimage_unpack(const uint8_t *bytes, size_t len, size_t max, uint8_t **out,
		    size_t *out_len, const char **how, struct refusal *r);

#endif
