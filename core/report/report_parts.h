/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the report file that are its own; others are in include/report/. */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include "report/report.h"

/* Members: how it was measured, and what came of it besides cells. */
void report_run_json(struct json *j, const struct run *r,
		     const struct environment *env, const struct findings *found);

/* "fields": unit and direction of each. */
void report_fields_json(struct json *j);

/* "benchmarks": one a cell, with its raw counts.  @r: NULL: there are none yet. */
void report_cells_json(struct json *j, const struct run *r,
		       const struct environment *env);

#endif
