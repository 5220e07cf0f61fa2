/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code by convention and workload: the application's own table, and how one is made
 * from a list CODE(convention, workload), as a module has one too.
 */
#ifndef CODE_TABLE_H
#define CODE_TABLE_H

#include "workload/workload.h"

/* Of the workloads of workload.def; those that are no ops are compiled in convention
 * native alone, and the others' pointers are NULL. */
extern const struct workload_code workload_code[CONVENTION_COUNT][WORKLOAD_COUNT];

/* What a convention made of a workload, of the list or of the registry; its pointers
 * are NULL where there is nothing. */
const struct workload_code *code_of(unsigned convention, unsigned id);

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
