/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of kernel paths, and what every convention made of them; see path.h. */
#include "workload/path.h"
#include "workload/registry.h"

/* The Makefile writes path_code.def, CODE(convention, path), from the two lists. */
#define CODE(conv, name)						\
	extern void wl_##conv##_path_##name##_one(struct work *w);	\
	extern void wl_##conv##_path_##name##_three(struct work *w);	\
	extern const uint8_t wl_##conv##_path_##name##_begin[];		\
	extern const uint8_t wl_##conv##_path_##name##_end[];
#include "path_code.def"
#undef CODE

#define CODE(conv, name)						\
	[CONVENTION_##conv * PATH_COUNT + PATH_##name] = {		\
		wl_##conv##_path_##name##_one, NULL,			\
		wl_##conv##_path_##name##_three,			\
		wl_##conv##_path_##name##_begin,			\
		wl_##conv##_path_##name##_end, NULL },

static const struct workload_code path_code[CONVENTION_COUNT * PATH_COUNT] = {
#include "path_code.def"
};

static const struct workload rows[PATH_COUNT] = {
#define PATH(name, column, ring, seen, units, what)			\
	{ #name, column, KIND_PATH, ring, true, seen, IF_SAME, what },
#include "list/path.def"
#undef PATH
};

void paths_add(const struct text *own)
{
	loaded_add("path", rows, PATH_COUNT, path_code, own);
}
