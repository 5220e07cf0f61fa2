/* SPDX-License-Identifier: GPL-2.0-only */
#include "paravirt.h"

const struct backend xen_smp_backend = { .name = "xen_smp" };
