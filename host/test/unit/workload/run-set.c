/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of more members than a word has bits, and than two have. */
#include <stdlib.h>
#include <string.h>
#include "tap.h"

/* In place of the list, which is shorter: the header takes its room from this. */
#define WORKLOAD_H
#ifndef WORKLOAD_MAX
#define WORKLOAD_MAX	100
#endif
#include "workload/set.h"

SET_HOLDS(WORKLOAD_MAX);

static const unsigned members[] = { 0, 1, 31, 32, 33, 63, 64, 65, 95, 96, 99 };
#define MEMBERS	(sizeof(members) / sizeof(members[0]))

/* What a set says, held against an array of its own. */
static bool is(const struct set *s, const bool *want)
{
	unsigned n = 0, least = SET_MEMBERS;

	for (unsigned i = 0; i < SET_MEMBERS; i++) {
		if (set_has(s, i) != want[i])
			return false;
		n += want[i];
		if (want[i] && least == SET_MEMBERS)
			least = i;
	}
	for (unsigned i = SET_MEMBERS; i < SET_WORDS * 32; i++)
		if (s->bits[i / 32] >> i % 32 & 1)
			return false;
	return set_size(s) == n && set_least(s) == least && set_is_empty(s) == !n;
}

static void test_one(void)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		struct set s = { { 0 } };
		bool want[SET_MEMBERS] = { false };

		set_add(&s, members[i]);
		want[members[i]] = true;
		ok(is(&s, want), "member %u alone", members[i]);
	}
}

static void test_pairs(void)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		bool good = true;

		for (unsigned k = 0; k < MEMBERS; k++) {
			struct set a = { { 0 } }, b = { { 0 } }, both;

			set_add(&a, members[i]);
			set_add(&b, members[k]);
			both = a;
			set_unite(&both, &b);
			good &= set_includes(&both, &a) && set_includes(&both, &b)
				&& set_includes(&a, &both) == (i == k)
				&& set_includes(&a, &b) == (i == k);
			good &= set_equal(&a, &b) == (i == k)
				&& set_meets(&a, &b) == (i == k)
				&& set_meets(&a, &both) && set_meets(&both, &b)
				&& set_size(&both) == (i == k ? 1 : 2);
		}
		ok(good, "member %u and each other: equal, in common, together", members[i]);
	}
}

static void test_below(void)
{
	bool want[SET_MEMBERS] = { false };
	unsigned good = 0;

	for (unsigned n = 0; n <= SET_MEMBERS; n++) {
		struct set s = set_below(n);

		if (n)
			want[n - 1] = true;
		good += is(&s, want);
	}
	ok(good == SET_MEMBERS + 1, "the first 0 to %u members", SET_MEMBERS);
}

static void test_random(void)
{
	unsigned good = 0, changes = 0;

	for (unsigned n = 0; n < 100; n++) {
		bool want[SET_MEMBERS] = { false };
		struct set s = { { 0 } };

		for (unsigned i = 0; i < SET_MEMBERS; i++, changes++) {
			unsigned member = (unsigned)rand() % SET_MEMBERS;

			set_add(&s, member);
			want[member] = true;
			good += is(&s, want);
		}
	}
	ok(good == changes, "%u members at random", changes);
}

int main(void)
{
	ok(SET_WORDS == 4 && sizeof(struct set) == 16, "a hundred members, four words");
	test_one();
	test_pairs();
	test_below();
	test_random();
	return done();
}
