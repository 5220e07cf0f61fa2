/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC, see apic.h.
 *
 * In x2APIC mode a register is an MSR and strict: it raises #GP where it is not
 * there and where a reserved bit is written.  So the entries' read-only bits are
 * never written back, and an entry that cannot be read is one that is not there.
 * A WRMSR to these registers need not wait for what came before it; the task
 * priority and the masks are read back, which does.
 *
 * Source: Intel SDM Vol. 3A, "Local Vector Table", "Task and Processor
 * Priorities", "Spurious Interrupt", "TSC-Deadline Mode", "Extended XAPIC
 * (x2APIC)", "x2APIC Register Availability", "Reserved Bit Checking".
 */
#include "cpu.h"
#include "apic.h"
#include "machine/apic_bits.h"
#include "guard.h"

#define CPUID1_EDX_APIC		(1u << 9)
#define MSR_APIC_BASE		0x1b
#define APIC_BASE_X2		(1u << 10)
#define APIC_BASE_ENABLED	(1u << 11)
#define APIC_BASE_ADDRESS	0xffffffffff000ull
#define MSR_X2APIC		0x800	/* register r is MSR 800 + r / 16 */
#define MSR_TSC_DEADLINE	0x6e0

enum {
	APIC_ID = 0x20, APIC_VERSION = 0x30, APIC_TPR = 0x80, APIC_EOI = 0xb0,
	APIC_SPURIOUS = 0xf0, APIC_ISR = 0x100, APIC_ICR = 0x300, APIC_ICR_HIGH = 0x310,
	APIC_LVT_TIMER = 0x320, APIC_LVT_LINT0 = 0x350, APIC_INITIAL = 0x380, APIC_CURRENT = 0x390,
};
#define SPURIOUS_ENABLED	(1u << 8)
#define ICR_NMI		(4u << 8)
#define ICR_PENDING	(1u << 12)
#define ICR_ASSERT	(1u << 14)
#define LVT_READ_ONLY	(1u << 12 | 1u << 14)	/* pending, remote IRR */
#define LVT_MASKED	(1u << 16)
#define LVT_MODE	(3u << 17)	/* of the timer */
#define LVT_ONE_SHOT	(0u << 17)
#define LVT_DEADLINE	(2u << 17)

/* Entries of the table, each with the least "max LVT entry" that has it. */
static const struct {
	uint16_t reg;
	uint8_t least;
} lvts[APIC_LVTS] = {
	{ APIC_LVT_TIMER, 0 }, { 0x350, 0 }, { 0x360, 0 }, { 0x370, 0 },
	{ 0x340, 4 }, { 0x330, 5 }, { 0x2f0, 6 },
};

static uint64_t base;
static unsigned lvt_max;

/* Kept by apic_mask(). */
static struct apic_state kept;
static uint64_t kept_deadline;
static uint32_t kept_current;

static volatile uint32_t *apic_register(uint64_t b, unsigned reg)
{
	return (volatile uint32_t *)(uintptr_t)((b & APIC_BASE_ADDRESS) + reg);
}

/* An entry that is not there reads as masked. */
static uint32_t apic_get(unsigned reg)
{
	uint64_t v;

	if (!(base & APIC_BASE_X2))
		return *apic_register(base, reg);
	return msr_read(MSR_X2APIC + reg / 16, &v) ? (uint32_t)v : LVT_MASKED;
}

static void apic_set(unsigned reg, uint32_t v)
{
	if (base & APIC_BASE_X2)
		msr_write(MSR_X2APIC + reg / 16, v);
	else
		*apic_register(base, reg) = v;
}

/* The MSR is only there where CPUID announces an APIC. */
static uint64_t read_base(void)
{
	uint32_t r[4];

	cpu_cpuid(1, 0, r);
	return r[3] & CPUID1_EDX_APIC ? cpu_rdmsr(MSR_APIC_BASE) : 0;
}

static bool in_use(void)
{
	return base & APIC_BASE_ENABLED;
}

/* Registers that lie where this mode's pointers do not reach cannot be used. */
static bool reachable(uint64_t b)
{
	return (b & APIC_BASE_X2) || (b & APIC_BASE_ADDRESS) <= UINTPTR_MAX;
}

bool apic_learn(void)
{
	base = read_base();
	if (!reachable(base))
		base = 0;
	lvt_max = in_use() ? apic_get(APIC_VERSION) >> 16 & 0xff : 0;
	return in_use();
}

bool apic_is_in_use(void)
{
	return in_use();
}

static bool has_lvt(unsigned i)
{
	return in_use() && lvts[i].least <= lvt_max;
}

static uint32_t get_lvt(unsigned i)
{
	return apic_get(lvts[i].reg) & ~LVT_READ_ONLY;
}

struct apic_state apic_read(void)
{
	struct apic_state s = { .tpr = in_use() ? apic_get(APIC_TPR) : 0 };

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
	if (in_use())
		apic_set(APIC_TPR, tpr);
}

static bool timer_runs(uint32_t mode)
{
	return in_use() && (kept.lvt[0] & (LVT_MODE | LVT_MASKED)) == mode;
}

bool apic_mask(void)
{
	bool ok = true;

	kept = apic_read();
	kept_deadline = 0;
	if (timer_runs(LVT_DEADLINE))
		msr_read(MSR_TSC_DEADLINE, &kept_deadline);
	kept_current = in_use() ? apic_get(APIC_CURRENT) : 0;
	for (unsigned i = 0; i < APIC_LVTS; i++)
		if (has_lvt(i)) {
			apic_set(lvts[i].reg, kept.lvt[i] | LVT_MASKED);
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
		kept_deadline = deadline;
	if (in_use() && apic_get(APIC_CURRENT))
		kept_current = apic_get(APIC_CURRENT);
}

void apic_mask_again(void)
{
	for (unsigned i = 0; i < APIC_LVTS; i++) {
		uint32_t v = has_lvt(i) ? get_lvt(i) : LVT_MASKED;

		if (v & LVT_MASKED)
			continue;
		kept.lvt[i] = v;
		apic_set(lvts[i].reg, v | LVT_MASKED);
	}
	keep_timer();
}

bool apic_shut(void)
{
	apic_set_priority(APIC_PRIORITY_ALL);
	return !in_use()
		|| apic_same_priority(apic_get(APIC_TPR), APIC_PRIORITY_ALL);
}

void apic_unmask(void)
{
	for (unsigned i = 0; i < APIC_LVTS; i++)
		if (has_lvt(i))
			apic_set(lvts[i].reg, kept.lvt[i]);
	/* A timer that ran out while it was masked would never fire again.  The
	 * fence: the entry may be a store to memory, the deadline is an MSR. */
	asm volatile("mfence" : : : "memory");
	if (kept_deadline)
		msr_write(MSR_TSC_DEADLINE, kept_deadline);
	if (timer_runs(LVT_ONE_SHOT) && kept_current && !apic_get(APIC_CURRENT))
		apic_set(APIC_INITIAL, apic_get(APIC_INITIAL));
	apic_set_priority(kept.tpr);
}

/*
 * Between CPUs.  Each has its own registers, at the same address or by the same MSRs;
 * these are in every APIC, so nothing is guarded: the guard is the boot CPU's.
 */
static uint32_t here_get(unsigned reg)
{
	return base & APIC_BASE_X2 ? (uint32_t)cpu_rdmsr(MSR_X2APIC + reg / 16)
		: *apic_register(base, reg);
}

static void here_set(unsigned reg, uint32_t v)
{
	if (base & APIC_BASE_X2)
		cpu_wrmsr(MSR_X2APIC + reg / 16, v);
	else
		*apic_register(base, reg) = v;
}

bool apic_same_mode(void)
{
	const uint64_t mode = APIC_BASE_X2 | APIC_BASE_ENABLED | APIC_BASE_ADDRESS;

	return !((read_base() ^ base) & mode);
}

const char *apic_mode(void)
{
	return base & APIC_BASE_X2 ? "x2APIC" : "xAPIC";
}

uint32_t apic_id(void)
{
	return base & APIC_BASE_X2 ? here_get(APIC_ID) : here_get(APIC_ID) >> 24;
}

void apic_eoi(void)
{
	here_set(APIC_EOI, 0);
}

bool apic_in_service(unsigned vector)
{
	return here_get(APIC_ISR + vector / 32 * 16) >> vector % 32 & 1;
}

/* Fixed, physical, edge.  A WRMSR of x2APIC mode does not wait for stores that came
 * before: the fences do.  Source: Intel SDM Vol. 3A, "Interrupt Command Register
 * (ICR)", "x2APIC IPI/ICR Operation". */
static void send(uint32_t id, uint32_t what)
{
	if (base & APIC_BASE_X2) {
		asm volatile("mfence; lfence" : : : "memory");
		cpu_wrmsr(MSR_X2APIC + APIC_ICR / 16,
			  (uint64_t)id << 32 | ICR_ASSERT | what);
		return;
	}
	/* Bounded: one that stays pending is lost, and whoever waits for its answer
	 * says so. */
	for (unsigned i = 0; i < 1000000 && here_get(APIC_ICR) & ICR_PENDING; i++)
		asm volatile("pause" : : : "memory");
	here_set(APIC_ICR_HIGH, id << 24);
	here_set(APIC_ICR, ICR_ASSERT | what);
}

void apic_send(uint32_t id, uint8_t vector)
{
	send(id, vector);
}

void apic_send_nmi(uint32_t id)
{
	send(id, ICR_NMI);
}

struct apic_here apic_here(void)
{
	return (struct apic_here){
		.spurious = here_get(APIC_SPURIOUS), .tpr = here_get(APIC_TPR),
		.timer = here_get(APIC_LVT_TIMER) & ~LVT_READ_ONLY,
		.lint0 = here_get(APIC_LVT_LINT0) & ~LVT_READ_ONLY,
	};
}

/* The entries cannot be unmasked while the APIC is switched off by software, and
 * are masked by switching it off. */
void apic_here_put(const struct apic_here *s)
{
	here_set(APIC_SPURIOUS, s->spurious | SPURIOUS_ENABLED);
	here_set(APIC_LVT_TIMER, s->timer);
	here_set(APIC_LVT_LINT0, s->lint0);
	here_set(APIC_TPR, s->tpr);
	here_set(APIC_SPURIOUS, s->spurious);
}

bool apic_here_same(const struct apic_here *a, const struct apic_here *b)
{
	return apic_same_spurious(a->spurious, b->spurious)
		&& apic_same_priority(a->tpr, b->tpr)
		&& apic_same_lvt(a->timer, b->timer)
		&& apic_same_lvt(a->lint0, b->lint0);
}

struct apic_here apic_here_open(struct apic_here found)
{
	found.spurious |= SPURIOUS_ENABLED;
	found.timer |= LVT_MASKED;
	found.lint0 |= LVT_MASKED;
	found.tpr = 0;
	return found;
}

/* The guard asks while it opens, so this must not go by a guarded access.  The
 * register is in every APIC. */
unsigned apic_spurious_vector(void)
{
	uint64_t b = read_base();

	if (!(b & APIC_BASE_ENABLED) || !reachable(b))
		return 256;
	if (b & APIC_BASE_X2)
		return cpu_rdmsr(MSR_X2APIC + APIC_SPURIOUS / 16) & 0xff;
	return *apic_register(b, APIC_SPURIOUS) & 0xff;
}
