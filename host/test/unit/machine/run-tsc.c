/* SPDX-License-Identifier: GPL-2.0-only */
/* The TSC's rate from sources that are made up, good ones and broken ones. */
#include <inttypes.h>
#include <string.h>
#include "tap.h"
#include "machine/tsc.h"
#include "lib/mul_div.h"

/* A CPU that answers as one of these tables does, and above its limits with
 * the last row's data, as Intel's do. */
struct leaf {
	uint32_t leaf, r[4];
};

#define MAX(leaf, max)	{ leaf, { max, 0, 0, 0 } }
#define INTEL(max)	{ 0, { max, 0x756e6547, 0x6c65746e, 0x49656e69 } }
#define AMD(max)	{ 0, { max, 0x68747541, 0x444d4163, 0x69746e65 } }
#define SIGNATURE(eax, ecx)	{ 1, { eax, 0, ecx, 0 } }
#define GUEST		0x80000000
#define KABY_LAKE	0x000806e9
#define GOLDMONT	0x000506c9
#define DENVERTON	0x000506f1
#define SAPPHIRE_RAPIDS	0x000806f8
#define MODEL_FAMILY_15	0x00000f29
#define VMWARE(max)	{ 0x40000000, { max, 0x61774d56, 0x4d566572, 0x65726177 } }
#define HYPERV(max)	{ 0x40000000, { max, 0x7263694d, 0x666f736f, 0x76482074 } }
#define JUNK		{ 0xffffffff, { 0x240, 0x240, 0x340, 0x8 } }

static const struct leaf *cpu;
static unsigned leaves;

static void fake_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	unsigned i = 0;

	(void)sub;
	while (i < leaves - 1 && cpu[i].leaf != leaf)
		i++;
	memcpy(r, cpu[i].r, sizeof(cpu[i].r));
}

#define MHZ(x)	((x) * 1000000ull)

static const struct announcing {
	const char *what;
	struct leaf leaf[6];
	uint64_t leaf15, hypervisor;
	const char *why15;
	bool hyperv;
} cpus[] = {
	{ "QEMU -cpu max: largest leaf 0Dh, junk above it",
	  { INTEL(0xd), SIGNATURE(0x663, GUEST), MAX(0x40000000, 0x40000001),
	    MAX(0x80000000, 0x8000000a), JUNK }, 0, 0, "above the largest leaf", false },
	{ "Sapphire Rapids",
	  { INTEL(0x20), SIGNATURE(SAPPHIRE_RAPIDS, 0), { 0x15, { 2, 160, 25000000, 0 } },
	    MAX(0x80000000, 0x80000008), JUNK }, MHZ(2000), 0, NULL, false },
	{ "a crystal that is not said, of a known model",
	  { INTEL(0x16), SIGNATURE(KABY_LAKE, 0), { 0x15, { 2, 176, 0, 0 } }, JUNK },
	  MHZ(2112), 0, NULL, false },
	{ "the same, Goldmont",
	  { INTEL(0x15), SIGNATURE(GOLDMONT, 0), { 0x15, { 3, 171, 0, 0 } }, JUNK },
	  19200000ull * 57, 0, NULL, false },
	{ "the same, Denverton",
	  { INTEL(0x15), SIGNATURE(DENVERTON, 0), { 0x15, { 2, 176, 0, 0 } }, JUNK },
	  MHZ(2200), 0, NULL, false },
	{ "the same, a model that is not known",
	  { INTEL(0x16), SIGNATURE(SAPPHIRE_RAPIDS, 0), { 0x15, { 2, 176, 0, 0 } }, JUNK },
	  0, 0, "it says no crystal, and this model's is not known", false },
	{ "the same, model 8Eh of another family",
	  { INTEL(0x16), SIGNATURE(0x00080fe9, 0), { 0x15, { 2, 176, 0, 0 } }, JUNK },
	  0, 0, "it says no crystal, and this model's is not known", false },
	{ "no ratio: EAX is 0",
	  { INTEL(0x16), SIGNATURE(KABY_LAKE, 0), { 0x15, { 0, 176, 24000000, 0 } }, JUNK },
	  0, 0, "it has no ratio", false },
	{ "no ratio: EBX is 0",
	  { INTEL(0x16), SIGNATURE(KABY_LAKE, 0), { 0x15, { 2, 0, 24000000, 0 } }, JUNK },
	  0, 0, "it has no ratio", false },
	{ "a huge ratio over 1",
	  { INTEL(0x16), SIGNATURE(KABY_LAKE, 0), { 0x15, { 1, 0xffffffff, 0xffffffff, 0 } },
	    JUNK },
	  0, 0, "it says what no TSC's rate is", false },
	{ "1 over a huge number",
	  { INTEL(0x16), SIGNATURE(KABY_LAKE, 0), { 0x15, { 0xffffffff, 1, 24000000, 0 } }, JUNK },
	  0, 0, "it says 0", false },
	{ "a ratio that is small, but not nothing",
	  { INTEL(0x16), SIGNATURE(KABY_LAKE, 0), { 0x15, { 0x1000, 1, 24000000, 0 } }, JUNK },
	  0, 0, "it says what no TSC's rate is", false },
	{ "AMD, whatever its leaf 15h says",
	  { AMD(0x16), SIGNATURE(0x00a20f10, 0), { 0x15, { 2, 176, 24000000, 0 } }, JUNK },
	  0, 0, "believed of Intel alone", false },
	{ "VMware",
	  { INTEL(0x16), SIGNATURE(KABY_LAKE, GUEST), { 0x15, { 2, 0, 0, 0 } },
	    VMWARE(0x40000010), { 0x40000010, { 2112000, 66000, 0, 0 } }, JUNK },
	  0, MHZ(2112), "it has no ratio", false },
	{ "a leaf 40000010h above the hypervisor's largest",
	  { INTEL(0xd), SIGNATURE(KABY_LAKE, GUEST), VMWARE(0x4000000f),
	    { 0x40000010, { 2112000, 66000, 0, 0 } }, JUNK },
	  0, 0, "above the largest leaf", false },
	{ "a leaf 40000010h without a hypervisor",
	  { INTEL(0xd), SIGNATURE(KABY_LAKE, 0), VMWARE(0x40000010),
	    { 0x40000010, { 2112000, 66000, 0, 0 } }, JUNK },
	  0, 0, "above the largest leaf", false },
	{ "a hypervisor that says 0 kHz",
	  { INTEL(0xd), SIGNATURE(KABY_LAKE, GUEST), VMWARE(0x40000010),
	    { 0x40000010, { 0, 0, 0, 0 } }, JUNK },
	  0, 0, "above the largest leaf", false },
	{ "a hypervisor that says 4294967 MHz",
	  { INTEL(0xd), SIGNATURE(KABY_LAKE, GUEST), VMWARE(0x40000010),
	    { 0x40000010, { 0xffffffff, 0, 0, 0 } }, JUNK },
	  0, 0, "above the largest leaf", false },
	{ "Hyper-V",
	  { INTEL(0xd), SIGNATURE(KABY_LAKE, GUEST), HYPERV(0x40000006),
	    { 0x40000003, { 1 << 11, 0, 0, 0 } }, JUNK },
	  0, 0, "above the largest leaf", true },
	{ "Hyper-V that gives no access",
	  { INTEL(0xd), SIGNATURE(KABY_LAKE, GUEST), HYPERV(0x40000006),
	    { 0x40000003, { 1 << 10, 0, 0, 0 } }, JUNK },
	  0, 0, "above the largest leaf", false },
	{ "Hyper-V's bit by another vendor",
	  { INTEL(0xd), SIGNATURE(KABY_LAKE, GUEST), VMWARE(0x40000006),
	    { 0x40000003, { 1 << 11, 0, 0, 0 } }, JUNK },
	  0, 0, "above the largest leaf", false },
	{ "Hyper-V whose largest leaf is below 40000003h",
	  { INTEL(0xd), SIGNATURE(KABY_LAKE, GUEST), HYPERV(0x40000002),
	    { 0x40000003, { 1 << 11, 0, 0, 0 } }, JUNK },
	  0, 0, "above the largest leaf", false },
	{ "a largest leaf that is junk",
	  { INTEL(0xffffffff), SIGNATURE(KABY_LAKE, 0), { 0x15, { 2, 176, 24000000, 0 } }, JUNK },
	  0, 0, "above the largest leaf", false },
};

static bool is_why(const char *got, const char *want)
{
	return got == want || (got && want && !strcmp(got, want));
}

static void test_announced(void)
{
	for (unsigned i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++) {
		const struct announcing *a = &cpus[i];
		struct tsc_source by15, byhv;
		struct cpuid c;

		cpu = a->leaf;
		for (leaves = 1; cpu[leaves - 1].leaf != 0xffffffff; leaves++)
			;
		c = cpuid_open(fake_cpuid);
		by15 = tsc_by_leaf15(&c);
		byhv = tsc_by_hypervisor(&c);
		ok(by15.hz == a->leaf15 && is_why(by15.why, a->why15)
		   && byhv.hz == a->hypervisor && !byhv.why == !!byhv.hz
		   && !tsc_has_hyperv(&c) == a->hyperv, "%s: %" PRIu64 " %s, %"
		   PRIu64 " %s", a->what, by15.hz, by15.why ? by15.why : "",
		   byhv.hz, byhv.why ? byhv.why : "");
	}
	ok1(tsc_by_hyperv(MHZ(2400)).hz == MHZ(2400));
	ok1(!tsc_by_hyperv(0).hz && tsc_by_hyperv(0).why);
	ok1(!tsc_by_hyperv(UINT64_MAX).hz && tsc_by_hyperv(UINT64_MAX).why);
}

#define PM_HZ	3579545
#define PM_MASK	0xffffffull

/* 20 ms of a 2.5 GHz TSC against the PM timer, which wraps in between. */
static const struct tsc_span good = {
	.tsc0 = 1000000000, .tsc1 = 1050000140, .ref0 = 0xfffff0,
	.ref1 = 0xfffff0 + 71591 - 0x1000000, .gap = 100,
};

static struct tsc_source measured(struct tsc_span a, struct tsc_span b,
				  struct tsc_span c)
{
	const struct tsc_span s[3] = { a, b, c };

	return tsc_measured(TSC_pm_timer, PM_HZ, PM_MASK, s, 3);
}

static void test_good(void)
{
	struct tsc_span fast = good, slow = good, span[3];
	struct tsc_source s;

	fast.tsc1 += 100000;		/* 2000 ppm */
	slow.tsc1 -= 50000;
	s = measured(good, fast, slow);
	ok(tsc_ppm(s.hz, MHZ(2500)) < 10 && !s.why && s.n == 3
	   && s.motion == TSC_ADVANCED, "the median, across a wrap: %" PRIu64, s.hz);
	ok(s.spread_ppm >= 3000 && s.spread_ppm <= 3010, "spread of %u ppm", s.spread_ppm);
	ok(s.resolution_ppm >= 14 && s.resolution_ppm <= 18, "resolution of %u ppm",
	   s.resolution_ppm);
	ok1(measured(slow, good, fast).hz == s.hz && measured(fast, slow, good).hz == s.hz);
	ok1(measured(good, good, good).spread_ppm == 0);
	span[0] = fast;
	span[1] = slow;
	span[2] = good;
	ok(tsc_measured(TSC_stall, PM_HZ, PM_MASK, span, 3).hz
	   == measured(slow, slow, slow).hz, "of delays the shortest");
}

static void test_broken(void)
{
	struct tsc_span stopped = good, back = good, dip = good, still = good;
	struct tsc_source s;

	stopped.tsc1 = stopped.tsc0;
	back.tsc1 = back.tsc0 - 1;
	dip.backwards = true;
	still.ref1 = still.ref0;
	s = measured(good, good, stopped);
	ok(!s.hz && s.motion == TSC_STOOD_STILL
	   && is_why(s.why, "the TSC does not advance"), "a TSC that stops once");
	s = measured(good, back, good);
	ok(!s.hz && s.motion == TSC_RAN_BACKWARDS
	   && is_why(s.why, "the TSC ran backwards"), "a TSC that ends below its start");
	s = measured(dip, good, good);
	ok(!s.hz && s.motion == TSC_RAN_BACKWARDS, "a TSC that dips in between");
	s = measured(still, still, still);
	ok(!s.hz && s.motion == TSC_ADVANCED && is_why(s.why, "it stands still"),
	   "a timer that stands still");
	still.tsc1 = still.tsc0;
	ok1(measured(still, still, still).motion == TSC_STOOD_STILL);
	s = tsc_measured(TSC_hpet, 0, UINT32_MAX, &good, 1);
	ok(!s.hz && s.why, "an HPET of period 0 has no rate");
	s = tsc_measured(TSC_hpet, PM_HZ, UINT32_MAX, &good, 0);
	ok(!s.hz && s.why, "no measurement, no rate");
}

/* What does not fit says so; what fits is not lost on the way. */
static void test_large(void)
{
	struct tsc_span s = { .tsc0 = 1, .tsc1 = UINT64_MAX, .ref0 = 0, .ref1 = 1 };

	ok1(!tsc_measured(TSC_hpet, 2, UINT64_MAX, &s, 1).hz);
	ok1(tsc_measured(TSC_hpet, 2, UINT64_MAX, &s, 1).why);
	s.ref1 = UINT64_MAX;
	ok1(tsc_measured(TSC_hpet, MHZ(100), UINT64_MAX, &s, 1).hz == MHZ(100) - 1);
	s.tsc1 = 3;
	ok1(!tsc_measured(TSC_hpet, MHZ(100), UINT64_MAX, &s, 1).hz);
	ok1(mul_div(UINT64_MAX, UINT64_MAX, UINT64_MAX) == UINT64_MAX);
	ok1(mul_div(UINT64_MAX - 1, UINT64_MAX, UINT64_MAX) == UINT64_MAX - 1);
	ok1(mul_div(UINT64_MAX, 2, 3) == 0xaaaaaaaaaaaaaaaa);
	ok1(mul_div(UINT64_MAX, 2, 1) == UINT64_MAX && mul_div(1, 1, 0) == UINT64_MAX);
	ok1(mul_div(0, UINT64_MAX, 1) == 0 && mul_div(7, 9, 10) == 6);
	ok1(tsc_ppm(101, 100) == 10000 && tsc_ppm(100, 101) == 9900);
	ok1(tsc_ppm(1, 0) == UINT32_MAX && tsc_ppm(UINT64_MAX, 1) == UINT32_MAX);
}

static void test_hpet(void)
{
	ok1(tsc_hpet_hz(10000000) == 100000000);	/* QEMU's */
	ok1(tsc_hpet_hz(69841279) == 14318180);
	ok1(tsc_hpet_hz(41666667) == 24000000);
	ok1(tsc_hpet_hz(100000000) == 10000000);
	ok1(!tsc_hpet_hz(0) && !tsc_hpet_hz(100000001) && !tsc_hpet_hz(UINT32_MAX));
	ok1(!tsc_hpet_hz(1) && !tsc_hpet_hz(232830) && tsc_hpet_hz(232831));
}

#ifdef __SIZEOF_INT128__
/* Against the compiler's own 128 bits, where it has them. */
static void test_mul_div(void)
{
	uint64_t seed = 0x853c49e6748fea9b, v[3];
	unsigned wrong = 0;

	for (unsigned i = 0; i < 300000; i++) {
		unsigned __int128 want;

		for (unsigned k = 0; k < 3; k++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			v[k] = seed >> (seed % 61);
		}
		if (!v[2])
			continue;
		want = (unsigned __int128)v[0] * v[1] / v[2];
		if (want > UINT64_MAX)
			want = UINT64_MAX;
		wrong += mul_div(v[0], v[1], v[2]) != (uint64_t)want;
	}
	ok(!wrong, "mul_div of 300000 random numbers");
}
#else
static void test_mul_div(void)
{
}
#endif

#define NONE	-1
#define AT(k, mhz)	{ .kind = TSC_##k, .hz = MHZ(mhz) }
#define SPREAD(k, mhz, ppm)	{ .kind = TSC_##k, .hz = MHZ(mhz), .n = 3, .spread_ppm = ppm }
#define SILENT(k)	{ .kind = TSC_##k, .why = "silent" }
#define BAD(k, how)	{ .kind = TSC_##k, .why = "bad", .motion = how }

static const struct choosing {
	const char *what;
	unsigned n;
	struct tsc_source s[5];
	uint64_t mhz;
	int source, cross;
	uint32_t ppm;
	const char *doubt;
} choices[] = {
	{ "announced and confirmed", 4,
	  { AT(leaf15, 2000), AT(hpet, 2001), AT(pm_timer, 2000), AT(stall, 2010) },
	  2000, 0, 1, 500, "" },
	{ "the hypervisor before the leaf", 3,
	  { AT(leaf15, 2000), AT(hypervisor, 2001), AT(pm_timer, 2000) },
	  2001, 1, 2, 499, "" },
	{ "in any order", 3,
	  { AT(pm_timer, 2000), AT(hpet, 2001), AT(leaf15, 2000) },
	  2000, 2, 1, 500, "" },
	{ "announced nonsense", 3,
	  { AT(leaf15, 8000), SILENT(hpet), AT(pm_timer, 2596) },
	  2596, 2, NONE, 0,
	  "CPUID leaf 15h says 8000 MHz, ACPI PM timer 2596 MHz: not believed; not cross-checked" },
	{ "announced nonsense, two timers agree", 3,
	  { AT(hypervisor, 8000), AT(hpet, 2600), AT(pm_timer, 2596) },
	  2600, 1, 2, 1538,
	  "hypervisor leaf 40000010h says 8000 MHz, HPET 2600 MHz: not believed" },
	{ "one announcement is nonsense, the next is not", 3,
	  { AT(hypervisor, 8000), AT(leaf15, 2600), AT(pm_timer, 2596) },
	  2600, 1, 2, 1538,
	  "hypervisor leaf 40000010h says 8000 MHz, ACPI PM timer 2596 MHz: not believed" },
	{ "one per cent and a little less", 2, { AT(leaf15, 2525), AT(hpet, 2500) },
	  2525, 0, 1, 9900, "" },
	{ "one per cent and a little more", 3,
	  { AT(leaf15, 2526), AT(hpet, 2500), AT(pm_timer, 2500) },
	  2500, 1, 2, 0, "CPUID leaf 15h says 2526 MHz, HPET 2500 MHz: not believed" },
	{ "a PM timer at double speed, and the leaf", 3,
	  { AT(leaf15, 2600), AT(hpet, 2600), AT(pm_timer, 1300) },
	  2600, 0, 1, 0, "ACPI PM timer says 1300 MHz, HPET 2600 MHz: as if it ran at "
			 "double speed" },
	{ "a PM timer at double speed, no leaf", 2,
	  { AT(hpet, 2600), AT(pm_timer, 1302) },
	  2600, 0, 1, 499230, "ACPI PM timer says 1302 MHz, HPET 2600 MHz: as if it ran at "
			      "double speed" },
	{ "an HPET at half speed: the leaf and the PM timer against it", 3,
	  { AT(leaf15, 2600), AT(hpet, 5200), AT(pm_timer, 2600) },
	  2600, 0, 2, 0, "HPET says 5200 MHz, ACPI PM timer 2600 MHz: as if it ran at half speed" },
	{ "two timers that differ", 2, { AT(hpet, 2600), AT(pm_timer, 2500) },
	  2600, 0, 1, 38461, "ACPI PM timer says 2500 MHz, HPET 2600 MHz: one of them is wrong" },
	{ "the leaf and Stall() against a timer: Stall() may count the TSC", 3,
	  { AT(leaf15, 3000), AT(pm_timer, 1500), AT(stall, 3000) },
	  1500, 1, 2, 1000000,
	  "CPUID leaf 15h says 3000 MHz, ACPI PM timer 1500 MHz: not believed; "
	  "firmware Stall() says 3000 MHz, ACPI PM timer 1500 MHz: as if it ran at half speed; "
	  "cross-checked by the firmware's Stall() alone, which may count the same" },
	{ "two timers agree, and Stall() was late", 3,
	  { AT(hpet, 2000), AT(pm_timer, 2001), SPREAD(stall, 2900, 400000) },
	  2000, 0, 1, 500, "" },
	{ "a timer and a late Stall()", 2, { AT(pm_timer, 2000), AT(stall, 2100) },
	  2000, 0, 1, 50000,
	  "firmware Stall() says 2100 MHz, ACPI PM timer 2000 MHz: one of them is wrong; "
	  "cross-checked by the firmware's Stall() alone, which may count the same" },
	{ "a timer and Stall()", 2, { AT(pm_timer, 2000), AT(stall, 2001) },
	  2000, 0, 1, 500, "cross-checked by the firmware's Stall() alone, which may count "
			   "the same" },
	{ "the leaf and Stall()", 2, { AT(leaf15, 2000), AT(stall, 2001) },
	  2000, 0, 1, 500, "cross-checked by the firmware's Stall() alone, which may count "
			   "the same" },
	{ "one timer", 3, { SILENT(leaf15), SILENT(hpet), AT(pm_timer, 2000) },
	  2000, 2, NONE, 0, "not cross-checked" },
	{ "Stall() alone", 1, { AT(stall, 2000) }, 2000, 0, NONE, 0, "not cross-checked" },
	{ "announced, no timer", 4,
	  { AT(leaf15, 2000), SILENT(hpet), SILENT(pm_timer), SILENT(stall) },
	  2000, 0, NONE, 0, "not cross-checked: there is no timer" },
	{ "nothing", 2, { SILENT(leaf15), SILENT(pm_timer) }, 0, NONE, NONE, 0,
	  "nothing says how fast the TSC is: there is no timer" },
	{ "no sources", 0, { SILENT(leaf15) }, 0, NONE, NONE, 0,
	  "nothing says how fast the TSC is: there is no timer" },
	{ "a TSC that stands still", 3,
	  { AT(leaf15, 2000), BAD(hpet, TSC_STOOD_STILL), BAD(pm_timer, TSC_STOOD_STILL) },
	  0, NONE, NONE, 0, "the TSC does not advance" },
	{ "a TSC that ran backwards, though another timer saw nothing", 3,
	  { AT(leaf15, 2000), AT(hpet, 2000), BAD(pm_timer, TSC_RAN_BACKWARDS) },
	  0, NONE, NONE, 0, "the TSC ran backwards" },
	{ "measurements that differ", 2,
	  { SPREAD(hpet, 2000, 1000), SPREAD(pm_timer, 2000, 1001) },
	  2000, 0, 1, 0, "measurements by ACPI PM timer differ by 1001 ppm" },
	{ "rates at the end of 64 bits", 2,
	  { { .kind = TSC_leaf15, .hz = UINT64_MAX }, { .kind = TSC_hpet, .hz = UINT64_MAX - 1 } },
	  0, 0, 1, 0, "" },
};

static void test_choices(void)
{
	for (unsigned i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		const struct choosing *w = &choices[i];
		struct tsc_choice c = tsc_choose(w->s, w->n);

		if (!ok((c.hz == MHZ(w->mhz) || c.hz == UINT64_MAX)
			&& c.source == w->source && c.cross == w->cross
			&& c.deviation_ppm == w->ppm && !strcmp(c.doubt, w->doubt),
			"%s", w->what))
			diag("%" PRIu64 " Hz by %d and %d, %u ppm, \"%s\"", c.hz,
			     c.source, c.cross, c.deviation_ppm, c.doubt);
	}
}

/* Every doubt at once is cut, not lost. */
static void test_doubt_full(void)
{
	struct tsc_choice c = { .hz = 1 };

	for (unsigned i = 0; i < 100; i++)
		tsc_doubt(&c, "0123456789");
	ok1(strlen(c.doubt) == sizeof(c.doubt) - 1);
	ok1(!strncmp(c.doubt, "0123456789; 0123456789; ", 24));
}

int main(void)
{
	test_announced();
	test_good();
	test_broken();
	test_large();
	test_hpet();
	test_mul_div();
	test_choices();
	test_doubt_full();
	return done();
}
