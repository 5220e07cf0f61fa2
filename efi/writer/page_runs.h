/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages that hold code, as runs of alike ones: what rights they came with, and which they
 * have while they are not stored to.
 *
 * Rights are attributes of the firmware's (attributes.h), whoever knows them.
 */
#ifndef PAGE_RUNS_H
#define PAGE_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_RUNS	32

/* Pages of one kind that follow each other. */
struct page_run {
	uint8_t *at;
	size_t len;
	uint64_t before, kept;		/* attributes; those outside of a store */
	const void *of;			/* the first page of them all */
	bool stored_to;
};

/* The application's own text, then code elsewhere. */
struct page_runs {
	struct page_run run[PAGE_RUNS];
	unsigned count;
	bool by_attributes;		/* the firmware has the say, not the tables */
};
extern struct page_runs page_runs;

/* Bytes of the whole pages that so many are on. */
size_t page_whole(size_t len);

/**
 * page_runs_note - put [at, at + len) on the list, by what the firmware or the tables
 * say of each page.
 * @of: the first page of what they belong to.
 * @stored_to: are they stored to at all?
 *
 * Return: NULL, or why they are not all on it.
 */
const char *page_runs_note(uint8_t *at, size_t len, const void *of, bool stored_to);

/* Whole pages of one run. */
struct page_part {
	uint64_t at, len;
};

/* All of them. */
struct page_part page_run_all(const struct page_run *r);

/* Those that [at, at + len) is on; none if the run is not to be stored to. */
struct page_part page_run_part(const struct page_run *r, const uint8_t *at, size_t len);

#endif
