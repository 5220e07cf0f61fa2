/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel comes in: a bzImage, a unified kernel image, a packed file and others, one
 * in the other; and what a file is that holds no kernel.
 *
 * Bytes in, bytes out; all of it is hostile.
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include <stddef.h>
#include <stdint.h>
#include "refusal.h"

/* Room for what an image comes in: "UKI, bzImage, zstd". */
#define OUTSIDE_MAX	96

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

#endif
