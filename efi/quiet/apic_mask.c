/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC's local vector table and task priority, see apic_mask.h.
 *
 * In x2APIC mode a register is an MSR and strict: it raises #GP where it is not
 * there and where a reserved bit is written.  So the entries' read-only bits are
 * never written back, and an entry that cannot be read is one that is not there.
 * A WRMSR to these registers need not wait for what came before it; the task
 * priority and the masks are read back, which does.
 *
 * Source: Intel SDM Vol. 3A, "Local Vector Table", "Task and Processor
 * Priorities", "TSC-Deadline Mode", "Extended XAPIC (x2APIC)", "x2APIC Register
 * Availability", "Reserved Bit Checking".
 */
#include <stddef.h>
#include "apic_mask.h"
#include "cpu/apic.h"
#include "cpu/may_fault.h"
#include "machine/apic_bits.h"

#define MSR_TSC_DEADLINE	0x6e0

/* Entries of the table, each with the least "max LVT entry" that has it. */
static const struct {
	uint16_t reg;
	uint8_t least;
} lvts[APIC_LVTS] = {
	{ APIC_LVT_TIMER, 0 }, { 0x350, 0 }, { 0x360, 0 }, { 0x370, 0 },
	{ 0x340, 4 }, { 0x330, 5 }, { 0x2f0, 6 },
};

static unsigned lvt_max;

/* Kept by apic_mask(). */
static struct apic_state lvt_before;
static uint64_t deadline_before;
static uint32_t initial_before, current_before;

/* An entry that is not there reads as masked. */
static uint32_t get(unsigned reg)
{
	uint64_t v;

	if (!apic_is_x2())
		return *apic_register(reg);
	return msr_read(apic_msr(reg), &v) ? (uint32_t)v : LVT_MASKED;
}

static void set(unsigned reg, uint32_t v)
{
	if (apic_is_x2())
		msr_write(apic_msr(reg), v);
	else
		*apic_register(reg) = v;
}

bool apic_mask_learn(void)
{
	bool there = apic_learn();

	lvt_max = there ? get(APIC_VERSION) >> 16 & 0xff : 0;
	return there;
}

static bool has_lvt(unsigned i)
{
	return apic_is_in_use() && lvts[i].least <= lvt_max;
}

static uint32_t get_lvt(unsigned i)
{
	return get(lvts[i].reg) & ~LVT_READ_ONLY;
}

struct apic_state apic_read(void)
{
	struct apic_state s = { .tpr = apic_is_in_use() ? get(APIC_TPR) : 0 };

	for (unsigned i = 0; i < APIC_LVTS; i++)
		s.lvt[i] = has_lvt(i) ? get_lvt(i) : 0;
	return s;
}

const char *apic_difference(const struct apic_state *a, const struct apic_state *b)
{
	if (!apic_same_priority(a->tpr, b->tpr))
		return "the task priority";
	for (unsigned i = 0; i < APIC_LVTS; i++)
		if (!apic_same_lvt(a->lvt[i], b->lvt[i]))
			return "the local vector table";
	return NULL;
}

void apic_set_priority(uint32_t tpr)
{
	if (apic_is_in_use())
		set(APIC_TPR, tpr);
}

static bool timer_runs(uint32_t mode)
{
	return apic_is_in_use() && (lvt_before.lvt[0] & (LVT_MODE | LVT_MASKED)) == mode;
}

bool apic_mask(void)
{
	bool ok = true;

	lvt_before = apic_read();
	deadline_before = 0;
	if (timer_runs(LVT_DEADLINE))
		msr_read(MSR_TSC_DEADLINE, &deadline_before);
	initial_before = apic_is_in_use() ? get(APIC_INITIAL) : 0;
	current_before = apic_is_in_use() ? get(APIC_CURRENT) : 0;
	for (unsigned i = 0; i < APIC_LVTS; i++)
		if (has_lvt(i)) {
			set(lvts[i].reg, lvt_before.lvt[i] | LVT_MASKED);
			ok &= !!(get_lvt(i) & LVT_MASKED);
		}
	return ok;
}

/* A timer that had fired before the masks was taken by the firmware since, which
 * may have armed it again: that shot is the one to be owed now. */
static void keep_timer(void)
{
	uint64_t deadline = 0;

	if (timer_runs(LVT_DEADLINE) && msr_read(MSR_TSC_DEADLINE, &deadline)
	    && deadline)
		deadline_before = deadline;
	if (apic_is_in_use() && get(APIC_CURRENT)) {
		initial_before = get(APIC_INITIAL);
		current_before = get(APIC_CURRENT);
	}
}

void apic_mask_again(void)
{
	for (unsigned i = 0; i < APIC_LVTS; i++) {
		uint32_t v = has_lvt(i) ? get_lvt(i) : LVT_MASKED;

		if (v & LVT_MASKED)
			continue;
		lvt_before.lvt[i] = v;
		set(lvts[i].reg, v | LVT_MASKED);
	}
	keep_timer();
}

bool apic_shut(void)
{
	apic_set_priority(APIC_PRIORITY_ALL);
	return !apic_is_in_use()
		|| apic_same_priority(get(APIC_TPR), APIC_PRIORITY_ALL);
}

void apic_unmask(void)
{
	for (unsigned i = 0; i < APIC_LVTS; i++)
		if (has_lvt(i))
			set(lvts[i].reg, lvt_before.lvt[i]);
	/* A timer that ran out while it was masked would never fire again.  The
	 * fence: the entry may be a store to memory, the deadline is an MSR. */
	asm volatile("mfence" : : : "memory");
	if (deadline_before)
		msr_write(MSR_TSC_DEADLINE, deadline_before);
	if (timer_runs(LVT_ONE_SHOT) && current_before && !get(APIC_CURRENT))
		set(APIC_INITIAL, initial_before);
	apic_set_priority(lvt_before.tpr);
}
