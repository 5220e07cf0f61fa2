/* SPDX-License-Identifier: GPL-2.0-only */
/* How many copies a body has: few of what takes long, by table.def. */
#include "measure/copies.h"
#include "tap.h"
#include "workload/table.h"

int main(void)
{
	unsigned many = 0, few = 0;

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
		many += workload_copies(&workloads[w]) == WORKLOAD_N;
		few += workload_copies(&workloads[w]) == 1;
	}
	ok(many > 50 && few > 1 && many + few == WORKLOAD_COUNT, "%u of %u copies, %u of one",
	   many, WORKLOAD_N, few);
	ok(workload_copies(&workloads[WORKLOAD_wbinvd]) == 1
	   && workload_copies(&workloads[WORKLOAD_const_udelay]) == 1,
	   "what takes microseconds or more has one");
	ok(workload_copies(&workloads[WORKLOAD_cpuid]) == WORKLOAD_N
	   && workload_copies(&workloads[WORKLOAD_write_cr3]) == WORKLOAD_N,
	   "what changes state and is put back has as many as others");
	ok(workload_copies(&workloads[WORKLOAD_io_delay]) == WORKLOAD_N,
	   "and io_delay as many as in the reports on record");
	return done();
}
