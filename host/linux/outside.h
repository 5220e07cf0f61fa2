/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel comes in: a bzImage, a unified kernel image, a packed file and others, one
 * in the other; and what a file is that holds no kernel.
 *
 * Bytes in, bytes out; all of it is hostile.
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include "image.h"

/* What is inside, at last an ELF file. */
struct outside {
	const uint8_t *bytes;
	size_t len;
	uint8_t *unpacked;	/* the caller's to free(), if @bytes are in it */
	char how[OUTSIDE_MAX];	/* "bzImage, xz"; "": it is the ELF file itself */
};

/**
 * outside_open - go inside until an ELF file is there.
 * @max: most bytes that anything may unpack to.
 * @r:   on failure says what the file is.
 */
bool outside_open(struct outside *o, const uint8_t *bytes, size_t len, size_t max,
		  struct refusal *r);

/* What else a file is, and what can be done: "a qcow2 disk image: ..."; never NULL. */
const char *outside_name(const uint8_t *bytes, size_t len);

/**
 * bzimage_is - does a bzImage begin here?
 *
 * Source: Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
 */
bool bzimage_is(const uint8_t *bytes, size_t len);

/* The packed vmlinux in a bzImage. */
bool bzimage_payload(const uint8_t *bytes, size_t len, const uint8_t **payload,
		     size_t *payload_len, struct refusal *r);

/* A PE file: an EFI application, and so a unified kernel image.  Source: Microsoft, PE
 * Format. */
struct pe {
	const uint8_t *bytes;
	size_t len;
	unsigned machine;
	size_t sections, count;	/* where their headers are, and how many */
};

bool pe_open(struct pe *pe, const uint8_t *bytes, size_t len);

/* A section's bytes, of the first one of that name.  False: there is none, or @r says what
 * is wrong with it. */
bool pe_section(const struct pe *pe, const char *name, const uint8_t **at, size_t *len,
		struct refusal *r);
bool pe_has(const struct pe *pe, const char *name);

/* What packs it; NULL: nothing that is known by its first bytes. */
const char *packed_by(const uint8_t *bytes, size_t len);

/**
 * unpack - what packed_by() knows.
 * @what: for @r, "the payload".
 * @max:  most bytes that it may have.
 * @out:  the caller's to free().
 */
bool unpack(const uint8_t *bytes, size_t len, size_t max, const char *what,
	    uint8_t **out, size_t *out_len, struct refusal *r);

#endif
