/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells that are not timed: for what they did, or, where the reference itself cannot be
 * run here, left out.
 */
#ifndef REFUSE_H
#define REFUSE_H

#include "check/workload_check.h"
#include "run/run.h"

/* Which cells go with a reference: of all groups of its op, or of its own alone. */
enum refuse_reach { REFUSE_ALL, REFUSE_GROUP };

/**
 * refuse - what a cell's check came to; where it is not good result.why is filled.
 * @f: of CHECK_FAULT the exception.
 *
 * An exception of the reference says that the op is not to be had here, and so does a
 * machine that does not lend it what it needs: all cells of its op's groups are left out
 * then, but for those that were refused for what they did.  The native one is the reference
 * of the op in all backends; an op that is planned without has one in each backend, its mode
 * indirect: see group_reference().  REFUSE_GROUP: where other groups of the op were checked
 * before and are good as they are.
 */
void refuse(struct run *r, struct result *res, enum check_end end, const struct fault *f,
	    enum refuse_reach reach);

#endif
