/* SPDX-License-Identifier: GPL-2.0-only */
/* What paths leave, see path_promise.h. */
#include "check/path_promise.h"

static const char *leaves_spin_lock(const struct kernel *k, unsigned units)
{
	if (k->lock.taken_from != SPINLOCK_FREE)
		return "the lock is not free again";
	return k->guarded == units ? NULL : "the counter that the lock guards is another";
}

const char *path_broken(enum path_id p, const struct kernel *k, unsigned units)
{
	static const char *(*const leaves[PATH_COUNT])(const struct kernel *k, unsigned units) = {
#define PATH(name, column, ring, seen, units, what) [PATH_##name] = leaves_##name,
#include "list/path.def"
#undef PATH
	};

	return leaves[p](k, units);
}
