/* SPDX-License-Identifier: GPL-2.0-only */
/* What paths leave, see path_promise.h. */
#include "check/path_promise.h"

static const char *leaves_spin_lock(const struct kernel *k, unsigned units)
{
	if (k->lock.taken_from != SPINLOCK_FREE)
		return "the lock is not free again";
	return k->guarded == units ? NULL : "the counter that the lock guards is another";
}

static const char *leaves_null_call(const struct kernel *k, unsigned units)
{
	return k->exit[0] == (unsigned long)units * KERNEL_PPID ? NULL
		: "the calls did not answer what they must";
}

static const char *leaves_null_io(const struct kernel *k, unsigned units)
{
	if (k->exit[0] != 2ul * units || k->zero.at != units || k->null.at != units)
		return "not every call moved a byte";
	return k->exit[1] ? "the byte that was read is not in ring 3's memory" : NULL;
}

/* The other process adds 1 to the token before it sends it back. */
static const char *came_round(const struct kernel *k, unsigned units, unsigned bytes)
{
	const unsigned long token = k->exit[1];

	if (k->exit[0] != 2ul * bytes * units || k->pipe_end[1].at != (uint64_t)bytes * units)
		return "not every call moved its bytes";
	if (token != (bytes == 1 ? units & 0xff : units))
		return "the token did not go round";
	return k->current == &k->task[0] && k->task[1].state == KERNEL_SLEEPS ? NULL
		: "the other process does not wait";
}

static const char *leaves_switch(const struct kernel *k, unsigned units)
{
	return came_round(k, units, 4);
}

static const char *leaves_pipe(const struct kernel *k, unsigned units)
{
	return came_round(k, units, 1);
}

const char *path_broken(enum path_id p, const struct kernel *k, unsigned units)
{
	static const char *(*const leaves[PATH_COUNT])(const struct kernel *k, unsigned units) = {
#define PATH(name, column, ring, user, seen, after, units, row, what) [PATH_##name] = leaves_##name,
#include "list/path.def"
#undef PATH
	};

	return leaves[p](k, units);
}
