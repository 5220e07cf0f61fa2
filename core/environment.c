/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a report was made, as text. */
#include "json.h"
#include "report.h"

/* What Google Benchmark's readers look for, as far as it is known here: one CPU
 * takes part; nothing is known of frequency scaling, and nothing is said. */
static void put_gbench_context(struct json *j, const struct environment *env)
{
	json_text(j, "date", env->date);
	json_text(j, "host_name", env->brand);
	json_text(j, "executable", "parapatch");
	json_number(j, "num_cpus", 1);
	json_number(j, "mhz_per_cpu", (env->tsc_hz + 500000) / 1000000);
	json_text(j, "library_build_type", "release");
}

static void put_cpu(struct json *j, const struct environment *env)
{
	json_open(j, "cpu", "{");
	json_text(j, "vendor", env->cpu.vendor);
	json_text(j, "name", env->brand);
	json_number(j, "family", env->cpu.family);
	json_number(j, "model", env->cpu.model);
	json_number(j, "stepping", env->cpu.stepping);
	json_text(j, "hypervisor", env->hypervisor);
	json_bool(j, "invariant_tsc", env->invariant_tsc);
	json_number(j, "tsc_hz", env->tsc_hz);
	json_text(j, "tsc_source", env->tsc_source);
	json_close(j, "}");
}

void environment_json(struct json *j, const struct environment *env)
{
	put_gbench_context(j, env);
	json_text(j, "parapatch_version", env->version);
	json_text(j, "arch", env->arch);
	json_text(j, "compiler", env->compiler);
	json_text(j, "flags", env->flags);
	json_text(j, "firmware", env->firmware);
	json_number(j, "text_address", env->text_addr);
	json_number(j, "text_bytes", env->text_len);
	put_cpu(j, env);
	json_open(j, "ops_check", "{");
	json_number(j, "checked", env->ops.checked);
	json_number(j, "failed", env->ops.failed);
	json_number(j, "not_run", env->ops.not_run);
	json_number(j, "trapping", env->ops.trapping);
	for (unsigned i = 0; i < env->ops.notes; i++) {
		const struct op_note *n = &env->ops.note[i];
		char line[200];

		text_format(line, sizeof(line), "%s: %s", n->result, n->why);
		json_text(j, n->name, line);
	}
	json_close(j, "}");
}
