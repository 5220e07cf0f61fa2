/* SPDX-License-Identifier: GPL-2.0-only */
/* The three faces of patching at scale. */
#ifndef SCALE_REPORT_H
#define SCALE_REPORT_H

#include "lib/json.h"
#include "lib/sink.h"
#include "measure/scale.h"

/* A table for people; @hz: ticks a second, 0: not known. */
void scale_print(const struct scale *s, uint64_t hz, struct sink *to);

/* One line a row for machines: "scale sites=... way=... ". */
void scale_lines(const struct scale *s, struct sink *to);

/* Into an open JSON object. */
void scale_json(const struct scale *s, struct json *j);

#endif
