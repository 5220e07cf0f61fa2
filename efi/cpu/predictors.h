/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPU's branch predictors. */
#ifndef PREDICTORS_H
#define PREDICTORS_H

#include "machine/feature.h"

/* What makes a CPU of these features forget its branch predictions, or NULL where
 * nothing does; for struct platform. */
void (*predictors_flush_of(struct features f))(void *ctx);

#endif
