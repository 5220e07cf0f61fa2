/* SPDX-License-Identifier: GPL-2.0-only */
/* What loading a segment again would do, for tables as firmware has them. */
#include <string.h>
#include "machine/gdt.h"
#include "tap.h"

#define CODE64	0x00af9a000000ffffull	/* not marked as accessed */
#define DATA	0x00cf92000000ffffull
#define MARKED	GDT_ACCESSED
#define TSS	0x00008b0000000067ull
#define LDT	0x0000820000000067ull
#define NOT_PRESENT	0x00cf12000000ffffull

/* As U-Boot's for x86-64 is: nothing is marked, and it is in ROM. */
static const uint64_t rom[] = { 0, 0x00cf9a000000ffff, CODE64, DATA, DATA, DATA };

static const struct {
	const char *what;
	uint64_t slot;
	uint16_t selector;
	size_t slots;
	enum gdt_load load;
} cases[] = {
	{ "null", 0, 0, 2, GDT_LOADS },
	{ "null, of ring 3", 0, 3, 2, GDT_LOADS },
	{ "null, no table", 0, 0, 0, GDT_LOADS },
	{ "data, marked", DATA | MARKED, 8, 2, GDT_LOADS },
	{ "data, not marked", DATA, 8, 2, GDT_STORES },
	{ "data, of ring 3's selector", DATA, 8 | 3, 2, GDT_STORES },
	{ "code, marked", CODE64 | MARKED, 8, 2, GDT_LOADS },
	{ "code, not marked", CODE64, 8, 2, GDT_STORES },
	{ "not present", NOT_PRESENT, 8, 2, GDT_FAULTS },
	{ "an empty slot", 0, 8, 2, GDT_FAULTS },
	{ "a TSS", TSS, 8, 2, GDT_FAULTS },
	{ "an LDT, whose bit 40 is no mark", LDT, 8, 2, GDT_FAULTS },
	{ "beyond the table", DATA, 8, 1, GDT_FAULTS },
	{ "the last selector there is", DATA, 0xfff8, 2, GDT_FAULTS },
	{ "the LDT's", DATA, 8 | 4, 2, GDT_ELSEWHERE },
	{ "the LDT's first", DATA, 4, 2, GDT_ELSEWHERE },
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static void test_cases(void)
{
	for (unsigned i = 0; i < CASES; i++) {
		const uint64_t gdt[2] = { 0, cases[i].slot };

		ok(gdt_load(gdt, cases[i].slots, cases[i].selector) == cases[i].load,
		   "%s", cases[i].what);
	}
}

/* A copy that is marked is never stored to, and is else what it was. */
static void test_mark(void)
{
	uint64_t own[6];
	unsigned stores = 0, changed = 0;

	memcpy(own, rom, sizeof(own));
	for (unsigned i = 1; i < 6; i++)
		stores += gdt_load(own, 6, (uint16_t)(i * 8)) == GDT_STORES;
	ok(stores == 5, "a table in ROM: %u of 5 segments would be stored to", stores);
	gdt_mark(own, 6, true);
	for (unsigned i = 0; i < 6; i++) {
		stores -= i && gdt_load(own, 6, (uint16_t)(i * 8)) == GDT_LOADS;
		changed += (own[i] ^ rom[i]) & ~GDT_ACCESSED ? 1 : 0;
	}
	ok(!stores && !changed && !own[0], "its copy, marked: none, and nothing else is changed");
}

/* The upper half of a TSS's base may look like a segment, and is none. */
static void test_wide(void)
{
	const uint64_t gdt[] = { DATA, TSS, DATA, NOT_PRESENT, 0, DATA };
	uint64_t own[6];

	memcpy(own, gdt, sizeof(own));
	gdt_mark(own, 6, true);
	ok(own[0] == DATA && own[1] == TSS && own[2] == DATA && own[3] == NOT_PRESENT
	   && own[4] == 0 && own[5] == (DATA | MARKED),
	   "64-bit mode: what is no segment stays, and so does a TSS's second slot");
	memcpy(own, gdt, sizeof(own));
	gdt_mark(own, 5, false);
	ok(own[1] == TSS && own[2] == (DATA | MARKED) && own[5] == DATA,
	   "else there is none, and what is beyond the table stays");
}

static void test_slots(void)
{
	ok(gdt_slots_of(0xffff) == 8192 && gdt_slots_of(0x2f) == 6
	   && gdt_slots_of(0x30) == 6 && gdt_slots_of(0x2e) == 5 && gdt_slots_of(0) == 0,
	   "a slot that the limit cuts off is none");
}

int main(void)
{
	plan(CASES + 5);
	test_cases();
	test_mark();
	test_wide();
	test_slots();
	return done();
}
