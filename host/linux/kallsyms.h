/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of names that a kernel carries for itself. */
#ifndef KALLSYMS_H
#define KALLSYMS_H

#include "symbol_table.h"

/**
 * kallsyms_find - the kernel's own table.
 * @s:     filled if it is whole; s->by_addr is then the caller's to free().
 * @bytes: where it may be (.rodata), @len of them, which are at @addr.
 * @word:  bytes of an address.
 */
bool kallsyms_find(struct symbols *s, const uint8_t *bytes, size_t len, uint64_t addr,
		   unsigned word);

#endif
