/* SPDX-License-Identifier: GPL-2.0-only */
/* Page tables: where they are, and of what form; see paging.h. */
#ifndef PAGING_FORM_H
#define PAGING_FORM_H

#include <stdbool.h>
#include <stdint.h>

#define PAGING_PAGE	4096ull

/* Where the tables are and what their entries look like. */
struct paging {
	unsigned levels;		/* 2 to 5; 0: paging is off */
	unsigned entry_bytes;		/* 4 or 8 */
	uint64_t root;			/* of the top-level table */
	bool nx;			/* entries can forbid execution */
	bool large;			/* 2 levels: pages of 4 MiB are allowed */
};

#endif
