/* SPDX-License-Identifier: GPL-2.0-only */
/* Every workload by its number, see registry.h. */
#include "lib/mem.h"
#include "lib/sink.h"
#include "workload/registry.h"

static struct loaded {
	struct workload row;		/* its strings are the ones below */
	char name[REGISTRY_NAME_ROOM];
	char column[REGISTRY_COLUMN_ROOM], what[REGISTRY_WHAT_ROOM];
	const struct text *text;	/* NULL: it is gone */
	struct workload_code code[CONVENTION_COUNT];
} loaded_workloads[WORKLOAD_MAX - WORKLOAD_COUNT];
static unsigned loaded_count;

const struct workload *workload_of(unsigned id)
{
	return id < WORKLOAD_COUNT ? &workloads[id]
		: &loaded_workloads[id - WORKLOAD_COUNT].row;
}

unsigned workload_end(void)
{
	return WORKLOAD_COUNT + loaded_count;
}

const struct workload_code *loaded_code(unsigned convention, unsigned id)
{
	return &loaded_workloads[id - WORKLOAD_COUNT].code[convention];
}

const struct text *text_of(unsigned id, const struct text *own)
{
	return id < WORKLOAD_COUNT ? own
		: loaded_workloads[id - WORKLOAD_COUNT].text;
}

static void take_row(struct loaded *to, const char *owner, const struct workload *row)
{
	text_format(to->name, sizeof(to->name), "%s:%s", owner, row->name);
	text_format(to->column, sizeof(to->column), "%s", row->column);
	text_format(to->what, sizeof(to->what), "%s", row->what);
	to->row = *row;
	to->row.name = to->name;
	to->row.column = to->column;
	to->row.what = to->what;
}

/* Whose room a row takes: modules, mixes and paths take none from each other. */
enum owner { OWNER_MODULE, OWNER_MIX, OWNER_PATH };

static enum owner owner_of(enum workload_kind kind)
{
	if (kind_is_of_mix(kind))
		return OWNER_MIX;
	return kind == KIND_PATH ? OWNER_PATH : OWNER_MODULE;
}

static unsigned room_beside(enum workload_kind kind)
{
	static const unsigned room[] = {
		[OWNER_MODULE] = WORKLOADS_LOADED_MAX, [OWNER_MIX] = WORKLOADS_MIX_MAX,
		[OWNER_PATH] = WORKLOADS_PATH_MAX,
	};
	unsigned left = room[owner_of(kind)];

	for (unsigned i = 0; i < loaded_count; i++)
		left -= owner_of(loaded_workloads[i].row.kind) == owner_of(kind);
	return left;
}

bool loaded_add(const char *owner, const struct workload *row, unsigned count,
		const struct workload_code *code, const struct text *text)
{
	struct loaded *to = loaded_workloads + loaded_count;

	if (count && count > room_beside(row->kind))
		return false;
	for (unsigned i = 0; i < count; i++, to++) {
		take_row(to, owner, &row[i]);
		to->text = text;
		for (unsigned c = 0; c < CONVENTION_COUNT; c++)
			to->code[c] = code[c * count + i];
	}
	loaded_count += count;
	return true;
}

void loaded_gone(const struct text *text)
{
	for (unsigned i = 0; i < loaded_count; i++) {
		struct loaded *w = &loaded_workloads[i];

		if (w->text != text)
			continue;
		w->text = NULL;
		memset(w->code, 0, sizeof(w->code));
	}
}
