/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of looking at what reports state. */
#ifndef CHECKED_H
#define CHECKED_H

#include "differences.h"

struct checked {
	unsigned numbers, wrong;
	struct differences differences;	/* of one report */
};

#endif
