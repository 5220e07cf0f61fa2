/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of kernel paths, see path.h. */
#include "workload/path.h"
#include "workload/registry.h"
#include "path_programs.h"

struct user_code path_programs[PATH_COUNT][USER_PROGRAMS];

enum path_id path_of(const struct workload *wl)
{
	unsigned p = 0;

	/* They are behind each other there, in the order of their list. */
	for (unsigned w = WORKLOAD_COUNT; wl->kind == KIND_PATH && w < workload_end(); w++) {
		if (workload_of(w) == wl)
			return p;
		p += workload_of(w)->kind == KIND_PATH;
	}
	return PATH_COUNT;
}

const struct user_code *path_user(enum path_id p)
{
	return path_programs[p];
}

bool path_is_of_tasks(enum path_id p)
{
#define OF_TASKS_none	false
#define OF_TASKS_ring3	false
#define OF_TASKS_pair	true
	static const bool of_tasks[PATH_COUNT] = {
#define PATH(name, column, ring, user, seen, after, units, row, what) OF_TASKS_##user,
#include "list/path.def"
#undef PATH
	};

	return of_tasks[p];
}

unsigned path_units(enum path_id p)
{
	static const uint8_t units[PATH_COUNT] = {
#define PATH(name, column, ring, user, seen, after, units, row, what) units,
#include "list/path.def"
#undef PATH
	};

	return units[p];
}
