/* SPDX-License-Identifier: GPL-2.0-only */
/* The page tables in force: other rights for some pages, as a loan. */
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include "machine/paging.h"

/* As the CPU has it now. */
struct paging pages_paging(void);

/**
 * pages_lend - give pages other rights until pages_take_back().
 * @want: enum paging_want.
 *
 * Where paging is off a map of our own is put in force, and where pages are to be
 * read-only CR0.WP is set, both as part of the loan.
 *
 * Pages that are given back to the firmware before then must have the rights again
 * that they came with: by another loan.
 *
 * Return: NULL, or why it cannot be; then nothing is changed.
 */
const char *pages_lend(void *at, size_t len, unsigned want);

/**
 * pages_take_back - all loans, the last first.
 *
 * Return: false if somebody has changed an entry of ours since; it stays, and so
 * does the memory of the tables.  That stays too where another CPU may still know of it.
 */
bool pages_take_back(void);

/* False: the last pages_take_back() has; what the pages are nobody knows. */
bool pages_are_known(void);

/* Read-only pages of a range that are dirty are clean then, see paging_clean(). */
void pages_clean(const void *at, size_t len);

#endif
