/* SPDX-License-Identifier: GPL-2.0-only */
/* The registry: modules, mixes and paths have a room each, and take none from each other; and
 * which of its rows are paths. */
#include <string.h>
#include "measure/copies.h"
#include "tap.h"
#include "workload/path.h"
/* Its own copy of the registry: what is added there can be taken back. */
#include "../../../../core/workload/registry.c"

static const struct kinds {
	const char *owner;
	enum workload_kind kind;
	unsigned room;
} kinds[] = {
	{ "mod", KIND_OP, WORKLOADS_LOADED_MAX },
	{ "mix", KIND_MIX, WORKLOADS_MIX_MAX },
	{ "path", KIND_PATH, WORKLOADS_PATH_MAX },
};
#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

static struct workload row[WORKLOADS_MIX_MAX + 1];
static struct workload_code code[(WORKLOADS_MIX_MAX + 1) * CONVENTION_COUNT];

static void empty_registry(void)
{
	memset(loaded_workloads, 0, sizeof(loaded_workloads));
	loaded_count = 0;
}

static bool add(const struct kinds *k, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		row[i] = (struct workload){ .name = "row", .column = "row", .what = "a row",
					    .kind = k->kind };
	return loaded_add(k->owner, row, count, code, NULL);
}

/* All at once is too many, then all but one, and that one; then there is no room for one. */
static bool fills_its_room(const struct kinds *k)
{
	const unsigned before = workload_end();

	return !add(k, k->room + 1) && workload_end() == before
		&& add(k, k->room - 1) && !add(k, 2) && add(k, 1) && !add(k, 1)
		&& add(k, 0) && workload_end() == before + k->room;
}

/* In every order that three can have. */
static void test_rooms(void)
{
	unsigned good = 0;

	for (unsigned first = 0; first < KINDS; first++)
		for (unsigned second = 0; second < KINDS; second++) {
			if (first == second)
				continue;
			empty_registry();
			good += fills_its_room(&kinds[first]) && fills_its_room(&kinds[second])
				&& fills_its_room(&kinds[KINDS - first - second])
				&& workload_end() == WORKLOAD_MAX;
		}
	ok(good == 6, "each fills its own room, whatever was added before: %u of 6 orders", good);
	empty_registry();
	add(&kinds[1], 1);
	loaded_workloads[0].row.kind = KIND_GAPS;
	ok(!add(&kinds[1], WORKLOADS_MIX_MAX) && add(&kinds[1], WORKLOADS_MIX_MAX - 1)
	   && add(&kinds[2], WORKLOADS_PATH_MAX), "the gaps of a mix take a mix's");
}

/* Rows as paths_add() makes them, with a module's before and a mix's behind. */
static void add_paths(void)
{
	empty_registry();
	add(&kinds[0], 2);
	add(&kinds[2], PATH_COUNT);
	add(&kinds[1], 1);
}

static void test_paths(void)
{
	unsigned none = 0, found = 0, copies = 0;

	add_paths();
	for (unsigned w = 0; w < workload_end(); w++)
		none += path_of(workload_of(w)) == PATH_COUNT;
	for (unsigned p = 0; p < PATH_COUNT; p++) {
		const struct workload *wl = workload_of(WORKLOAD_COUNT + 2 + p);

		found += path_of(wl) == p;
		copies += path_units(p) > 0 && workload_copies(wl) == path_units(p);
	}
	ok(found == PATH_COUNT, "a path is known by its place among paths");
	ok(none == WORKLOAD_COUNT + 3, "and nothing else is one");
	ok(copies == PATH_COUNT, "its copies are its units");
	ok(path_units(PATH_spin_lock) == WORKLOAD_N
	   && !strcmp(workload_of(WORKLOAD_COUNT + 2)->name, "path:row"),
	   "spin_lock has as many as an op has copies; a name has its owner's");
}

int main(void)
{
	test_rooms();
	test_paths();
	empty_registry();
	return done();
}
