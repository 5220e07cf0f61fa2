/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of what every convention made of every workload. */
#include "workload.h"

/* What a workload's file defines, in every convention.  The Makefile writes
 * code.def, CODE(convention, workload), from the two lists. */
#define CODE(conv, name)						\
	extern void wl_##conv##_##name##_one(struct work *w);		\
	extern void wl_##conv##_##name##_three(struct work *w);		\
	extern const uint8_t wl_##conv##_##name##_one_end[];		\
	extern const uint8_t wl_##conv##_##name##_three_copy[];		\
	extern const uint8_t wl_##conv##_##name##_three_copy_end[];	\
	extern const uint8_t wl_##conv##_##name##_three_end[];
#include "code.def"
#undef CODE

#define CODE(conv, name)						\
	[CONVENTION_##conv][WORKLOAD_##name] = {			\
		wl_##conv##_##name##_one, wl_##conv##_##name##_one_end,	\
		wl_##conv##_##name##_three,				\
		wl_##conv##_##name##_three_copy,			\
		wl_##conv##_##name##_three_copy_end,			\
		wl_##conv##_##name##_three_end },

const struct workload_code
workload_code[CONVENTION_COUNT][WORKLOAD_COUNT] = {
#include "code.def"
};
