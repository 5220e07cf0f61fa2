/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests without mixes: no convention has compiled a part of one. */
#ifndef NO_MIXES_H
#define NO_MIXES_H

#include "workload/mix_code.h"

const struct mix_code *const mix_code[CONVENTION_COUNT];

#endif
