/* SPDX-License-Identifier: GPL-2.0-only */
/* What modules the application vouches for, see module_digests.h. */
#include "module_digests.h"

/* The Makefile writes DIGEST(bytes...) for every module of both architectures. */
const struct sha256 covered_digests[] = {
#define DIGEST(...)	{ { __VA_ARGS__ } },
#include "digest.def"
#undef DIGEST
};
const size_t covered_count = sizeof(covered_digests) / sizeof(covered_digests[0]);
