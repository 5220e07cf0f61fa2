/* SPDX-License-Identifier: GPL-2.0-only */
/* What is packed, unpacked. */
#ifndef UNPACK_H
#define UNPACK_H

#include <stddef.h>
#include <stdint.h>
#include "refusal.h"

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
