/* SPDX-License-Identifier: GPL-2.0-only */
/* Workloads of modules, see registry.h. */
#include "lib/mem.h"
#include "workload/registry.h"
#include "lib/sink.h"

static void take_row(struct loaded_workload *to, const char *module,
		     const struct workload *row)
{
	text_format(to->name, sizeof(to->name), "%s:%s", module, row->name);
	text_format(to->column, sizeof(to->column), "%s", row->column);
	text_format(to->what, sizeof(to->what), "%s", row->what);
	to->row = *row;
	to->row.name = to->name;
	to->row.column = to->column;
	to->row.what = to->what;
}

bool loaded_add(const struct module_info *info, const struct text *text)
{
	struct loaded_workload *to = loaded_workloads + loaded_count;

	if (info->count > WORKLOAD_MAX - workload_end())
		return false;
	for (unsigned i = 0; i < info->count; i++, to++) {
		take_row(to, info->name, &info->workload[i]);
		to->text = text;
		for (unsigned c = 0; c < CONVENTION_COUNT; c++)
			to->code[c] = info->code[c * info->count + i];
	}
	loaded_count += info->count;
	return true;
}

void loaded_gone(const struct text *text)
{
	for (unsigned i = 0; i < loaded_count; i++) {
		struct loaded_workload *w = &loaded_workloads[i];

		if (w->text != text)
			continue;
		w->text = NULL;
		memset(w->code, 0, sizeof(w->code));
	}
}

void loaded_clear(void)
{
	memset(loaded_workloads, 0, sizeof(loaded_workloads));
	loaded_count = 0;
}

const struct workload_code *code_of(unsigned convention, unsigned id)
{
	return id < WORKLOAD_COUNT ? &workload_code[convention][id]
		: &loaded_workloads[id - WORKLOAD_COUNT].code[convention];
}

const struct text *text_of(unsigned id, const struct text *own)
{
	return id < WORKLOAD_COUNT ? own
		: loaded_workloads[id - WORKLOAD_COUNT].text;
}
