/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report says of the table's ops, from its raw ticks: which left the guest, by what
 * figures on record. */
#ifndef EXITS_TOOL_H
#define EXITS_TOOL_H

#include "checked.h"
#include "report.h"

/**
 * check_ops - "ops", "exits" and "record", if the report has them.
 *
 * A figure that is on record and not stated is none that differs: the list grows.
 *
 * Each figure stated is one of include/list/op_reference.def or anchor.def, for the CPU
 * that the report is of.  Each op's cycles and its word are computed again, from raw ticks
 * and the figures that are stated; then the numbers of each word.
 */
void check_ops(const struct report *r, struct checked *sum);

/* A line for each of them: its cycles, the figure stated, whether it exits; nothing where
 * the report has no ops. */
void print_ops(const struct report *r);

#endif
