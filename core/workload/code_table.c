/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of what every convention made of every workload. */
#include "workload/code_table.h"
#include "workload/registry.h"

/* The Makefile writes code.def, CODE(convention, workload), from the two lists. */
#define CODE(conv, name)	CODE_DECLARE(conv, name)
#include "code.def"
#undef CODE

#define CODE(conv, name)						\
	[CONVENTION_##conv][WORKLOAD_##name] = CODE_ROW(conv, name),

const struct workload_code
workload_code[CONVENTION_COUNT][WORKLOAD_COUNT] = {
#include "code.def"
};

const struct workload_code *code_of(unsigned convention, unsigned id)
{
	return id < WORKLOAD_COUNT ? &workload_code[convention][id]
		: loaded_code(convention, id);
}
