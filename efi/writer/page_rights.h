/* SPDX-License-Identifier: GPL-2.0-only */
/* Other rights for runs of pages, by whatever can give them. */
#ifndef PAGE_RIGHTS_H
#define PAGE_RIGHTS_H

#include "page_runs.h"

/* Is all code to be read-only for the run, whatever it was?  Once, at the start. */
void page_rights_ask_readonly(bool asked);

/* By the firmware: from one set of attributes to another.  Never writable and executable
 * at once, unless one of the two is.  False: it refuses. */
bool page_rights_change(struct page_part p, uint64_t from, uint64_t to);

/* Gives a run attributes to keep.  False: it has those it had. */
bool page_rights_keep(struct page_run *r, uint64_t attributes);

/* The same, by what code is to have: to be read-only, and executed. */
bool page_rights_keep_code(struct page_run *r);

/* Gives the runs from @first on what they came with.  False: some could not; they stay
 * on the list, and are not to be given back to the firmware. */
bool page_rights_put_back(unsigned first);

#endif
