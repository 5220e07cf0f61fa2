/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of ops: the local APIC.  With IF 0 its task priority can be changed at
 * will. */
#include "machine/apic_bits.h"
#include "ops_check_one.h"

#define MSR_APIC_BASE	0x1b
#define APIC_BASE_X2	(1u << 10)
#define APIC_BASE_ON	(1u << 11)
#define APIC_VERSION	0x30
#define APIC_TPR	0x80

static const char *apic_prepare(void)
{
	uint64_t base, at;

	if (!has(LEAF1_MSR) || !has(LEAF1_APIC))
		return "no local APIC";
	base = rdmsr_now(MSR_APIC_BASE);
	at = base & 0xffffffffff000;
	if (!(base & APIC_BASE_ON))
		return "the local APIC is off";
	if (at != (uintptr_t)at)
		return "the local APIC is out of reach";
	native_env.x2apic = base & APIC_BASE_X2;
	native_env.apic = (volatile uint8_t *)(uintptr_t)at;
	return NULL;
}

static uint32_t apic_now(unsigned offset)
{
	if (native_env.x2apic)
		return (uint32_t)rdmsr_now(0x800 + offset / 16);
	return *(volatile uint32_t *)(native_env.apic + offset);
}

static void apic_set(unsigned offset, uint32_t value)
{
	if (native_env.x2apic)
		wrmsr_now(0x800 + offset / 16, value);
	else
		*(volatile uint32_t *)(native_env.apic + offset) = value;
}

CHECK(apic_read)
{
	const char *none = apic_prepare();

	if (none)
		return not_run(c, none);
	return unless(paravirt_ops.apic_read(APIC_VERSION)
		      == apic_now(APIC_VERSION),
		      "the version register differs");
}

static const char *apic_written(struct check *c, FN_v_uu((*op)))
{
	const char *none = apic_prepare();
	uint32_t found, now;

	if (none)
		return not_run(c, none);
	found = apic_now(APIC_TPR);
	op(APIC_TPR, found ^ 0x20);
	now = apic_now(APIC_TPR);
	apic_set(APIC_TPR, found);
	return unless(apic_same_priority(now, found ^ 0x20),
		      "the task priority register does not read back");
}

CHECK(apic_write)
{
	return apic_written(c, paravirt_ops.apic_write);
}

CHECK(apic_write_atomic)
{
	return apic_written(c, paravirt_ops.apic_write_atomic);
}
