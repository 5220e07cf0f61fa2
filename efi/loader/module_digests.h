/* SPDX-License-Identifier: GPL-2.0-only */
/* What modules the application vouches for. */
#ifndef MODULE_DIGESTS_H
#define MODULE_DIGESTS_H

#include <stddef.h>
#include "lib/sha256.h"

/* Digests of those that were built with it. */
extern const struct sha256 covered_digests[];
extern const size_t covered_count;

#endif
