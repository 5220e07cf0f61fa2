/* SPDX-License-Identifier: GPL-2.0-only */
/* What kernel paths promise: each is kept by what a path does, and found when it is not. */
#include <string.h>
#include "check/path_promise.h"
#include "tap.h"

static bool says(const char *why, const char *what)
{
	return why && what ? strstr(why, what) != NULL : why == what;
}

static const unsigned some_units[] = { 0, 1, 3, 24, 48 };
#define SOME	(sizeof(some_units) / sizeof(some_units[0]))

/* The kernel as so many units of spin_lock leave it. */
static struct kernel *spin_lock_left(unsigned units)
{
	struct kernel *k = kernel_begin();

	k->guarded = units;
	return k;
}

static void test_spin_lock(void)
{
	unsigned kept = 0, more = 0, less = 0, held = 0;

	for (unsigned i = 0; i < SOME; i++) {
		const unsigned n = some_units[i];
		const struct kernel *k = spin_lock_left(n);

		kept += !path_broken(PATH_spin_lock, k, n);
		less += says(path_broken(PATH_spin_lock, k, n + 1), "counter");
		more += says(path_broken(PATH_spin_lock, k, n - 1), "counter");
		for (int v = INT8_MIN; v <= INT8_MAX; v++) {
			spin_lock_left(n)->lock.taken_from = (int8_t)v;
			held += says(path_broken(PATH_spin_lock, k, n),
				     v == SPINLOCK_FREE ? NULL : "the lock is not free");
		}
	}
	ok(kept == SOME, "spin_lock: so many units keep it");
	ok(more == SOME && less == SOME, "a unit more than there were, or less, is found");
	ok(held == SOME * 256, "so is a lock that is held, or freed twice");
}

/* What ring 3's program ended with: the answers' sum. */
static void test_null_call(void)
{
	unsigned kept = 0, broken = 0;

	for (unsigned i = 0; i < SOME; i++) {
		struct kernel *k = kernel_begin();

		k->exit[0] = some_units[i] * KERNEL_PPID;
		kept += !path_broken(PATH_null_call, k, some_units[i]);
		broken += says(path_broken(PATH_null_call, k, some_units[i] + 1), "answer");
		k->exit[0] = (unsigned long)-38;
		broken += says(path_broken(PATH_null_call, k, some_units[i]), "answer");
	}
	ok(kept == SOME && broken == 2 * SOME,
	   "null_call: the answers add up, and a unit more, or an error, is found");
}

static struct kernel *null_io_left(unsigned units)
{
	struct kernel *k = kernel_begin();

	k->exit[0] = 2ul * units;
	k->zero.at = k->null.at = units;
	return k;
}

static void test_null_io(void)
{
	unsigned kept = 0, broken = 0;

	for (unsigned i = 0; i < SOME; i++) {
		const unsigned n = some_units[i];
		struct kernel *k = null_io_left(n);

		kept += !path_broken(PATH_null_io, k, n);
		broken += says(path_broken(PATH_null_io, k, n + 1), "moved a byte");
		k->exit[0]--;
		broken += says(path_broken(PATH_null_io, k, n), "moved a byte");
		null_io_left(n)->zero.at++;
		broken += says(path_broken(PATH_null_io, k, n), "moved a byte");
		null_io_left(n)->null.at--;
		broken += says(path_broken(PATH_null_io, k, n), "moved a byte");
		null_io_left(n)->exit[1] = 0xff;
		broken += says(path_broken(PATH_null_io, k, n), "not in ring 3's memory");
	}
	ok(kept == SOME && broken == 5 * SOME,
	   "null_io: so are a byte that was not moved, by either call, and one that is not there");
}

/* A token of so many bytes, to another process and back. */
static struct kernel *token_left(unsigned units, unsigned bytes)
{
	struct kernel *k = kernel_begin();

	k->exit[0] = 2ul * bytes * units;
	k->exit[1] = bytes == 1 ? (uint8_t)units : units;
	k->pipe_end[1].at = (uint64_t)bytes * units;
	k->current = &k->task[0];
	k->task[1].state = KERNEL_SLEEPS;
	return k;
}

static void test_token(enum path_id p, unsigned bytes, const char *name)
{
	static const unsigned units[] = { 1, 3, 12, 24, 300 };
	unsigned kept = 0, broken = 0;

	for (unsigned i = 0; i < 5; i++) {
		const unsigned n = units[i];
		struct kernel *k = token_left(n, bytes);

		kept += !path_broken(p, k, n);
		broken += says(path_broken(p, k, n + 1), "moved its bytes");
		k->exit[0]--;
		broken += says(path_broken(p, k, n), "moved its bytes");
		token_left(n, bytes)->pipe_end[1].at++;
		broken += says(path_broken(p, k, n), "moved its bytes");
		token_left(n, bytes)->exit[1]++;
		broken += says(path_broken(p, k, n), "go round");
		token_left(n, bytes)->current = &k->task[1];
		broken += says(path_broken(p, k, n), "does not wait");
		token_left(n, bytes)->task[1].state = KERNEL_RUNS;
		broken += says(path_broken(p, k, n), "does not wait");
	}
	ok(kept == 5 && broken == 5 * 6, "%s: and bytes, a token, or a process that are elsewhere",
	   name);
}

/* What one pass left is not what the next finds. */
static void test_begin(void)
{
	struct kernel *k = spin_lock_left(7);

	k->lock.taken_from = -3;
	ok(kernel_left() == k && path_broken(PATH_spin_lock, kernel_left(), 7)
	   && kernel_begin() == k && !path_broken(PATH_spin_lock, kernel_left(), 0),
	   "what was left is found, and begun anew");
}

int main(void)
{
	test_spin_lock();
	test_null_call();
	test_null_io();
	test_token(PATH_switch, 4, "switch");
	test_token(PATH_pipe, 1, "pipe");
	test_begin();
	return done();
}
