/* SPDX-License-Identifier: GPL-2.0-only */
#include "paravirt.h"

const struct backend hyperv_backend = { .name = "hyperv" };
