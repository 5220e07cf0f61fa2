/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-256 of bytes in memory.
 *
 * Ours, because no Debian package has one as a header alone, and nothing is linked
 * into the image from outside.
 *
 * Source: FIPS 180-4, "SHA-224 and SHA-256".
 */
#ifndef SHA256_H
#define SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sha256 {
	uint8_t bytes[32];
};

struct sha256 sha256(const void *bytes, size_t len);

#define SHA256_TEXT_ROOM	65

/* In hexadecimal, as sha256sum prints it. */
void sha256_text(const struct sha256 *h, char to[SHA256_TEXT_ROOM]);

/* Is it one of a list? */
bool sha256_in(const struct sha256 *h, const struct sha256 *list, size_t count);

#endif
