/* SPDX-License-Identifier: GPL-2.0-only */
/* A table of names, whoever made it: see symbols.h. */
#ifndef SYMBOL_TABLE_H
#define SYMBOL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbol {
	uint64_t addr;
	uint64_t name;		/* where it is: in the strings, or in the packed names */
};

struct symbols {
	const char *source;	/* "symbol table", "kallsyms"; NULL: there are none */
	struct symbol *by_addr;
	size_t count;
	/* kallsyms: the packed names, and what a byte of them stands for. */
	const uint8_t *names, *tokens, *token_index, *tokens_end;
	size_t names_len;
	/* Symbol table. */
	const char *strings;
	size_t strings_len;
};

#endif
