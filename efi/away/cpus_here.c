/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPUs of the machine, see cpus_here.h. */
#include "cpu/apic.h"
#include "cpu/cpu.h"
#include "cpus_here.h"
#include "firmware/memory.h"
#include "firmware/mp_services.h"
#include "lib/mem.h"
#include "lib/sink.h"
#include "plan/cpus.h"

static unsigned boot_number;

unsigned cpus_boot(void)
{
	return boot_number;
}

/* What is known of one without running anything there; of the boot CPU all. */
static void describe(struct run_cpu *cpu, unsigned number, const struct cpuid *here)
{
	struct mp_services_cpu c = { .enabled = true, .healthy = true };
	bool known = mp_services_cpu(number, &c);

	cpu->number = number;
	cpu->apic_id = (uint32_t)c.id;
	cpu->boot = known && c.boot;
	if (cpu->boot) {
		boot_number = number;
		cpu->kind = core_kind(here);
		return;
	}
	if (!known)
		text_format(cpu->not_run, sizeof(cpu->not_run),
			    "the firmware does not know it");
	else if (!c.enabled)
		text_format(cpu->not_run, sizeof(cpu->not_run),
			    "the firmware has it switched off");
	else if (!c.healthy)
		text_format(cpu->not_run, sizeof(cpu->not_run),
			    "the firmware does not call it healthy");
}

/* The boot CPU, of which the firmware says nothing. */
static unsigned alone(struct run_cpu *cpu, const struct cpuid *here)
{
	*cpu = (struct run_cpu){ .boot = true, .kind = core_kind(here) };
	if (apic_learn())
		cpu->apic_id = apic_id();
	return 1;
}

static unsigned list(struct run_cpu *cpu, unsigned n, const struct cpuid *here)
{
	bool boot = false;

	for (unsigned i = 0; i < n; i++) {
		describe(&cpu[i], i, here);
		boot |= cpu[i].boot;
	}
	return boot ? n : alone(cpu, here);
}

struct run_cpu *cpus_here(const struct config *c, unsigned *n, char *why)
{
	const struct cpuid here = cpuid_open(cpu_cpuid);
	struct mp_services_cpus count;
	unsigned all = mp_services_count(&count) ? (unsigned)count.all : 1;
	struct run_cpu *cpu;

	if (all > RUN_CPUS_MOST)
		all = RUN_CPUS_MOST;
	cpu = pool_get(all * sizeof(*cpu));
	if (!cpu) {
		text_format(why, CPUS_WHY_ROOM, "no memory for the list of CPUs");
		return NULL;
	}
	memset(cpu, 0, all * sizeof(*cpu));
	*n = cpus_choose(c, cpu, list(cpu, all, &here), why);
	if (*n)
		return cpu;
	pool_put(cpu);
	return NULL;
}
