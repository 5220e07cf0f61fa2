/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is compared of registers that are read back, for each way in which whoever stands
 * in for a CPU is known to keep them: docs/hypervisors.md names who they are.
 */
#include "machine/kept.h"
#include "tap.h"

/* What is there once @v was written, @was having been there. */
struct keeper {
	const char *who;
	unsigned long (*keeps)(unsigned long was, unsigned long v);
	bool good;
};

static unsigned long whole(unsigned long was, unsigned long v) { (void)was; return v; }
static unsigned long nothing(unsigned long was, unsigned long v) { (void)v; return was; }

static unsigned long dr6_fixed(unsigned long was, unsigned long v)
{
	(void)was;
	return (v & 0xe00f) | 0xffff0ff0;
}

/* RTM and bus lock are there: bits 16 and 11 may be 0. */
static unsigned long dr6_all(unsigned long was, unsigned long v)
{
	(void)was;
	return (v & 0x1e80f) | 0xfffe07f0;
}

static unsigned long dr6_no_step(unsigned long was, unsigned long v)
{
	(void)was;
	return (v & 0xa00f) | 0xffff0ff0;
}

static const struct keeper dr6[] = {
	{ "DR6: KVM, QEMU, Bochs: reserved bits are fixed", dr6_fixed, true },
	{ "DR6: KVM with RTM and bus lock detection", dr6_all, true },
	{ "DR6: whatever is written", whole, true },
	{ "DR6: a lost BS", dr6_no_step, false },
};

static unsigned long dr7_fixed(unsigned long was, unsigned long v)
{
	(void)was;
	return (v & 0xffff2bff) | 0x400;
}

static unsigned long dr7_no_gd(unsigned long was, unsigned long v)
{
	(void)was;
	return (v & 0xffff03ff) | 0x400;
}

static const struct keeper dr7[] = {
	{ "DR7: KVM, QEMU: bit 10 is fixed", dr7_fixed, true },
	{ "DR7: whatever is written", whole, true },
	{ "DR7: a lost GD", dr7_no_gd, false },
};

static unsigned long cr0_et(unsigned long was, unsigned long v)
{
	(void)was;
	return v | 1u << 4;
}

static unsigned long cr0_known(unsigned long was, unsigned long v)
{
	(void)was;
	return (v & 0xe005003f) | 1u << 4;
}

static const struct keeper cr0[] = {
	{ "CR0: a CPU, KVM, Xen: ET is 1", cr0_et, true },
	{ "CR0: and reserved bits go", cr0_known, true },
	{ "CR0: nothing is taken", nothing, false },
};

static unsigned long cr8_known(unsigned long was, unsigned long v)
{
	(void)was;
	return v & 0xf;
}

static unsigned long cr8_narrow(unsigned long was, unsigned long v)
{
	(void)was;
	return v & 0x7;
}

static const struct keeper cr8[] = {
	{ "CR8: a CPU: four bits", cr8_known, true },
	{ "CR8: whatever is written", whole, true },
	{ "CR8: a lost bit of four", cr8_narrow, false },
};

static bool same_dr6(unsigned long a, unsigned long b) { return kept_same_dr(6, a, b); }
static bool same_dr7(unsigned long a, unsigned long b) { return kept_same_dr(7, a, b); }

/* Of all single bits, and of what a reset leaves: is what was written what is there? */
static void test_keepers(const struct keeper *k, unsigned n,
			 bool (*same)(unsigned long a, unsigned long b))
{
	for (unsigned i = 0; i < n; i++) {
		unsigned wrong = 0;

		for (unsigned bit = 0; bit < 32; bit++)
			wrong += !same(k[i].keeps(0, 1ul << bit), 1ul << bit);
		ok(!wrong == k[i].good, "%s: %s", k[i].who,
		   k[i].good ? "what is written is what is there" : "is seen");
	}
}

/* Values as a sloppy reset leaves them are no difference to those a write makes. */
static void test_fixed_bits(void)
{
	ok(kept_same_dr(6, 0, 0xffff0ff0) && kept_same_dr(7, 0, 0x400),
	   "DR6 and DR7: fixed bits that come with the first write are no difference");
	ok(!kept_same_dr(0, 1ul << 31, 0) && !kept_same_dr(3, 0, 1),
	   "DR0 to DR3: every bit is one");
}

static void test_msrs(void)
{
	ok(kept_same_lfence(2, 0x40000002) && !kept_same_lfence(2, 0)
	   && kept_same_lfence(0, ~2ull), "C001_1029h: bit 1 counts, and no other");
	ok((KEPT_FIXED_CONTROL & 0xff0) == 0xbb0 && KEPT_GLOBAL_CONTROL >> 33 & 1
	   && !(KEPT_GLOBAL_CONTROL >> 48) && (uint32_t)KEPT_FIXED_COUNT == UINT32_MAX,
	   "counters: AnyThread and what is no counter's enable are nobody's");
}

static const struct {
	const char *who;
	uint8_t and, or;		/* of what is written, what reads back */
	enum kept_pic kept;
} pics[] = {
	{ "an 8259: a chip, KVM's, QEMU's, Xen's, Bochs'", 0xff, 0, KEPT_PIC_MASKED },
	{ "none, ports that float: Xen PVH, QEMU with pic=off", 0, 0xff, KEPT_PIC_MASKED },
	{ "none, ports that read 0", 0, 0, KEPT_PIC_ABSENT },
	{ "none, ports that read something", 0, 0x5a, KEPT_PIC_ABSENT },
	{ "one that cannot mask its input 2", 0xfb, 0, KEPT_PIC_OPEN },
	{ "one that cannot mask its input 7", 0x7f, 0, KEPT_PIC_OPEN },
};
#define PICS (sizeof(pics) / sizeof(pics[0]))

static void test_pics(void)
{
	for (unsigned i = 0; i < PICS; i++)
		ok(kept_by_pic((0xff & pics[i].and) | pics[i].or, (0xfe & pics[i].and) | pics[i].or)
		   == pics[i].kept, "%s", pics[i].who);
}

int main(void)
{
	plan(4 + 3 + 3 + 3 + 2 + 2 + PICS);
	test_keepers(dr6, 4, same_dr6);
	test_keepers(dr7, 3, same_dr7);
	test_keepers(cr0, 3, kept_same_cr0);
	test_keepers(cr8, 3, kept_same_cr8);
	test_fixed_bits();
	test_msrs();
	test_pics();
	return done();
}
