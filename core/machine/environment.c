/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPUID says and which clock is believed, see environment.h. */
#include "machine/environment.h"

void environment_cpu(struct environment *env, const struct cpuid *c)
{
	uint32_t r[4];

	cpuid_id(c, &env->cpu);
	cpuid_brand(c, env->brand);
	env->cpu.invented = cpu_is_invented(env->brand);
	cpuid_hypervisor(c, env->hypervisor);
	env->max_leaf = c->max_basic;
	env->hypervisor_max_leaf = c->max_hypervisor;
	env->logical_cpus = cpuid_logical_cpus(c);
	env->arch_perfmon = cpuid_reg(c, 0xa, 0, CPUID_EAX) & 0xff;
	env->features = features_of(c);
	env->invariant_tsc = has_feature(env->features, FEATURE_invariant_tsc);
	cpuid_get(c, 0x16, 0, r);
	env->base_mhz = r[CPUID_EAX] & 0xffff;
	env->max_mhz = r[CPUID_EBX] & 0xffff;
}

void environment_tsc(struct environment *env)
{
	env->tsc = tsc_choose(env->tsc_sources, TSC_KIND_COUNT);
	if (!env->invariant_tsc && !env->hypervisor[0])
		tsc_doubt(&env->tsc, "the TSC is not said to be invariant: its "
			  "rate may follow the CPU's");
	env->tsc_hz = env->tsc.hz;
	env->tsc_source = env->tsc.source < 0 ? "nothing"
		: tsc_kind_names[env->tsc_sources[env->tsc.source].kind];
}
