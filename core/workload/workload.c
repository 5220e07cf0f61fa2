/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of workloads and conventions, from their lists. */
#include "workload/workload.h"

const struct workload workloads[WORKLOAD_COUNT] = {
#define KIND_op		KIND_OP
#define KIND_anchor	KIND_ANCHOR
#define KIND_chain	KIND_CHAIN
#define KIND_plain	KIND_PLAIN
#define KIND_empty	KIND_EMPTY
#define KIND_table	KIND_TABLE
#define KIND_instruction KIND_INSTRUCTION
#define WORKLOAD(name, column, kind, ring, before, seen, after, what) \
	{ #name, column, KIND_##kind, ring, before, seen, after, what },
#include "list/workload.def"
#undef WORKLOAD
};

const struct convention conventions[CONVENTION_COUNT] = {
#define CONVENTION(name, sites, what) { #name, what, sites },
#include "list/convention.def"
#undef CONVENTION
};
