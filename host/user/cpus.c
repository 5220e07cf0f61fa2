/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine's CPUs, as Linux counts them, and staying on one of them. */
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>
#include "lib/sink.h"
#include "plan/cpus.h"
#include "user.h"

static struct run_cpu cpus[RUN_CPUS_MOST];
static unsigned here;			/* the one it stays on, of that list */

/* Source: Intel SDM Vol. 2A, "CPUID--CPU Identification", leaves 0Bh and 01h. */
static uint32_t apic_id(const struct cpuid *c)
{
	uint32_t r[4];

	if (cpuid_get(c, 0xb, 0, r) && r[CPUID_EBX])
		return r[CPUID_EDX];
	return cpuid_reg(c, 1, 0, CPUID_EBX) >> 24;
}

/* Goes there to ask. */
static void describe(struct run_cpu *cpu)
{
	const struct cpuid c = cpuid_open(user_cpuid);

	if (!user_quiet_open((int)cpu->number)) {
		text_format(cpu->not_run, sizeof(cpu->not_run),
			    "the process may not run on it, or it is offline");
		return;
	}
	cpu->apic_id = apic_id(&c);
	cpu->kind = core_kind(&c);
}

/* All there are, of numbers from 0; @boot is the one it runs on. */
static unsigned all_of_them(unsigned boot)
{
	long n = sysconf(_SC_NPROCESSORS_CONF);

	if (n <= (long)boot)
		n = (long)boot + 1;
	if (n > RUN_CPUS_MOST)
		n = RUN_CPUS_MOST;
	for (unsigned i = 0; i < (unsigned)n; i++)
		cpus[i] = (struct run_cpu){ .number = i, .boot = i == boot };
	return (unsigned)n;
}

struct run_cpu *user_cpus(const struct config *c, unsigned *n, char *why)
{
	int boot = sched_getcpu();

	if (boot < 0 || boot >= RUN_CPUS_MOST) {
		text_format(why, CPUS_WHY_ROOM, "the kernel does not say which CPU this is");
		return NULL;
	}
	*n = cpus_choose(c, cpus, all_of_them((unsigned)boot), why);
	if (!*n)
		return NULL;
	for (unsigned i = 0; i < *n; i++)
		describe(&cpus[i]);
	for (here = 0; here < *n && cpus[here].not_run[0]; here++)
		;
	if (here < *n && user_quiet_open((int)cpus[here].number))
		return cpus;
	text_format(why, CPUS_WHY_ROOM, "the process may run on none that is asked for");
	return NULL;
}

bool user_run_on(void *ctx, unsigned i, void (*fn)(void *arg), void *arg)
{
	(void)ctx;
	if (cpus[i].not_run[0])
		return false;
	if (i != here && !user_quiet_open((int)cpus[i].number)) {
		text_format(cpus[i].not_run, sizeof(cpus[i].not_run),
			    "the process may not run on it any more");
		return false;
	}
	here = i;
	fn(arg);
	return true;
}
