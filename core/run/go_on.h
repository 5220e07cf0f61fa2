/* SPDX-License-Identifier: GPL-2.0-only */
/* Rounds: what is open after the first pass is timed on. */
#ifndef GO_ON_H
#define GO_ON_H

#include "pace.h"

/**
 * go_on_with_open - look at every group, and time on those that are open.
 * @p: after their first pass.
 *
 * A round is some groups, those that choose_group() has first, each up to its next look;
 * their blocks are timed in turns, so that those of a group lie apart in time.  It ends
 * when no group is open, those that are have all blocks that there is room for, or no
 * look is to be had in the time that is left.
 *
 * Return: false if the run must end.
 */
bool go_on_with_open(struct pace *p);

#endif
