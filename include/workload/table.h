/* SPDX-License-Identifier: GPL-2.0-only */
/* What table.def says of the table's ops as workloads. */
#ifndef TABLE_H
#define TABLE_H

#include "machine/feature.h"
#include "paravirt/ops.h"
#include "workload/workload.h"

enum hazard {
#define HAZARD(name, few, waits, what) HAZARD_##name,
#include "list/hazard.def"
#undef HAZARD
	HAZARD_COUNT
};

/* @few: a body has 1 and 2 copies; @waits: time passes in it. */
struct hazard_info {
	const char *name;
	bool few, waits;
};
extern const struct hazard_info hazards[HAZARD_COUNT];

enum where {
#define WHERE(name, what) WHERE_##name,
#include "list/where.def"
#undef WHERE
	WHERE_COUNT
};
extern const char *const where_names[WHERE_COUNT];

/**
 * struct table_op - of one workload.
 * @op:    enum op; OP_COUNT: an instruction that the table has no op for.
 * @need:  what the CPU must have; FEATURE_COUNT: nothing.
 * @state: the state of the machine in which it is timed, as a phrase.
 */
struct table_op {
	enum workload_id workload;
	unsigned op;
	enum hazard hazard;
	unsigned need;
	enum where where;
	const char *state;
};

/* In the order of table.def. */
enum table_row {
#define TABLE(name, ...)	TABLE_ROW_##name,
#define INSTRUCTION(name, ...)	TABLE_ROW_##name,
#define TABLE_TOO(name, ...)	TABLE_ROW_##name,
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
	TABLE_ROWS
};
extern const struct table_op table_ops[TABLE_ROWS];

/* Is it one by a line of table.def alone, and planned as these are? */
bool workload_is_tables(const struct workload *wl);

/* Does time pass in it, until something outside of it comes? */
bool workload_waits(const struct workload *wl);

/* Is native a call of the function, by a register, and not its instructions inline? */
bool op_calls_native(const struct table_op *op);

/* Of a row of workloads[]; NULL: it is not one op by itself, or it is a module's. */
const struct table_op *table_op_of(const struct workload *wl);

#endif
