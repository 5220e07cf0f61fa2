/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of the modules that were asked for, see report.h. */
#include "lib/json.h"
#include "backend/backends.h"
#include "report/report.h"
#include "lib/sink.h"

static const char *result_of(const struct run_module *m)
{
	if (!m->workloads)
		return "refused";
	return m->unloaded ? "unloaded" : "not-unloaded";
}

/* By backend and mode: sums to the number of its sites. */
static void applied_line(const struct run_module *m, enum backend_id b,
			 enum mode_id mode, struct sink *s)
{
	const struct text_counts *c = &m->applied[b][mode];

	sink_printf(s, "module-applied name=%s backend=%s mode=%s sites=%u",
		    m->name, backends[b]->name, modes[mode].name, c->sites);
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		sink_printf(s, " %s=%u", patched_names[i], c->outcome[i]);
	sink_printf(s, "\n");
}

void modules_lines(const struct run *r, struct sink *s)
{
	for (unsigned i = 0; i < r->modules; i++) {
		const struct run_module *m = &r->module[i];

		sink_printf(s, "module name=%s result=%s workloads=%u sites=%u "
			    "alternatives=%u replaced=%u bytes=%u built_with=%s sha256=%s",
			    m->name, result_of(m), m->workloads, m->sites,
			    m->alternatives, m->replaced,
			    (unsigned)m->bytes, m->covered ? "yes" : "no",
			    m->digest[0] ? m->digest : "-");
		if (m->why[0])
			sink_printf(s, " why=\"%s\"", m->why);
		sink_printf(s, "\n");
		for (unsigned k = 0; k < BACKEND_COUNT * MODE_COUNT; k++)
			if (m->was_applied[k / MODE_COUNT][k % MODE_COUNT])
				applied_line(m, k / MODE_COUNT, k % MODE_COUNT, s);
	}
}

static void applied_json(const struct run_module *m, struct json *j)
{
	json_open(j, "applied", "[");
	for (unsigned k = 0; k < BACKEND_COUNT * MODE_COUNT; k++) {
		const struct text_counts *c =
			&m->applied[k / MODE_COUNT][k % MODE_COUNT];

		if (!m->was_applied[k / MODE_COUNT][k % MODE_COUNT])
			continue;
		json_open(j, NULL, "{");
		json_text(j, "backend", backends[k / MODE_COUNT]->name);
		json_text(j, "mode", modes[k % MODE_COUNT].name);
		json_number(j, "sites", c->sites);
		for (unsigned i = 0; i < PATCHED_COUNT; i++)
			json_number(j, patched_names[i], c->outcome[i]);
		json_close(j, "}");
	}
	json_close(j, "]");
}

void modules_json(const struct run *r, struct json *j)
{
	json_open(j, "modules", "[");
	for (unsigned i = 0; i < r->modules; i++) {
		const struct run_module *m = &r->module[i];

		json_open(j, NULL, "{");
		json_text(j, "name", m->name);
		json_text(j, "result", result_of(m));
		json_number(j, "workloads", m->workloads);
		json_number(j, "sites", m->sites);
		json_number(j, "alternatives", m->alternatives);
		json_number(j, "replaced", m->replaced);
		json_number(j, "bytes", m->bytes);
		json_bool(j, "built_with", m->covered);
		json_text(j, "sha256", m->digest);
		json_text(j, "why", m->why);
		applied_json(m, j);
		json_close(j, "}");
	}
	json_close(j, "]");
}

size_t modules_room(const struct run *r)
{
	return 64 + r->modules * (1024 + BACKEND_COUNT * MODE_COUNT * (size_t)512);
}
