/* SPDX-License-Identifier: GPL-2.0-only */
/* The room "torture": sites are patched while other CPUs run them. */
#ifndef TORTURE_RUN_H
#define TORTURE_RUN_H

#include "config/config.h"
#include "machine/environment.h"
#include "patch/nop.h"
#include "run/torture.h"

/**
 * torture_run - do what the configuration asks for; fills @to.
 * @env: who runs this.
 * @nops: for padding.
 * @seed: of modes, paddings and spans.
 *
 * IF must be on, the guard open, the native backend in force: it is afterwards.  The
 * loops' sites are a text of their own, as it was built before and afterwards.  What
 * serialising costs is measured in any case.
 */
void torture_run(const struct config *c, const struct environment *env,
		 const struct nop_table *nops, uint64_t seed, struct torture *to);

#endif
