/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of what every convention made of every workload. */
#include "workload.h"

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
