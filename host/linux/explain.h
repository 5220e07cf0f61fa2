/* SPDX-License-Identifier: GPL-2.0-only */
/* What each mechanism makes of a place of its table. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "view.h"

/* What the table's mechanism made of it; REWRITE_NOT: nothing that it makes. */
enum rewrite explain(const struct view *v);

#endif
