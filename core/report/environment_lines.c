/* SPDX-License-Identifier: GPL-2.0-only */
/* The environment as key=value lines, see environment_report.h. */
#include "report/environment_report.h"
#include "report/environment_say.h"

static const char *text(const char *s)
{
	return s ? s : "";
}

static void build_line(const struct environment *env, struct sink *s)
{
	sink_printf(s, "parapatch build version=\"%s\" arch=%s compiler=\"%s\" "
		    "date=%s text=0x%llx text_bytes=%llu ops=0x%llx\n",
		    text(env->version), text(env->arch), text(env->compiler),
		    env->date, (unsigned long long)env->text_addr,
		    (unsigned long long)env->text_len,
		    (unsigned long long)env->ops_addr);
}

static void cpu_line(const struct environment *env, struct sink *s)
{
	sink_printf(s, "parapatch cpu vendor=\"%s\" family=0x%x model=0x%x "
		    "stepping=0x%x max_leaf=0x%x logical_cpus=%u base_mhz=%u "
		    "max_mhz=%u name=\"%s\"\n",
		    env->cpu.vendor, env->cpu.family, env->cpu.model,
		    env->cpu.stepping, (unsigned)env->max_leaf, env->logical_cpus,
		    (unsigned)env->base_mhz, (unsigned)env->max_mhz, env->brand);
	sink_printf(s, "parapatch microcode revision=");
	sink_printf(s, env->microcode_why ? "none" : "0x%x",
		    (unsigned)env->microcode);
	sink_printf(s, " note=\"%s\"\n", environment_microcode_note(env));
	sink_printf(s, "parapatch hypervisor signature=\"%s\" max_leaf=0x%x\n",
		    env->hypervisor, (unsigned)env->hypervisor_max_leaf);
	if (env->emulator.name)
		sink_printf(s, "parapatch emulator name=\"%s\" sign=\"%s\"\n",
			    env->emulator.name, env->emulator.sign);
}

static void features_line(const struct environment *env, struct sink *s)
{
	sink_printf(s, "parapatch features arch_perfmon=%u words=\"",
		    env->arch_perfmon);
	for (unsigned f = 0, n = 0; f < FEATURE_COUNT; f++)
		if (has_feature(env->features, f))
			sink_printf(s, "%s%s", n++ ? " " : "", feature_names[f]);
	sink_printf(s, "\"\n");
}

static void firmware_line(const struct environment *env, struct sink *s)
{
	const struct smbios *b = &env->smbios;
	char revision[16];

	sink_printf(s, "parapatch firmware vendor=\"%s\" revision=0x%x uefi=%s secure_boot=%s\n",
		    env->firmware_vendor, (unsigned)env->firmware_revision,
		    environment_uefi(revision, env), text(env->secure_boot));
	sink_printf(s, "parapatch text found=%s mapped=%s by=\"%s\" why=\"%s\" cet=\"%s\"\n",
		    text(env->text_written.found), text(env->text_written.mapped),
		    text(env->text_written.by), text(env->text_written.why),
		    text(env->text_written.cet));
	sink_printf(s, "parapatch bios vendor=\"%s\" version=\"%s\" date=\"%s\"\n",
		    b->bios_vendor, b->bios_version, b->bios_date);
	sink_printf(s, "parapatch board system_maker=\"%s\" system_product=\"%s\" ",
		    b->system_maker, b->system_product);
	sink_printf(s, "maker=\"%s\" product=\"%s\" version=\"%s\" why=\"%s\"\n",
		    b->board_maker, b->board_product, b->board_version,
		    text(b->why));
}

static void control_line(const struct control_state *c, struct sink *s)
{
	if (c->apic)
		sink_printf(s, "parapatch control cr4_pge=%s cr4_pcide=%s cr4_umip=%s apic=%s\n",
			    c->pge ? "yes" : "no", c->pcide ? "yes" : "no",
			    c->umip ? "yes" : "no", c->apic);
}

static void source_line(const struct environment *env, enum tsc_kind k,
			struct sink *s)
{
	const struct tsc_source *src = &env->tsc_sources[k];

	if (!src->hz && !src->why)
		return;		/* was not asked */
	sink_printf(s, "clock source=\"%s\" hz=%llu used=%s",
		    tsc_kind_names[k], (unsigned long long)src->hz,
		    environment_used(env, k));
	if (src->hz && env->tsc.hz)
		sink_printf(s, " deviation_ppm=%u",
			    (unsigned)tsc_ppm(src->hz, env->tsc.hz));
	if (src->n)
		sink_printf(s, " n=%u spread_ppm=%u resolution_ppm=%u",
			    (unsigned)src->n, (unsigned)src->spread_ppm,
			    (unsigned)src->resolution_ppm);
	sink_printf(s, " why=\"%s\"\n", environment_source_why(env, k));
}

static void clock_lines(const struct environment *env, struct sink *s)
{
	for (unsigned k = 0; k < TSC_KIND_COUNT; k++)
		source_line(env, k, s);
	sink_printf(s, "parapatch clock hz=%llu source=\"%s\" cross=\"%s\" ",
		    (unsigned long long)env->tsc_hz, text(env->tsc_source),
		    environment_cross(env));
	sink_printf(s, "deviation_ppm=%u invariant=%s doubt=\"%s\"\n",
		    (unsigned)env->tsc.deviation_ppm,
		    env->invariant_tsc ? "yes" : "no", env->tsc.doubt);
	sink_printf(s, "parapatch cycles source=\"%s\" why=\"%s\" lfence=\"%s\"\n",
		    env->cycles ? env->cycles : "none", env->cycles_why,
		    text(env->lfence));
}

void environment_lines(const struct environment *env, struct sink *s)
{
	build_line(env, s);
	cpu_line(env, s);
	features_line(env, s);
	firmware_line(env, s);
	control_line(&env->control, s);
	clock_lines(env, s);
}
