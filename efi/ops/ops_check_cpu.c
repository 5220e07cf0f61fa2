/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of ops: what the CPU is, its MSRs and counters, and time. */
#include "cpu/may_fault.h"
#include "cpu/msr.h"
#include "ops_check_one.h"
#include "paravirt/msr_safe.h"

#define MSR_APIC_BASE	0x1b

static bool cpuid_same(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_words want = cpuid_now(leaf, subleaf);
	uint32_t a = leaf, b = ~0u, c = subleaf, d = ~0u;

	paravirt_ops.cpuid(&a, &b, &c, &d);
	return a == want.a && b == want.b && c == want.c && d == want.d;
}

/* Leaf 4 has subleaves; above the highest leaf any answer will do, as long as
 * it is the same. */
CHECK(cpuid)
{
	return unless(cpuid_same(0, 0) && cpuid_same(4, 0) && cpuid_same(4, 1),
		      "differs from CPUID");
}

static volatile unsigned long own_word;

CHECK(wbinvd)
{
	own_word = PATTERN;
	paravirt_ops.wbinvd();
	return unless(own_word == PATTERN, "a store before it was lost");
}

CHECK(read_msr)
{
	uint64_t got;
	int err = 1;

	if (!has(LEAF1_MSR) || !has(LEAF1_APIC))
		return not_run(c, "no IA32_APIC_BASE to read");
	got = paravirt_ops.read_msr(MSR_APIC_BASE, &err);
	return unless(!err && got == rdmsr_now(MSR_APIC_BASE),
		      "IA32_APIC_BASE differs from RDMSR");
}

/* Nothing uses SYSENTER here, and NMIs and SMIs do not either.  The value has 32 bits, as
 * many as AMD's CPUs keep of it; that the others are 0 counts. */
CHECK(write_msr)
{
	uint64_t found, now;
	int err;

	if (!has(LEAF1_MSR) || !has(LEAF1_SEP))
		return not_run(c, "no IA32_SYSENTER_ESP to write");
	found = rdmsr_now(MSR_SYSENTER_ESP);
	err = paravirt_ops.write_msr(MSR_SYSENTER_ESP, PATTERN);
	now = rdmsr_now(MSR_SYSENTER_ESP);
	wrmsr_now(MSR_SYSENTER_ESP, found);
	return unless(!err && now == PATTERN,
		      "IA32_SYSENTER_ESP does not read back");
}

/*
 * An MSR that faults, and one that faults for the value 1.  Not everywhere: who emulates
 * a CPU may answer for what it does not know, so msr_read() and msr_write() are asked too.
 * Source: Intel SDM Vol. 3A, "x2APIC Register Address Space" (8FFh is reserved in x2APIC
 * mode, and out of it all of them are); AMD APM Vol. 2, "VM_HSAVE_PA MSR".
 */
#define MSR_RESERVED	0x8ff
#define MSR_VM_HSAVE_PA	0xc0010117

CHECK(read_msr_safe)
{
	uint64_t got, want = 0, reserved;
	int err = 1, err_reserved = 1;
	bool there;

	if (!has(LEAF1_MSR) || !has(LEAF1_APIC))
		return not_run(c, "no IA32_APIC_BASE to read");
	got = paravirt_ops.read_msr_safe(MSR_APIC_BASE, &err);
	there = msr_read(MSR_RESERVED, &want);
	reserved = paravirt_ops.read_msr_safe(MSR_RESERVED, &err_reserved);
	if (err || got != rdmsr_now(MSR_APIC_BASE))
		return "IA32_APIC_BASE differs from RDMSR";
	return unless(err_reserved == (there ? 0 : NATIVE_MSR_ERROR) && reserved == want,
		      "MSR 8FFh differs from RDMSR that may fault");
}

/* True if what may be written and what may not is told apart, and nothing stays. */
static bool told_apart(void)
{
	uint64_t found = 0, now = 0;
	bool readable = msr_read(MSR_VM_HSAVE_PA, &found);
	bool taken = msr_write(MSR_VM_HSAVE_PA, 1);
	int err = paravirt_ops.write_msr_safe(MSR_VM_HSAVE_PA, 1);

	if (readable && taken)
		msr_write(MSR_VM_HSAVE_PA, found);
	msr_read(MSR_VM_HSAVE_PA, &now);
	return now == found && err == (taken ? 0 : NATIVE_MSR_ERROR);
}

CHECK(write_msr_safe)
{
	uint64_t found, now;
	int err;

	if (!has(LEAF1_MSR) || !has(LEAF1_SEP))
		return not_run(c, "no IA32_SYSENTER_ESP to write");
	found = rdmsr_now(MSR_SYSENTER_ESP);
	err = paravirt_ops.write_msr_safe(MSR_SYSENTER_ESP, PATTERN);
	now = rdmsr_now(MSR_SYSENTER_ESP);
	wrmsr_now(MSR_SYSENTER_ESP, found);
	if (err || now != PATTERN)
		return "IA32_SYSENTER_ESP does not read back";
	return unless(told_apart(), "VM_HSAVE_PA differs from WRMSR that may fault");
}

static uint64_t tsc_now(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* CPUID on both sides: nothing moves across it. */
static uint64_t tsc_fenced(void)
{
	uint64_t now;

	cpuid_now(0, 0);
	now = tsc_now();
	cpuid_now(0, 0);
	return now;
}

CHECK(read_tsc)
{
	uint64_t before = tsc_fenced(), got = paravirt_ops.read_tsc();

	return unless(before <= got && got <= tsc_fenced(),
		      "not between two reads of the TSC");
}

/* CPUID leaf 0xa says whether counter 0 is there. */
static bool has_counter(unsigned *bits)
{
	struct cpuid_words counters;

	if (cpuid_now(0, 0).a < 0xa)
		return false;
	counters = cpuid_now(0xa, 0);
	*bits = counters.a >> 16 & 0xff;
	return (counters.a & 0xff) >= 1 && (counters.a >> 8 & 0xff) >= 1
		&& *bits > 1 && *bits < 64;
}

static uint64_t rdpmc_now(void)
{
	uint32_t low, high;

	asm volatile("rdpmc" : "=a" (low), "=d" (high) : "c" (0) : "memory");
	return (uint64_t)high << 32 | low;
}

/* It may be counting, and it may wrap around. */
CHECK(read_pmc)
{
	uint64_t before, got, after, mask;
	unsigned bits;

	if (c->env->no_rdpmc)
		return not_run(c, "RDPMC raises #UD here, whatever CPUID announces");
	if (!has_counter(&bits))
		return not_run(c, "CPUID announces no performance counter 0");
	mask = ((uint64_t)1 << bits) - 1;
	before = rdpmc_now();
	got = paravirt_ops.read_pmc();
	after = rdpmc_now();
	return unless(((got - before) & mask) <= ((after - before) & mask),
		      "not between two reads of the counter");
}

/* What can be seen of it is that it comes back. */
CHECK(io_delay)
{
	paravirt_ops.io_delay();
	return NULL;
}

CHECK(const_udelay)
{
	const uint64_t hz = c->env->tsc_hz;
	const uint32_t part = 42950;		/* 10 us of 2^32 */
	uint64_t ticks;

	if (!hz)
		return not_run(c, "the TSC's frequency is unknown");
	native_env.tsc_hz = hz;
	/* no fence: one may take longer than the wait, under a hypervisor */
	ticks = tsc_now();
	paravirt_ops.const_udelay(part);
	ticks = tsc_now() - ticks;
	return unless(ticks >= (part * (hz >> 16)) >> 16, "came back early");
}
