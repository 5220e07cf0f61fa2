/* SPDX-License-Identifier: GPL-2.0-only */
/* What a table says of kernel paths. */
#ifndef PATH_REPORT_H
#define PATH_REPORT_H

#include "lib/sink.h"
#include "run/run.h"

/* Of what its numbers are, and what one unit of each path does; nothing without any. */
void path_notes(const struct run *r, struct sink *s);

#endif
