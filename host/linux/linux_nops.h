/* SPDX-License-Identifier: GPL-2.0-only */
/* The NOPs that Linux pads with. */
#ifndef LINUX_NOPS_H
#define LINUX_NOPS_H

#include "patch/nop.h"
#include "records.h"

/* NOPs of Linux.  Its own tables stop at 8 bytes until 6.2. */
const struct nop_table *linux_nops(const struct kernel *k, bool k8);

#endif
