/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel's ops table points to, and the first instructions there. */
#ifndef KERNEL_CODE_H
#define KERNEL_CODE_H

#include "records.h"

/* Where op @op's slot points to, in the image or in another memory. */
uint64_t kernel_pointer(const struct kernel *k, unsigned op);

/* Where its instructions begin, behind an ENDBR; is the instruction at @addr a return,
 * or a jump to the return thunk? */
uint64_t function_entry(const struct kernel *k, uint64_t addr);
bool returns(const struct kernel *k, uint64_t addr);

/* Does the function at @addr return at once?  Does it return its argument? */
bool returns_at_once(const struct kernel *k, uint64_t addr);
bool returns_argument(const struct kernel *k, uint64_t addr);

#endif
