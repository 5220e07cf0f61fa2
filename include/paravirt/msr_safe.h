/* SPDX-License-Identifier: GPL-2.0-only */
/* The native ops that may fault, by where they may. */
#ifndef MSR_SAFE_H
#define MSR_SAFE_H

/* What the two say of an MSR that faults: Linux's -EIO. */
#define NATIVE_MSR_ERROR	(-5)

#ifndef __ASSEMBLER__

#include <stdint.h>

/* Where one may fault and where it goes on, each relative to where that is written.
 * native_lands() looks there; the table is for entries that have no C. */
struct native_fixup {
	int32_t at, landing;
};

extern const struct native_fixup native_fixups[], native_fixups_end[];

#endif
#endif
