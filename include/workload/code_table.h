/* SPDX-License-Identifier: GPL-2.0-only */
/* From a list CODE(convention, workload) to a table of struct workload_code: the
 * application's own, and a module's. */
#ifndef CODE_H
#define CODE_H

#include "workload/workload.h"

/* What a workload's file defines in a convention. */
#define CODE_DECLARE(conv, name)					\
	extern void wl_##conv##_##name##_one(struct work *w);		\
	extern void wl_##conv##_##name##_three(struct work *w);		\
	extern const uint8_t wl_##conv##_##name##_one_end[];		\
	extern const uint8_t wl_##conv##_##name##_three_copy[];		\
	extern const uint8_t wl_##conv##_##name##_three_copy_end[];	\
	extern const uint8_t wl_##conv##_##name##_three_end[];

/* A row made of that. */
#define CODE_ROW(conv, name)						\
	{ wl_##conv##_##name##_one, wl_##conv##_##name##_one_end,	\
	  wl_##conv##_##name##_three, wl_##conv##_##name##_three_copy,	\
	  wl_##conv##_##name##_three_copy_end,				\
	  wl_##conv##_##name##_three_end }

#endif
