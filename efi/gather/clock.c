/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sources of the TSC's rate, asked: what is announced, and two timers and the
 * firmware's delay watched for a while.  tsc.h decides.
 *
 * Source: ACPI Specification, "Fixed ACPI Description Table", "Power Management
 * Timer" (3.579545 MHz).
 */
#include "cpu/cpu.h"
#include "cpu/may_fault.h"
#include "firmware/acpi.h"
#include "firmware/firmware.h"
#include "gather.h"
#include "hpet.h"
#include "lib/bytes.h"
#include "lib/mem.h"
#include "machine/tsc.h"

#define PM_HZ		3579545u
#define PM_MASK		0xffffffu

/* Three intervals of 20 ms a timer: 150 ms in all with Stall()'s three of 10.
 * A step of the PM timer is 14 ppm of one. */
#define SPANS		3
#define INTERVALS	50u	/* a second */
#define STALL_US	10000u

/*
 * What ends a watch, whatever stands still.  Reads in a row that found a timer
 * where it was: a step of the slowest lasts 280 ns.  Ticks of the TSC: 20 ms
 * are 160 million at 8 GHz.  Reads in all: for a TSC that stands still as well.
 */
#define SAME_MAX	10000u
#define TICKS_MAX	500000000u
#define READS_MAX	2000000u

#define MSR_HYPERV_TSC_HZ	0x40000022

static uint16_t pm_timer_port;

static uint32_t read_pm(void)
{
	return cpu_in32(pm_timer_port) & PM_MASK;
}

/* Both clocks close together: the pair with the smallest gap of five, so that
 * what came between (an SMI) is left out. */
static uint64_t read_both(uint32_t (*read)(void), uint64_t *tsc, uint64_t *ref)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 5; i++) {
		uint64_t before = cpu_tsc_begin();
		uint32_t r = read();
		uint64_t gap = cpu_tsc_end() - before;

		if (gap >= best)
			continue;
		best = gap;
		*tsc = before + gap / 2;
		*ref = r;
	}
	return best;
}

/* Until @ticks of the timer went by, or something stands still. */
static void watch(struct tsc_span *s, uint32_t (*read)(void), uint32_t mask,
		  uint32_t ticks)
{
	uint32_t last = (uint32_t)s->ref0, same = 0;
	uint64_t before = s->tsc0;

	for (uint32_t i = 0; i < READS_MAX && same < SAME_MAX; i++) {
		uint32_t now = read();
		uint64_t tsc = cpu_tsc_end();

		if (tsc < before)
			s->backwards = true;
		if (((now - (uint32_t)s->ref0) & mask) >= ticks
		    || tsc - s->tsc0 > TICKS_MAX)
			break;
		same = now == last ? same + 1 : 0;
		last = now;
		before = tsc;
	}
}

static struct tsc_source by_timer(enum tsc_kind kind, uint32_t hz,
				  uint32_t (*read)(void), uint32_t mask)
{
	struct tsc_span s[SPANS];

	for (unsigned i = 0; i < SPANS; i++) {
		s[i] = (struct tsc_span){ .gap = 0 };
		s[i].gap = read_both(read, &s[i].tsc0, &s[i].ref0);
		watch(&s[i], read, mask, hz / INTERVALS);
		s[i].gap += read_both(read, &s[i].tsc1, &s[i].ref1);
	}
	return tsc_measured(kind, hz, mask, s, SPANS);
}

/* Its port, or 0.  A PM timer that is not in port space is left alone. */
static uint16_t pm_port(void)
{
	const uint8_t *fadt = acpi_table("FACP");
	uint64_t len = fadt ? get_le(fadt + 4, 4) : 0;
	uint64_t at = 0;

	if (len >= 80)
		at = get_le(fadt + 76, 4);
	if (!at && len >= 220 && fadt[208] == 1)
		at = get_le(fadt + 212, 8);
	return at <= UINT16_MAX ? (uint16_t)at : 0;
}

static struct tsc_source by_pm_timer(void)
{
	pm_timer_port = pm_port();
	if (!pm_timer_port)
		return tsc_silent(TSC_pm_timer,
				  "the ACPI table FACP names no port of it");
	return by_timer(TSC_pm_timer, PM_HZ, read_pm, PM_MASK);
}

static struct tsc_source by_hpet(void)
{
	const char *why = hpet_open();
	struct tsc_source s;

	if (why)
		return tsc_silent(TSC_hpet, why);
	s = by_timer(TSC_hpet, hpet_hz(), hpet_read, UINT32_MAX);
	hpet_close();
	return s;
}

static struct tsc_source by_stall(void)
{
	struct tsc_span s[SPANS];

	for (unsigned i = 0; i < SPANS; i++) {
		s[i] = (struct tsc_span){ .ref1 = STALL_US };
		s[i].tsc0 = cpu_tsc_begin();
		firmware.bs->Stall(STALL_US);
		s[i].tsc1 = cpu_tsc_end();
	}
	return tsc_measured(TSC_stall, 1000000, UINT64_MAX, s, SPANS);
}

static struct tsc_source by_hyperv(const struct cpuid *c)
{
	const char *why = tsc_has_hyperv(c);
	uint64_t hz;

	if (!why && !msr_read(MSR_HYPERV_TSC_HZ, &hz))
		why = "RDMSR: #GP";
	return why ? tsc_silent(TSC_hyperv, why) : tsc_by_hyperv(hz);
}

void clock_gather(struct tsc_source s[TSC_KIND_COUNT], const struct cpuid *c)
{
	s[TSC_hypervisor] = tsc_by_hypervisor(c);
	s[TSC_hyperv] = by_hyperv(c);
	s[TSC_leaf15] = tsc_by_leaf15(c);
	s[TSC_hpet] = by_hpet();
	s[TSC_pm_timer] = by_pm_timer();
	s[TSC_monotonic_raw] = tsc_silent(TSC_monotonic_raw, "no Linux below");
	s[TSC_stall] = by_stall();
}
