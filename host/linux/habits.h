/* SPDX-License-Identifier: GPL-2.0-only */
/* What only the kernel that ran knew, by what nearly all places of a kind have. */
#ifndef HABITS_H
#define HABITS_H

#include "view.h"

void habits_learn(const struct kernel *k, const struct dump *d,
		  const struct spots *s, struct habits *h);

#endif
