/* SPDX-License-Identifier: GPL-2.0-only */
/* The records of .altinstructions. */
#ifndef ALTERNATIVES_H
#define ALTERNATIVES_H

#include "records.h"

/* A step of kernel_read(): which layout they have, and each of them. */
bool alternatives_read(struct kernel *k, const struct forced *f, struct refusal *r);

#endif
