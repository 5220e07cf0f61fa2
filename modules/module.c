/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every module says of itself.  Compiled once a module, with
 *
 *	MODULE_NAME	its name, a string;
 *	MODULE_DEF	its list of workloads, as include/list/workload.def;
 *	MODULE_CODE	CODE(convention, workload), which the Makefile writes.
 */
#include "workload/code_table.h"
#include "module/module_info.h"

enum module_workload {
#define WORKLOAD(name, column, kind, ring, before, seen, after, what)	\
	MODULE_WORKLOAD_##name,
#include MODULE_DEF
#undef WORKLOAD
	MODULE_WORKLOAD_COUNT
};

static const struct workload rows[MODULE_WORKLOAD_COUNT] = {
#define KIND_op		KIND_OP
#define WORKLOAD(name, column, kind, ring, before, seen, after, what)	\
	{ #name, column, KIND_##kind, ring, before, seen, after, what },
#include MODULE_DEF
#undef WORKLOAD
};

#define CODE(conv, name)	CODE_DECLARE(conv, name)
#include MODULE_CODE
#undef CODE

#define CODE(conv, name)						\
	[CONVENTION_##conv * MODULE_WORKLOAD_COUNT			\
	 + MODULE_WORKLOAD_##name] = CODE_ROW(conv, name),

static const struct workload_code
code[CONVENTION_COUNT * MODULE_WORKLOAD_COUNT] = {
#include MODULE_CODE
};

extern const struct module_info module_info;

__attribute__((section(".module_info"), used))
const struct module_info module_info = {
	.version = MODULE_VERSION, .ops = OP_COUNT,
	.conventions = CONVENTION_COUNT, .count = MODULE_WORKLOAD_COUNT,
	.name = MODULE_NAME, .workload = rows, .code = code,
};
