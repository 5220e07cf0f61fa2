/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of kernel paths, and what every convention made of them; see path.h. */
#include "workload/path.h"
#include "workload/registry.h"
#include "path_programs.h"

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
#define PATH(name, column, ring, user, seen, after, units, row, what)			\
	{ #name, column, KIND_PATH, ring, true, seen, after, what },
#include "list/path.def"
#undef PATH
};

/* Conventions make no difference to ring 3's programs: native's copy is taken. */
#define USER_none(name)
#define PROGRAM(name, user)						\
	extern const uint8_t wl_native_path_##name##_##user[];		\
	extern const uint8_t wl_native_path_##name##_##user##_end[];
#define USER_ring3(name)	PROGRAM(name, user)
#define USER_pair(name)		PROGRAM(name, user) PROGRAM(name, other_user)
#define PATH(name, column, ring, user, seen, after, units, row, what) USER_##user(name)
#include "list/path.def"
#undef PATH
#undef PROGRAM

#define PROGRAM(name, i, user)						\
	path_programs[PATH_##name][i] = (struct user_code){		\
		wl_native_path_##name##_##user,				\
		(size_t)(wl_native_path_##name##_##user##_end		\
			 - wl_native_path_##name##_##user) };
#undef USER_ring3
#undef USER_pair
#define USER_ring3(name)	PROGRAM(name, 0, user)
#define USER_pair(name)		PROGRAM(name, 0, user) PROGRAM(name, 1, other_user)

void paths_add(const struct text *own)
{
#define PATH(name, column, ring, user, seen, after, units, row, what) USER_##user(name)
#include "list/path.def"
#undef PATH
	loaded_add("path", rows, PATH_COUNT, path_code, own);
}
