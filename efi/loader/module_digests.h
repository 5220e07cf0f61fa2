/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What modules the application vouches for: those that were built with it.  Where Secure
 * Boot is on no other is loaded.
 */
#ifndef MODULE_DIGESTS_H
#define MODULE_DIGESTS_H

#include <stddef.h>
#include "lib/sha256.h"

/* SHA-256 of each file, of both architectures.  They are part of the image, so whoever
 * signs the application signs them. */
extern const struct sha256 covered_digests[];
extern const size_t covered_count;

#endif
