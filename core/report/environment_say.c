/* SPDX-License-Identifier: GPL-2.0-only */
/* Words of the environment, see environment_say.h. */
#include "report/environment_say.h"
#include "lib/sink.h"

/* From here on a rate is another one; as tsc_choose() has it. */
#define OTHER_PPM	10000

const char *environment_microcode_note(const struct environment *env)
{
	if (env->microcode_why)
		return env->microcode_why;
	return env->hypervisor[0] ? "as the hypervisor says" : "";
}

const char *environment_uefi(char to[16], const struct environment *env)
{
	unsigned major = env->uefi_revision >> 16;
	unsigned minor = env->uefi_revision & 0xffff;

	to[0] = '\0';
	if (env->uefi_revision && minor % 10)
		text_format(to, 16, "%u.%u.%u", major, minor / 10, minor % 10);
	else if (env->uefi_revision)
		text_format(to, 16, "%u.%u", major, minor / 10);
	return to;
}

const char *environment_used(const struct environment *env, enum tsc_kind k)
{
	if (!env->tsc_sources[k].hz || !env->tsc.hz)
		return "no";
	if (env->tsc.source == (int)k)
		return "yes";
	return env->tsc.cross == (int)k ? "cross-check" : "no";
}

const char *environment_source_why(const struct environment *env, enum tsc_kind k)
{
	const struct tsc_source *s = &env->tsc_sources[k];

	if (s->why)
		return s->why;
	if (env->tsc.source == (int)k || !env->tsc.hz)
		return "";
	return tsc_ppm(s->hz, env->tsc.hz) > OTHER_PPM
		? "it says another rate than what is believed" : "";
}

const char *environment_cross(const struct environment *env)
{
	if (env->tsc.cross < 0 || !env->tsc_sources[env->tsc.cross].hz)
		return "";
	return tsc_kind_names[env->tsc_sources[env->tsc.cross].kind];
}
