/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables of an address space in which ring 3 has two pages: code, and a stack behind it.
 *
 * It is the one in force, but for the tables that lead to those pages: those are copies, one of
 * each level.  All memory is where it was, and ring 0 may do with it what it might before, as
 * long as the tables in force are not changed; ring 3 has these two pages and no other, whatever
 * the tables in force allow it.  Whatever their number of levels: 2 to 5.
 *
 * Source: Intel SDM Vol. 3A, "Paging": "Determination of Access Rights", "PAE Paging".
 */
#ifndef USER_PAGES_H
#define USER_PAGES_H

#include "machine/paging.h"

#define USER_PAGES		2
/* Pages for tables: one for each level there may be; with PAE paging's top level, which has
 * no rights, three and the three others that it leads to. */
#define USER_PAGES_TABLES	6

/**
 * user_pages_map - make such tables.
 * @p:      those in force; levels is not 0.
 * @addr:   of the two pages, mapped one to one, the first a multiple of two pages.
 * @table:  USER_PAGES_TABLES pages, mapped one to one, the first's address a multiple of a
 *          page; below 4 GiB where there are less than 4 levels.
 * @root:   filled: what replaces the root's address in CR3.
 *
 * Ring 3 may execute and read the first page, and read and write the second; where NX is in
 * use it does not execute the second.  Ring 0 does not write the first.  Neither is global.
 * Nothing in force is changed.
 *
 * Return: NULL, or why there can be none, in words.
 */
const char *user_pages_map(const struct paging *p, uint64_t addr, void *table, uint64_t *root);

#endif
