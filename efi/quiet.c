/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The quiet window: maskable interrupts silenced at their sources.
 *
 * IF alone will not do.  What is timed turns IF on, and would take whatever is
 * pending; and on some cores a pending interrupt that IF holds off slows
 * retirement all the while.  So the local vector table and both 8259s are
 * masked, what was pending before that is taken by the firmware's own handlers,
 * and then the task priority shuts out what IOAPICs and devices may send.
 *
 * Source: Intel SDM Vol. 3A, "Local Vector Table", "Task and Processor
 * Priorities", "Extended XAPIC (x2APIC)"; Intel 8259A data sheet, "OCW1".
 */
#include "app.h"

#define CPUID1_EDX_APIC		(1u << 9)
#define MSR_APIC_BASE		0x1b
#define APIC_BASE_X2		(1u << 10)
#define APIC_BASE_ENABLED	(1u << 11)
#define MSR_X2APIC		0x800	/* register r is MSR 800 + r / 16 */
#define MSR_TSC_DEADLINE	0x6e0

enum {
	APIC_VERSION = 0x30, APIC_TPR = 0x80, APIC_INITIAL = 0x380,
	APIC_CURRENT = 0x390, APIC_LVT_TIMER = 0x320,
};
#define LVT_STATUS	(1u << 12 | 1u << 14)	/* pending, remote IRR */
#define LVT_MASKED	(1u << 16)
#define LVT_MODE	(3u << 17)	/* of the timer */
#define LVT_ONE_SHOT	(0u << 17)
#define LVT_DEADLINE	(2u << 17)

#define PIC1_MASK	0x21
#define PIC2_MASK	0xa1

/* Entries of the table, each with the least "max LVT entry" that has it. */
static const struct {
	uint16_t reg;
	uint8_t least;
} lvts[] = {
	{ APIC_LVT_TIMER, 0 }, { 0x350, 0 }, { 0x360, 0 }, { 0x370, 0 },
	{ 0x340, 4 }, { 0x330, 5 }, { 0x2f0, 6 },
};
#define LVTS (sizeof(lvts) / sizeof(lvts[0]))

static struct {
	unsigned long flags;
	uint64_t apic_base, deadline;
	uint32_t lvt[LVTS], tpr, current;
	uint8_t pic1, pic2;
	unsigned lvt_max;
} found;

static volatile uint32_t *apic_register(unsigned reg)
{
	return (volatile uint32_t *)(uintptr_t)
		((found.apic_base & 0xffffff000ull) + reg);
}

static uint32_t apic_get(unsigned reg)
{
	if (found.apic_base & APIC_BASE_X2)
		return (uint32_t)cpu_rdmsr(MSR_X2APIC + reg / 16);
	return *apic_register(reg);
}

static void apic_set(unsigned reg, uint32_t v)
{
	if (found.apic_base & APIC_BASE_X2)
		cpu_wrmsr(MSR_X2APIC + reg / 16, v);
	else
		*apic_register(reg) = v;
}

/* The MSR is only there where CPUID announces an APIC. */
static uint64_t read_apic_base(void)
{
	uint32_t r[4];

	cpu_cpuid(1, 0, r);
	return r[3] & CPUID1_EDX_APIC ? cpu_rdmsr(MSR_APIC_BASE) : 0;
}

static bool has_apic(void)
{
	return found.apic_base & APIC_BASE_ENABLED;
}

static void learn_apic(void)
{
	found.apic_base = read_apic_base();
	found.lvt_max = has_apic() ? apic_get(APIC_VERSION) >> 16 & 0xff : 0;
}

static bool deadline_mode(void)
{
	return (found.lvt[0] & (LVT_MODE | LVT_MASKED)) == LVT_DEADLINE;
}

static bool one_shot(void)
{
	return (found.lvt[0] & (LVT_MODE | LVT_MASKED)) == LVT_ONE_SHOT;
}

/* Masks once more what a handler that ran in between has unmasked or armed, and
 * takes that for what is to be put back. */
static void mask_again(void)
{
	uint8_t pic1 = cpu_in8(PIC1_MASK), pic2 = cpu_in8(PIC2_MASK);

	if (pic1 != 0xff)
		found.pic1 = pic1;
	if (pic2 != 0xff)
		found.pic2 = pic2;
	cpu_out8(PIC1_MASK, 0xff);
	cpu_out8(PIC2_MASK, 0xff);
	for (unsigned i = 0; i < LVTS && has_apic(); i++) {
		uint32_t v;

		if (lvts[i].least > found.lvt_max)
			continue;
		v = apic_get(lvts[i].reg);
		if (v & LVT_MASKED)
			continue;
		found.lvt[i] = v;
		apic_set(lvts[i].reg, v | LVT_MASKED);
	}
}

static bool mask_apic(void)
{
	bool ok = true;

	found.tpr = apic_get(APIC_TPR);
	for (unsigned i = 0; i < LVTS; i++) {
		if (lvts[i].least > found.lvt_max)
			continue;
		found.lvt[i] = apic_get(lvts[i].reg);
		if (!i) {
			found.deadline = deadline_mode()
				? cpu_rdmsr(MSR_TSC_DEADLINE) : 0;
			found.current = apic_get(APIC_CURRENT);
		}
		apic_set(lvts[i].reg, found.lvt[i] | LVT_MASKED);
		ok &= !!(apic_get(lvts[i].reg) & LVT_MASKED);
	}
	return ok;
}

static void unmask_apic(void)
{
	for (unsigned i = 0; i < LVTS; i++)
		if (lvts[i].least <= found.lvt_max)
			apic_set(lvts[i].reg, found.lvt[i]);
	/* A timer that ran out while it was masked would never fire again.  The
	 * fence: the entry is a store to memory, the deadline an MSR. */
	asm volatile("mfence" : : : "memory");
	if (found.deadline)
		cpu_wrmsr(MSR_TSC_DEADLINE, found.deadline);
	if (one_shot() && found.current && !apic_get(APIC_CURRENT))
		apic_set(APIC_INITIAL, apic_get(APIC_INITIAL));
	apic_set(APIC_TPR, found.tpr);
}

static bool mask_pics(void)
{
	found.pic1 = cpu_in8(PIC1_MASK);
	found.pic2 = cpu_in8(PIC2_MASK);
	cpu_out8(PIC1_MASK, 0xff);
	cpu_out8(PIC2_MASK, 0xff);
	return cpu_in8(PIC1_MASK) == 0xff && cpu_in8(PIC2_MASK) == 0xff;
}

/* What was pending when the masks closed is the firmware's: it takes it now.
 * If IF was off when we came, it stays pending, and TPR or the masks hold it. */
static void drain(void)
{
	if (!(found.flags & FLAGS_IF))
		return;
	cpu_set_if(true);
	for (int i = 0; i < 64; i++)
		asm volatile("pause");
	cpu_set_if(false);
	mask_again();
}

/* Is a window open? */
static bool is_open;

bool quiet_begin(void *ctx)
{
	bool ok;

	is_open = true;
	found.flags = cpu_flags();
	cpu_set_if(false);
	learn_apic();
	ok = mask_pics();
	if (has_apic())
		ok &= mask_apic();
	drain();
	if (has_apic())
		apic_set(APIC_TPR, 0xff);
	if (!ok)
		quiet_end(ctx);
	return ok;
}

void quiet_abort(void)
{
	if (is_open)
		quiet_end(NULL);
}

void quiet_end(void *ctx)
{
	(void)ctx;
	is_open = false;
	cpu_set_if(false);
	if (has_apic())
		unmask_apic();
	cpu_out8(PIC2_MASK, found.pic2);
	cpu_out8(PIC1_MASK, found.pic1);
	cpu_set_if(found.flags & FLAGS_IF);
}

/* What a window touches, as it is now. */
struct touched {
	uint32_t lvt[LVTS], tpr;
	uint8_t pic1, pic2;
	bool irqs;
};

static struct touched read_touched(void)
{
	struct touched t = {
		.pic1 = cpu_in8(PIC1_MASK), .pic2 = cpu_in8(PIC2_MASK),
		.irqs = cpu_flags() & FLAGS_IF,
	};

	for (unsigned i = 0; has_apic() && i < LVTS; i++)
		if (lvts[i].least <= found.lvt_max)
			t.lvt[i] = apic_get(lvts[i].reg) & ~LVT_STATUS;
	if (has_apic())
		t.tpr = apic_get(APIC_TPR);
	return t;
}

static const char *difference(const struct touched *a, const struct touched *b)
{
	if (a->irqs != b->irqs)
		return "IF";
	if (a->pic1 != b->pic1 || a->pic2 != b->pic2)
		return "the masks of the 8259s";
	if (a->tpr != b->tpr)
		return "the task priority";
	for (unsigned i = 0; i < LVTS; i++)
		if (a->lvt[i] != b->lvt[i])
			return "the local vector table";
	return NULL;
}

/* Puts values of its own where a window must put back what it found: masks that
 * are the opposite of the firmware's, a task priority that is not 0.  IF is off,
 * so nothing is delivered by them. */
static void disguise(struct touched *t)
{
	t->pic1 = (uint8_t)~t->pic1;
	t->pic2 = (uint8_t)~t->pic2;
	t->tpr = 0x10;
}

static void put_touched(const struct touched *t)
{
	cpu_out8(PIC1_MASK, t->pic1);
	cpu_out8(PIC2_MASK, t->pic2);
	if (has_apic())
		apic_set(APIC_TPR, t->tpr);
}

/* One window, IF as it is now. */
static const char *check_window(void)
{
	struct touched before = read_touched(), after;

	if (!quiet_begin(NULL))
		return "anything, for the interrupt controllers did not take their masks";
	quiet_end(NULL);
	after = read_touched();
	return difference(&before, &after);
}

const char *quiet_check(void)
{
	bool irqs = cpu_flags() & FLAGS_IF;
	struct touched as_found, own;
	const char *why;

	learn_apic();
	why = check_window();
	cpu_set_if(false);
	as_found = own = read_touched();
	disguise(&own);
	put_touched(&own);
	if (!why)
		why = check_window();
	put_touched(&as_found);
	cpu_set_if(irqs);
	return why;
}
