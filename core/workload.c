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

/* What WORKLOAD_SOURCE and WORKLOAD_BODY define, in every convention.  The
 * Makefile writes code.def, CODE(convention, workload), from the two lists. */
#define BODY(conv, name, which)						\
	extern void wl_##conv##_##name##_##which(struct work *w);	\
	extern const uint8_t wl_##conv##_##name##_##which##_begin[];	\
	extern const uint8_t wl_##conv##_##name##_##which##_end[];
#define CODE(conv, name) BODY(conv, name, one) BODY(conv, name, n) BODY(conv, name, n2)
#include "code.def"
#undef CODE
#undef BODY

#define BODY(conv, name, which) {					\
	wl_##conv##_##name##_##which,					\
	wl_##conv##_##name##_##which##_begin,				\
	wl_##conv##_##name##_##which##_end }
#define CODE(conv, name)						\
	[CONVENTION_##conv][WORKLOAD_##name] = {			\
		BODY(conv, name, one), BODY(conv, name, n), BODY(conv, name, n2) },

const struct workload_code
workload_code[CONVENTION_COUNT][WORKLOAD_COUNT] = {
#include "code.def"
};
