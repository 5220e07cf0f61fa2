/* SPDX-License-Identifier: GPL-2.0-only */
#include "paravirt.h"

const struct backend kvm_backend = { .name = "kvm" };
