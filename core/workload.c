/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of workloads and conventions, from their lists. */
#include "workload.h"

const struct workload workloads[WORKLOAD_COUNT] = {
#define WORKLOAD(name, column, before, seen, after, what) \
	{ #name, column, what, before, seen, after },
#include "workload.def"
#undef WORKLOAD
};

const struct convention conventions[CONVENTION_COUNT] = {
#define CONVENTION(name, sites, what) { #name, what, sites },
#include "convention.def"
#undef CONVENTION
};
