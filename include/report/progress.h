/* SPDX-License-Identifier: GPL-2.0-only */
/* How far a run is, in words. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "measure/platform.h"

/* So long at most, so that a bar of 40 and it are a line: what is shorter has blanks
 * behind it, to draw over what was there.  It does for 9999 cells and a day. */
#define PROGRESS_ROOM	33

/**
 * progress_text - what a budget's run has come to.
 * @to: PROGRESS_ROOM bytes or more.
 *
 * Return: @to: " 61/80 decided, 33 s left", before the first look the time alone;
 * empty where there is no budget.
 */
const char *progress_text(const struct run_progress *p, char *to, size_t room);

#endif
