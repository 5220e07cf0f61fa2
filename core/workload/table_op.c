/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of the table's ops, see table.h. */
#include "arch.h"
#include "lib/string.h"
#include "workload/table.h"

const struct hazard_info hazards[HAZARD_COUNT] = {
#define HAZARD(name, few, waits, what) { #name, few, waits },
#include "list/hazard.def"
#undef HAZARD
};

const char *const where_names[WHERE_COUNT] = {
#define WHERE(name, what) #name,
#include "list/where.def"
#undef WHERE
};

/* How table.c makes its source; NULL: not by a shape. */
static const char *const shapes[TABLE_ROWS] = {
#define TABLE(name, column, shape, ...)	[TABLE_ROW_##name] = #shape,
#define INSTRUCTION(...)
#define TABLE_TOO(...)
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
};

/* Of an instruction: no op. */
#define FEATURE_none	FEATURE_COUNT
#define ROW(name, op, hazard, need, where, state)			\
	{ WORKLOAD_##name, op, HAZARD_##hazard, FEATURE_##need, WHERE_##where, state },
#define TABLE(name, column, shape, ring, after, hazard, need, where, what, state) \
	ROW(name, OP_##name, hazard, need, where, state)
#define INSTRUCTION(name, column, ring, after, hazard, need, where, what, state) \
	ROW(name, OP_COUNT, hazard, need, where, state)
#define TABLE_TOO(name, hazard, need, where, state)			\
	ROW(name, OP_##name, hazard, need, where, state)

const struct table_op table_ops[TABLE_ROWS] = {
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
};

/* Is this the architecture where a word is half of an entry? */
#define CALLED_32_timed	false
#define CALLED_32_trap	true
#define CALLED_32	ARCH_X64(CALLED_32)

static bool ends_in(const char *text, const char *end)
{
	size_t n = string_length(text), m = string_length(end);

	return n >= m && string_equal(text + n - m, end);
}

bool op_calls_native(const struct table_op *op)
{
	const char *shape = shapes[op - table_ops];

	return shape && (ends_in(shape, "_called") || ends_in(shape, "_tss")
			 || (CALLED_32 && ends_in(shape, "_called_32")));
}

bool workload_is_tables(const struct workload *wl)
{
	return wl->kind == KIND_TABLE || wl->kind == KIND_INSTRUCTION;
}

/* Of each workload of the list: 1 + its row; 0: it has none. */
static const uint8_t row_behind[WORKLOAD_COUNT] = {
#define TABLE(name, ...)	[WORKLOAD_##name] = 1 + TABLE_ROW_##name,
#define INSTRUCTION(name, ...)	[WORKLOAD_##name] = 1 + TABLE_ROW_##name,
#define TABLE_TOO(name, ...)	[WORKLOAD_##name] = 1 + TABLE_ROW_##name,
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
};
_Static_assert(TABLE_ROWS < UINT8_MAX, "1 + a row is a byte");

const struct table_op *table_op_of(const struct workload *wl)
{
	uintptr_t at = (uintptr_t)wl - (uintptr_t)workloads;

	if (at >= sizeof(workloads) || !row_behind[at / sizeof(*workloads)])
		return NULL;
	return &table_ops[row_behind[at / sizeof(*workloads)] - 1];
}

bool workload_waits(const struct workload *wl)
{
	const struct table_op *op = table_op_of(wl);

	return op && hazards[op->hazard].waits;
}
