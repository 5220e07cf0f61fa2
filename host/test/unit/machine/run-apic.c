/* SPDX-License-Identifier: GPL-2.0-only */
/* What is compared of the local APIC's registers, for each way in which they are known
 * to be kept. */
#include "machine/apic_bits.h"
#include "tap.h"

/* What comes back of a task priority. */
static uint32_t whole(uint32_t v) { return v & 0xff; }
static uint32_t class_alone(uint32_t v) { return v >> 4 << 4 & 0xff; }
static uint32_t nothing(uint32_t v) { (void)v; return 0; }
static uint32_t half(uint32_t v) { return v & 0x70; }

static const struct {
	const char *who;
	uint32_t (*kept)(uint32_t v);
	bool shuts;
} keepers[] = {
	{ "the register keeps bits 7:0: a CPU, QEMU, Bochs", whole, true },
	{ "it keeps bits 7:4, as CR8: KVM on AMD", class_alone, true },
	{ "it keeps nothing", nothing, false },
	{ "it loses a bit of the class", half, false },
};
#define KEEPERS (sizeof(keepers) / sizeof(keepers[0]))

static void test_keepers(void)
{
	for (unsigned i = 0; i < KEEPERS; i++) {
		uint32_t back = keepers[i].kept(APIC_PRIORITY_ALL);
		unsigned same = 0;

		ok(apic_same_priority(back, APIC_PRIORITY_ALL) == keepers[i].shuts,
		   "%s: the priority is%s taken", keepers[i].who,
		   keepers[i].shuts ? "" : " not");
		for (uint32_t v = 0; v < 256; v++)
			same += apic_same_priority(keepers[i].kept(v), v);
		ok(keepers[i].shuts ? same == 256 : same < 256,
		   "%s: put back, %u of 256 are what they were", keepers[i].who, same);
	}
}

/* Every class is told from every other. */
static void test_classes(void)
{
	unsigned wrong = 0;

	for (uint32_t a = 0; a < 256; a++)
		for (uint32_t b = 0; b < 256; b++)
			wrong += apic_same_priority(a, b) != (a / 16 == b / 16);
	ok(!wrong, "two priorities are the same if their classes are");
}

/* An entry, a bit of it changed. */
static void test_lvt(void)
{
	static const uint32_t software = 0x7a7ff;
	unsigned wrong = 0;

	for (unsigned bit = 0; bit < 32; bit++)
		wrong += apic_same_lvt(0x10700 ^ 1u << bit, 0x10700)
			!= !(software >> bit & 1);
	ok(!wrong, "an entry differs by what software sets: not by delivery status (12), "
		   "remote IRR (14), reserved bits");
	wrong = 0;
	for (unsigned bit = 0; bit < 32; bit++)
		wrong += apic_same_spurious(0x1ff ^ 1u << bit, 0x1ff) != (bit > 8);
	ok(!wrong, "the spurious register differs by its vector and by whether the APIC is on");
}

int main(void)
{
	plan(2 * KEEPERS + 3);
	test_keepers();
	test_classes();
	test_lvt();
	return done();
}
