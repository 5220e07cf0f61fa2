/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of a kernel's functions: the ELF file's symbol table, or the table that a kernel
 * has for itself (kallsyms), which is in stripped images too.
 *
 * Both are hostile until checked, and nothing depends on there being one: what is not
 * whole is as if it were not there.
 */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include "image.h"
#include "symbol_table.h"

/* Most bytes of a name, with its end; longer ones are cut. */
#define SYMBOL_MAX	128

/* Never refuses: an image may have none.  symbols_close() gives it back. */
void symbols_open(struct symbols *s, const struct image *im);
void symbols_close(struct symbols *s);

/* The first symbol at @addr, and how many there are; NULL: none. */
const struct symbol *symbols_at(const struct symbols *s, uint64_t addr, size_t *count);

/* Its name, printable; "" if it has none that is. */
const char *symbol_name(const struct symbols *s, const struct symbol *of,
			char name[SYMBOL_MAX]);

#endif
