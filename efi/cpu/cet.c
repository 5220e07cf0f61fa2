/* SPDX-License-Identifier: GPL-2.0-only */
/* Control-flow enforcement as it was found, see cet.h. */
#include "cet.h"

uint32_t cet_before;
