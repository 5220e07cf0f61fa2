/* SPDX-License-Identifier: GPL-2.0-only */
/* One torture, as the sources of this room pass it on. */
#ifndef TORTURE_STATE_H
#define TORTURE_STATE_H

#include "config/config.h"
#include "lib/rng.h"
#include "machine/environment.h"
#include "paravirt/backend.h"
#include "run/torture.h"
#include "torture_text.h"

/* A backend, and the modes that sites are flipped between with it. */
struct flip_set {
	const struct backend *backend;
	bool counted;			/* its ops are */
	unsigned modes;
	uint8_t mode[MODE_COUNT + 1];
};

/**
 * struct torture_state - what is tried now, and with what.
 * @to:    what it comes to, for the report.
 * @way:   of it, the way of patching that is tried; NULL between two.
 * @set:   the backend and the modes that are tried.
 * @nops:  what a mode pads with, before paddings are chosen.
 * @text:  the loops' sites, what they are built of and what they are to hold.
 * @batch: the six steps' own memory, which handlers of INT3 read.
 * @times: of changes, for a median.
 * @failed: nothing more is tried; @to says what it was.
 */
struct torture_state {
	const struct config *config;
	const struct environment *env;
	struct torture *to;
	struct torture_way *way;
	const struct flip_set *set;
	const struct nop_table *nops;
	struct torture_text text;
	struct live_batch *batch;
	struct rng rng;
	struct torture_times times;
	bool failed;
};

/**
 * torture_fail - it has failed: @what, and @why, which may be NULL.
 *
 * The first failure is kept; what follows from it is of less use.  An exception comes
 * before whatever followed from it.
 */
void torture_fail(struct torture_state *s, const char *what, const char *why);

#endif
