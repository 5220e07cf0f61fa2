/* SPDX-License-Identifier: GPL-2.0-only */
/* The firmware that called, see firmware.h. */
#include "firmware.h"

struct firmware firmware;
