/* SPDX-License-Identifier: GPL-2.0-only */
/* The environment as the report's object "context", see environment_report.h. */
#include "report/environment_report.h"
#include "report/environment_say.h"

static const char *text(const char *s)
{
	return s ? s : "";
}

/* What Google Benchmark's readers look for, as far as it is known here: one CPU
 * takes part; nothing is known of frequency scaling, and nothing is said. */
static void put_gbench(struct json *j, const struct environment *env)
{
	json_text(j, "date", env->date);
	json_text(j, "host_name", env->brand);
	json_text(j, "executable", "parapatch");
	json_number(j, "num_cpus", 1);
	json_number(j, "mhz_per_cpu", (env->tsc_hz + 500000) / 1000000);
	json_text(j, "library_build_type", "release");
}

static void put_build(struct json *j, const struct environment *env)
{
	json_text(j, "parapatch_version", env->version);
	json_text(j, "arch", env->arch);
	json_text(j, "compiler", env->compiler);
	json_text(j, "flags", env->flags);
	json_number(j, "text_address", env->text_addr);
	json_number(j, "text_bytes", env->text_len);
	json_number(j, "ops_table_address", env->ops_addr);
}

static void put_features(struct json *j, const struct environment *env)
{
	json_open(j, "features", "[");
	for (enum feature f = 0; f < FEATURE_COUNT; f++) {
		if (!has_feature(env->features, f))
			continue;
		json_item(j);
		json_string(j, feature_names[f]);
	}
	json_close(j, "]");
}

static void put_microcode(struct json *j, const struct environment *env)
{
	if (!env->microcode_why)
		json_number(j, "microcode", env->microcode);
	json_text(j, "microcode_note", environment_microcode_note(env));
}

/* In hex: all of it, whatever can be printed. */
static void put_vendor_bytes(struct json *j, const uint8_t bytes[12])
{
	char hex[25];

	for (unsigned i = 0; i < 12; i++)
		text_format(hex + 2 * i, 3, "%02x", bytes[i]);
	json_text(j, "vendor_bytes", hex);
}

static void put_cpu(struct json *j, const struct environment *env)
{
	json_open(j, "cpu", "{");
	json_text(j, "vendor", env->cpu.vendor);
	put_vendor_bytes(j, env->cpu.vendor_bytes);
	json_text(j, "name", env->brand);
	json_number(j, "family", env->cpu.family);
	json_number(j, "model", env->cpu.model);
	json_number(j, "stepping", env->cpu.stepping);
	put_microcode(j, env);
	json_number(j, "max_leaf", env->max_leaf);
	json_text(j, "hypervisor", env->hypervisor);
	json_number(j, "hypervisor_max_leaf", env->hypervisor_max_leaf);
	if (env->emulator.name) {
		json_text(j, "emulator", env->emulator.name);
		json_text(j, "emulator_sign", env->emulator.sign);
	}
	json_number(j, "logical_cpus", env->logical_cpus);
	json_number(j, "arch_perfmon", env->arch_perfmon);
	json_number(j, "base_mhz", env->base_mhz);
	json_number(j, "max_mhz", env->max_mhz);
	put_features(j, env);
	json_bool(j, "invariant_tsc", env->invariant_tsc);
	json_number(j, "tsc_hz", env->tsc_hz);
	json_text(j, "tsc_source", env->tsc_source ? env->tsc_source : "");
	json_close(j, "}");
}

static void put_firmware(struct json *j, const struct environment *env)
{
	char revision[16];

	json_text(j, "firmware", env->firmware);
	json_text(j, "firmware_vendor", env->firmware_vendor);
	json_number(j, "firmware_revision", env->firmware_revision);
	json_text(j, "uefi", environment_uefi(revision, env));
	json_text(j, "secure_boot", text(env->secure_boot));
}

static void put_text(struct json *j, const struct environment *env)
{
	json_open(j, "text", "{");
	json_text(j, "found", text(env->text_written.found));
	json_text(j, "mapped", text(env->text_written.mapped));
	json_text(j, "written_by", text(env->text_written.by));
	json_text(j, "why_not_protocol", text(env->text_written.why));
	json_text(j, "cet", text(env->text_written.cet));
	json_close(j, "}");
}

/* Nothing where it is not known. */
static void put_control(struct json *j, const struct control_state *c)
{
	if (!c->apic)
		return;
	json_open(j, "control", "{");
	json_bool(j, "cr4_pge", c->pge);
	json_bool(j, "cr4_pcide", c->pcide);
	json_bool(j, "cr4_umip", c->umip);
	json_text(j, "apic", c->apic);
	json_close(j, "}");
}

static void put_smbios(struct json *j, const struct smbios *s)
{
	json_open(j, "smbios", "{");
	json_text(j, "bios_vendor", s->bios_vendor);
	json_text(j, "bios_version", s->bios_version);
	json_text(j, "bios_date", s->bios_date);
	json_text(j, "system_maker", s->system_maker);
	json_text(j, "system_product", s->system_product);
	json_text(j, "board_maker", s->board_maker);
	json_text(j, "board_product", s->board_product);
	json_text(j, "board_version", s->board_version);
	json_text(j, "why", s->why ? s->why : "");
	json_close(j, "}");
}

static void put_source(struct json *j, const struct environment *env,
		       enum tsc_kind k)
{
	const struct tsc_source *s = &env->tsc_sources[k];

	if (!s->hz && !s->why)
		return;		/* was not asked */
	json_open(j, NULL, "{");
	json_text(j, "source", tsc_kind_names[k]);
	json_text(j, "used", environment_used(env, k));
	if (s->hz) {
		json_number(j, "hz", s->hz);
		json_number(j, "n", s->n);
		json_number(j, "spread_ppm", s->spread_ppm);
		json_number(j, "resolution_ppm", s->resolution_ppm);
		json_number(j, "deviation_ppm", tsc_ppm(s->hz, env->tsc.hz));
	}
	json_text(j, "why", environment_source_why(env, k));
	json_close(j, "}");
}

static void put_tsc(struct json *j, const struct environment *env)
{
	json_open(j, "tsc", "{");
	json_number(j, "hz", env->tsc_hz);
	json_text(j, "source", env->tsc_source ? env->tsc_source : "");
	json_text(j, "cross_check", environment_cross(env));
	json_number(j, "deviation_ppm", env->tsc.deviation_ppm);
	json_bool(j, "invariant", env->invariant_tsc);
	json_text(j, "doubt", env->tsc.doubt);
	json_open(j, "sources", "[");
	for (enum tsc_kind k = 0; k < TSC_KIND_COUNT; k++)
		put_source(j, env, k);
	json_close(j, "]");
	json_close(j, "}");
}

static void put_clocks(struct json *j, const struct environment *env)
{
	put_tsc(j, env);
	json_open(j, "cycles", "{");
	json_text(j, "source", env->cycles ? env->cycles : "none");
	json_text(j, "why_not_better", env->cycles_why);
	json_close(j, "}");
	json_text(j, "lfence", env->lfence ? env->lfence : "");
}

void environment_json(struct json *j, const struct environment *env)
{
	put_gbench(j, env);
	put_build(j, env);
	put_firmware(j, env);
	put_text(j, env);
	put_control(j, &env->control);
	put_smbios(j, &env->smbios);
	put_cpu(j, env);
	put_clocks(j, env);
}
