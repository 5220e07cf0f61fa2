/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC, see apic.h.  Nothing here needs the guard: it asks for the spurious
 * vector while it opens, and is the boot CPU's alone.
 *
 * Source: Intel SDM Vol. 3A, "Local APIC", "Spurious Interrupt", "Extended XAPIC
 * (x2APIC)".
 */
#include "apic.h"
#include "cpu.h"
#include "machine/apic_bits.h"

#define CPUID1_EDX_APIC		(1u << 9)
#define MSR_APIC_BASE		0x1b
#define APIC_BASE_X2		(1u << 10)
#define APIC_BASE_ENABLED	(1u << 11)
#define APIC_BASE_ADDRESS	0xffffffffff000ull

#define SPURIOUS_ENABLED	(1u << 8)
#define ICR_NMI		(4u << 8)
#define ICR_PENDING	(1u << 12)
#define ICR_ASSERT	(1u << 14)

static uint64_t apic_base_msr;

static volatile uint32_t *register_at(uint64_t b, unsigned reg)
{
	return (volatile uint32_t *)(uintptr_t)((b & APIC_BASE_ADDRESS) + reg);
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
	return apic_base_msr & APIC_BASE_ENABLED;
}

/* Registers that lie where this mode's pointers do not reach cannot be used. */
static bool reachable(uint64_t b)
{
	return (b & APIC_BASE_X2) || (b & APIC_BASE_ADDRESS) <= UINTPTR_MAX;
}

bool apic_learn(void)
{
	apic_base_msr = read_base();
	if (!reachable(apic_base_msr))
		apic_base_msr = 0;
	return in_use();
}

bool apic_is_in_use(void)
{
	return in_use();
}

bool apic_is_x2(void)
{
	return apic_base_msr & APIC_BASE_X2;
}

volatile uint32_t *apic_register(unsigned reg)
{
	return register_at(apic_base_msr, reg);
}

/* Each CPU has its own registers, at the same address or by the same MSRs; these are in
 * every APIC, so none faults. */
uint32_t apic_get(unsigned reg)
{
	return apic_is_x2() ? (uint32_t)cpu_rdmsr(apic_msr(reg))
		: *apic_register(reg);
}

void apic_set(unsigned reg, uint32_t v)
{
	if (apic_is_x2())
		cpu_wrmsr(apic_msr(reg), v);
	else
		*apic_register(reg) = v;
}

bool apic_same_mode(void)
{
	const uint64_t mode = APIC_BASE_X2 | APIC_BASE_ENABLED | APIC_BASE_ADDRESS;

	return !((read_base() ^ apic_base_msr) & mode);
}

const char *apic_mode(void)
{
	return apic_is_x2() ? "x2APIC" : "xAPIC";
}

uint32_t apic_id(void)
{
	return apic_is_x2() ? apic_get(APIC_ID) : apic_get(APIC_ID) >> 24;
}

void apic_eoi(void)
{
	apic_set(APIC_EOI, 0);
}

bool apic_in_service(unsigned vector)
{
	return apic_get(APIC_ISR + vector / 32 * 16) >> vector % 32 & 1;
}

bool apic_is_pending(unsigned vector)
{
	return apic_get(APIC_IRR + vector / 32 * 16) >> vector % 32 & 1;
}

/* Fixed, physical, edge.  A WRMSR of x2APIC mode does not wait for stores that came
 * before: the fences do.  Source: Intel SDM Vol. 3A, "Interrupt Command Register
 * (ICR)", "x2APIC IPI/ICR Operation". */
static void send(uint32_t id, uint32_t what)
{
	if (apic_is_x2()) {
		asm volatile("mfence; lfence" : : : "memory");
		cpu_wrmsr(apic_msr(APIC_ICR),
			  (uint64_t)id << 32 | ICR_ASSERT | what);
		return;
	}
	/* Bounded: one that stays pending is lost, and whoever waits for its answer
	 * says so. */
	for (unsigned i = 0; i < 1000000 && apic_get(APIC_ICR) & ICR_PENDING; i++)
		asm volatile("pause" : : : "memory");
	apic_set(APIC_ICR_HIGH, id << 24);
	apic_set(APIC_ICR, ICR_ASSERT | what);
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
		.spurious = apic_get(APIC_SPURIOUS), .tpr = apic_get(APIC_TPR),
		.timer = apic_get(APIC_LVT_TIMER) & ~LVT_READ_ONLY,
		.lint0 = apic_get(APIC_LVT_LINT0) & ~LVT_READ_ONLY,
	};
}

/* The entries cannot be unmasked while the APIC is switched off by software, and
 * are masked by switching it off. */
void apic_here_put(const struct apic_here *s)
{
	apic_set(APIC_SPURIOUS, s->spurious | SPURIOUS_ENABLED);
	apic_set(APIC_LVT_TIMER, s->timer);
	apic_set(APIC_LVT_LINT0, s->lint0);
	apic_set(APIC_TPR, s->tpr);
	apic_set(APIC_SPURIOUS, s->spurious);
}

bool apic_here_same(const struct apic_here *a, const struct apic_here *b)
{
	return apic_same_spurious(a->spurious, b->spurious)
		&& apic_same_priority(a->tpr, b->tpr)
		&& apic_same_lvt(a->timer, b->timer)
		&& apic_same_lvt(a->lint0, b->lint0);
}

struct apic_here apic_here_open(struct apic_here s)
{
	s.spurious |= SPURIOUS_ENABLED;
	s.timer |= LVT_MASKED;
	s.lint0 |= LVT_MASKED;
	s.tpr = 0;
	return s;
}

/* Of the machine as it is, whatever apic_learn() has found. */
unsigned apic_spurious_vector(void)
{
	uint64_t b = read_base();

	if (!(b & APIC_BASE_ENABLED) || !reachable(b))
		return 256;
	if (b & APIC_BASE_X2)
		return cpu_rdmsr(apic_msr(APIC_SPURIOUS)) & 0xff;
	return *register_at(b, APIC_SPURIOUS) & 0xff;
}
