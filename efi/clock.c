/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How fast the TSC is: against the ACPI PM timer, else the firmware's Stall().
 *
 * Source: ACPI Specification, "Root System Description Pointer", "Fixed ACPI
 * Description Table", "Power Management Timer" (3.579545 MHz).
 */
#include "app.h"
#include "cell.h"
#include "lib.h"

#define PM_HZ		3579545u
#define PM_INTERVAL	(PM_HZ / 100)	/* 10 ms, well under a wrap of 24 bits */
#define PM_MASK		0xffffffu
/* A timer that stands still ends here.  10 ms are some 35000 reads at the most;
 * this many take 0.1 s, or a few seconds where each one exits to a hypervisor. */
#define PM_LOOPS_MAX	200000u

static const EFI_GUID acpi2 = { 0x8868e871, 0xe4f1, 0x11d3,
	{ 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 } };
static const EFI_GUID acpi1 = { 0xeb9d2d30, 0x2d88, 0x11d3,
	{ 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };

static const uint8_t *find_rsdp(void)
{
	const uint8_t *found = NULL;

	for (UINTN i = 0; i < app.st->NumberOfTableEntries; i++) {
		const EFI_CONFIGURATION_TABLE *t = &app.st->ConfigurationTable[i];

		if (!memcmp(&t->VendorGuid, &acpi2, sizeof(acpi2)))
			return t->VendorTable;
		if (!memcmp(&t->VendorGuid, &acpi1, sizeof(acpi1)))
			found = t->VendorTable;
	}
	return found;
}

static uint64_t get(const uint8_t *p, unsigned bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

/* The table "FACP", by the XSDT's 8-byte pointers or the RSDT's 4-byte ones. */
static const uint8_t *find_fadt(void)
{
	const uint8_t *rsdp = find_rsdp(), *root;
	unsigned width;

	if (!rsdp || memcmp(rsdp, "RSD PTR ", 8))
		return NULL;
	width = rsdp[15] >= 2 && get(rsdp + 24, sizeof(void *)) ? 8 : 4;
	root = (const uint8_t *)(uintptr_t)get(rsdp + (width == 8 ? 24 : 16), width);
	for (uint64_t at = 36; root && at + width <= get(root + 4, 4); at += width) {
		const uint8_t *t = (const uint8_t *)(uintptr_t)get(root + at, width);

		if (t && !memcmp(t, "FACP", 4))
			return t;
	}
	return NULL;
}

/* Its port, or 0.  A PM timer that is not in port space is left alone. */
static uint16_t pm_port(void)
{
	const uint8_t *fadt = find_fadt();
	uint64_t len = fadt ? get(fadt + 4, 4) : 0;

	uint64_t port = 0;

	if (len >= 80)
		port = get(fadt + 76, 4);
	if (!port && len >= 220 && fadt[208] == 1)
		port = get(fadt + 212, 8);
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

struct both {
	uint64_t tsc;
	uint32_t pm;
};

/* Reads both clocks close together: the pair with the smallest gap of five. */
static struct both read_both(uint16_t port)
{
	uint64_t best = UINT64_MAX;
	struct both b = { 0, 0 };

	for (int i = 0; i < 5; i++) {
		uint64_t before = cpu_tsc_begin();
		uint32_t p = cpu_in32(port) & PM_MASK;
		uint64_t gap = cpu_tsc_end() - before;

		if (gap >= best)
			continue;
		best = gap;
		b = (struct both){ before + gap / 2, p };
	}
	return b;
}

/* Hz, or 0 if the PM timer stands still. */
static uint64_t by_pm_timer(uint16_t port)
{
	struct both first = read_both(port), last;
	uint32_t loops = 0;

	while (((cpu_in32(port) - first.pm) & PM_MASK) < PM_INTERVAL)
		if (++loops == PM_LOOPS_MAX)
			return 0;
	last = read_both(port);
	return (last.tsc - first.tsc) * PM_HZ / ((last.pm - first.pm) & PM_MASK);
}

static uint64_t by_stall(void)
{
	uint64_t before = cpu_tsc_begin();

	app.bs->Stall(10000);
	return (cpu_tsc_end() - before) * 100;
}

void clock_calibrate(struct environment *env)
{
	uint16_t port = pm_port();
	int64_t hz[3];

	env->tsc_source = "ACPI PM timer";
	for (int i = 0; i < 3; i++) {
		hz[i] = port ? (int64_t)by_pm_timer(port) : 0;
		if (!hz[i])
			port = 0;
	}
	if (!port) {
		env->tsc_source = "firmware Stall()";
		for (int i = 0; i < 3; i++)
			hz[i] = (int64_t)by_stall();
	}
	env->tsc_hz = (uint64_t)median_of(hz, 3);
}
