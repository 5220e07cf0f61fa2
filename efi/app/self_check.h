/* SPDX-License-Identifier: GPL-2.0-only */
/* Before anything is timed: do the tools do what they are for? */
#ifndef SELF_CHECK_H
#define SELF_CHECK_H

#include "machine/environment.h"
#include "run/findings.h"

/**
 * self_check - try a quiet window, the guard, and every op once.
 * @found: what failed is put there, and what became of the ops.
 *
 * Lines say it too.  The guard is open afterwards, until app_end().
 */
void self_check(const struct environment *env, struct findings *found);

#endif
