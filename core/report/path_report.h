/* SPDX-License-Identifier: GPL-2.0-only */
/* What a table says of kernel paths. */
#ifndef PATH_REPORT_H
#define PATH_REPORT_H

#include "lib/json.h"
#include "lib/sink.h"
#include "run/run.h"

/* Of what its numbers are, and what one unit of each path does; nothing without any. */
void path_notes(const struct run *r, struct sink *s);

/* Member "paths" of the report, where there are any; and the bytes that it takes. */
void paths_json(const struct run *r, struct json *j);
#define PATHS_ROOM	((size_t)PATH_COUNT * 512 + 64)

#endif
