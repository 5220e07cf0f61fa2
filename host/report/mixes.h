/* SPDX-License-Identifier: GPL-2.0-only */
/* Replays of mixes, as a report states them: is count x cost the sum of its ops' cells? */
#ifndef MIXES_H
#define MIXES_H

#include "checked.h"
#include "report.h"

/* Nothing where a report has no mixes. */
void check_mixes(const struct report *r, struct checked *sum);

#endif
