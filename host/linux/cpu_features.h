/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a kernel keeps the features of its CPU. */
#ifndef CPU_FEATURES_H
#define CPU_FEATURES_H

#include "applied.h"
#include "dump.h"

/* What says where a kernel keeps its features: the sites of static_cpu_has() jump to
 * a test of the very byte.  False: nothing does, or they disagree. */
bool features_find(const struct kernel *k, struct features *f);

/* The features that the booted kernel has, at f->address. */
bool features_read(const struct dump *d, struct features *f);

#endif
