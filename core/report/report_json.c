/* SPDX-License-Identifier: GPL-2.0-only */
/* The report file, from its parts, see report.h. */
#include "report/environment_report.h"
#include "backend/backends.h"
#include "report/fit.h"
#include "report/mix_report.h"
#include "report/torture_report.h"
#include "op_report.h"
#include "path_report.h"
#include "regime_report.h"
#include "report_parts.h"
#include "seed_rows.h"

/* As a file that is read back to the same, and where each value is from. */
static void put_config(struct json *j, const struct config *c)
{
	struct json_string_sink text = json_text_open(j, "config");
	char from[CONFIG_FROM_ROOM];

	config_print(c, &text.sink);
	json_text_close(&text);
	json_open(j, "config_from", "{");
	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		json_text(j, config_key_name(k), config_origin_text(from, c->from[k]));
	json_close(j, "}");
}

void report_json(const struct run *r, const struct config *c,
		 const struct environment *env, const struct findings *found,
		 struct sink *s)
{
	struct json j = { s, true };

	sink_put(s, "{", 1);
	json_text(&j, "schema", REPORT_SCHEMA);
	json_text(&j, "status", report_status_names[report_status(r, found)]);
	if (r && r->failed)
		json_text(&j, "error", r->failed);
	json_open(&j, "context", "{");
	environment_json(&j, env);
	findings_json(&j, found);
	json_close(&j, "}");
	put_config(&j, c);
	if (r)
		report_run_json(&j, r, env, found);
	report_fields_json(&j);
	report_cells_json(&j, r, env);
	sink_put(s, "\n}\n", 3);
}

/* What the configuration takes: its line ends and origins are escaped, see put_config(). */
#define CONFIG_ROOM	(CONFIG_PRINTED_ROOM + CONFIG_KEYS * (6 + CONFIG_FROM_ROOM + 8) \
			 + CONFIG_BYTES_keys)

/* A batch is two numbers of at most ten digits and their commas; a block an address, the
 * brackets of its lists, and of the group's two numbers. */
static size_t blocks_room(const struct run *r)
{
	size_t batch = 22u * (r->machine->cycles ? 2 : 1), room = 0;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];
		uint32_t n = group_batches(r->config, g);

		room += g->blocks * (32 + BLOCK_WIDTH_ROOM(n) + g->count * (64 + n * batch));
	}
	return room;
}

size_t report_room(const struct run *r)
{
	return 65536 + CONFIG_ROOM + TORTURE_ROOM + 8192 + BACKEND_COUNT * MODE_COUNT * 512
		+ fit_room(r->text)
		+ modules_room(r) + ops_room(r) + mixes_room(r) + PATHS_ROOM + SEED_ROWS_ROOM
		+ (r->machine->cpu ? r->machine->cpus : 1) * (512 + REGIME_ROOM)
		+ r->plan.groups * 2048 + r->plan.cells * 4096
		+ blocks_room(r);
}
