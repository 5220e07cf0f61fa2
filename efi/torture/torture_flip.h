/* SPDX-License-Identifier: GPL-2.0-only */
/* Sites are put into another mode, in the way that is tried. */
#ifndef TORTURE_FLIP_H
#define TORTURE_FLIP_H

#include "torture_state.h"

/* What paddings are filled with: chosen once, before the first flip. */
void torture_flip_prepare(void);

/* Some sites into some mode, while the others run.  One that finds its sites as they are
 * to be is none, and stores nothing. */
void torture_flip(struct torture_state *s);

/* All sites into one mode, while the others stand between passes.  False: it failed. */
bool torture_put_all(struct torture_state *s, enum mode_id mode);

#endif
