/* SPDX-License-Identifier: GPL-2.0-only */
/* Branches, NOPs and marks in the instructions of an image. */
#ifndef BRANCH_H
#define BRANCH_H

#include "image.h"

/* What an offset of 4 bytes at @p leads to, from @from. */
uint64_t offset_from(const struct image *im, uint64_t from, const uint8_t *p);

/* Instructions, in a section that nothing else is in; NULL. */
const uint8_t *instructions(const struct image *im, uint64_t addr, uint64_t len);

/* Where JMP or CALL rel32 at @addr leads. */
uint64_t branch_target(const struct image *im, uint64_t addr, const uint8_t *p);

/* Is there the mark of a static call's trampoline behind the branch at @addr? */
bool is_trampoline(const struct image *im, uint64_t addr);

/* NOPs of 2 and 5 bytes, one instruction, that kernels put where instructions may be
 * running. */
bool is_atomic_nop(const uint8_t *p, unsigned len);

/* RET, and INT3s for the rest of a JMP; NOPs only. */
bool is_ret(const uint8_t *p);
bool all_nops(const struct image *im, const uint8_t *p, unsigned len);

#endif
