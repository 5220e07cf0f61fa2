/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables by which a kernel rewrites its instructions. */
#ifndef TABLES_H
#define TABLES_H

#include "records.h"
#include "spots.h"

/* All tables of an image, but the accounting code's: that follows from memory. */
void spots_list(const struct kernel *k, struct spots *s);

#endif
