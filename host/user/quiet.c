/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process can do for quiet: not much; it says what came between. */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "lib/sink.h"
#include "machine/instructions.h"
#include "user.h"

bool user_quiet_open(int cpu)
{
	cpu_set_t one;

	if (cpu < 0)
		cpu = sched_getcpu();
	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return false;
	CPU_ZERO(&one);
	CPU_SET((unsigned)cpu, &one);
	return !sched_setaffinity(0, sizeof(one), &one);
}

const char *user_no_cpu(int cpu)
{
	static char why[80];
	long n = sysconf(_SC_NPROCESSORS_CONF);

	if (cpu < n)
		text_format(why, sizeof(why), "the process may not run on CPU %d, or it is "
			    "offline", cpu);
	else
		text_format(why, sizeof(why), "there is no CPU %d; this machine has %u, of "
			    "numbers from 0 to %u", cpu, (unsigned)n, (unsigned)n - 1);
	return why;
}

/* Not fatal: pages that are touched in every batch stay anyhow. */
void user_quiet_stay(void)
{
	mlockall(MCL_CURRENT);
}

bool user_quiet_begin(void *ctx)
{
	(void)ctx;
	return true;
}

void user_quiet_end(void *ctx)
{
	(void)ctx;
}

/* Others that ran instead of us.  What only interrupted us is seen by how long it
 * took, if by anything. */
void user_quiet_disturbance(void *ctx, struct disturbance *d)
{
	struct rusage u;

	(void)ctx;
	*d = (struct disturbance){ .smi_known = false };
	if (!getrusage(RUSAGE_THREAD, &u))
		d->interrupts = (uint32_t)(u.ru_nivcsw + u.ru_nvcsw);
}

unsigned long user_flags(void)
{
	return flags_read();
}

void user_set_if(bool on)
{
	(void)on;
}
