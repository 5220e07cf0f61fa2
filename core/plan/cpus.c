/* SPDX-License-Identifier: GPL-2.0-only */
/* Which CPUs are asked for, see cpus.h. */
#include "lib/sink.h"
#include "plan/cpus.h"

static bool is_asked(const struct config *c, const struct run_cpu *cpu)
{
	switch (config_cpus(c)) {
	case CPUS_BOOT:
		return cpu->boot;
	case CPUS_ALL:
		return true;
	case CPUS_SOME:
		break;
	}
	return config_has_cpu(c, cpu->number);
}

/* Is CPU @number one of them? */
static bool is_there(const struct run_cpu *cpu, unsigned n, unsigned number)
{
	for (unsigned i = 0; i < n; i++)
		if (cpu[i].number == number)
			return true;
	return false;
}

/* The least number that is asked for and not there. */
static bool missing(const struct config *c, const struct run_cpu *cpu, unsigned n,
		    char *why)
{
	unsigned most = config_cpus(c) == CPUS_SOME ? config_cpu_most(c) : 0;

	if (config_cpus(c) != CPUS_SOME)
		return false;
	for (unsigned i = 0; i <= most; i++) {
		if (!config_has_cpu(c, i) || is_there(cpu, n, i))
			continue;
		text_format(why, CPUS_WHY_ROOM, "there is no CPU %u; this machine has "
			    "%u, of numbers from %u to %u", i, n, cpu[0].number,
			    cpu[n - 1].number);
		return true;
	}
	return false;
}

/* Its first @n become those that are asked for; the boot CPU goes before the others. */
static unsigned keep(const struct config *c, struct run_cpu *cpu, unsigned n)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++) {
		struct run_cpu it = cpu[i];
		unsigned at = kept;

		if (!is_asked(c, &it))
			continue;
		for (; it.boot && at; at--)
			cpu[at] = cpu[at - 1];
		cpu[at] = it;
		kept++;
	}
	return kept;
}

unsigned cpus_choose(const struct config *c, struct run_cpu *cpu, unsigned n, char *why)
{
	unsigned kept, had = 0;

	if (missing(c, cpu, n, why))
		return 0;
	kept = keep(c, cpu, n);
	for (unsigned i = 0; i < kept; i++)
		had += !cpu[i].not_run[0];
	if (had)
		return kept;
	text_format(why, CPUS_WHY_ROOM, "none that is asked for can be had: CPU %u: %s",
		    cpu[0].number, kept ? cpu[0].not_run : "there is none");
	return 0;
}
