/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC's timer, lent and put back, on one that is made up: what runs afterwards. */
#include <string.h>
#include "tap.h"
#include "ops/loan_halt.c"

/* The APIC: a count goes down with the TSC once it is written, and a deadline makes of the
 * count nothing.  What was written to the count while it was not ours shows in started. */
static struct {
	uint32_t lvt, initial, current, divide, tpr;
	unsigned starts, gates;
	bool on, never;
	uint64_t tsc;
} m;

volatile uint32_t wakes;
uint32_t wake_late_ticks;

void wake_entry(void)
{
}

uint32_t apic_get(unsigned reg)
{
	switch (reg) {
	case APIC_LVT_TIMER:
		return m.lvt;
	case APIC_INITIAL:
		return (m.lvt & LVT_MODE) == LVT_DEADLINE ? 0 : m.initial;
	case APIC_CURRENT:
		return (m.lvt & LVT_MODE) == LVT_DEADLINE ? 0 : m.current;
	case APIC_DIVIDE:
		return m.divide;
	}
	return m.tpr;
}

void apic_set(unsigned reg, uint32_t v)
{
	switch (reg) {
	case APIC_LVT_TIMER:
		m.lvt = v;
		break;
	case APIC_INITIAL:
		if ((m.lvt & LVT_MODE) == LVT_DEADLINE)
			break;
		m.initial = m.current = v;
		m.starts += !!v;
		break;
	case APIC_DIVIDE:
		m.divide = v;
		break;
	case APIC_TPR:
		m.tpr = v;
	}
}

/* One shot comes. */
static void shoot(void)
{
	if (!m.on || !m.current || m.lvt & LVT_MASKED || m.never)
		return;
	m.current = 0;
	wakes++;
}

uint64_t cpu_tsc_begin(void)
{
	m.tsc += 1000;
	m.current -= m.current > 1000 ? 1000 : 0;
	shoot();
	return m.tsc;
}

void cpu_set_if(bool on)
{
	m.on = on;
}

bool apic_is_pending(unsigned v) { (void)v; return false; }
bool apic_is_in_use(void) { return true; }
unsigned apic_spurious_vector(void) { return 0xff; }
uint64_t ticks_hz(void) { return 1000000000; }
void guard_return_vector(void) { m.gates--; }

void guard_lend_vector(unsigned v, void (*entry)(void))
{
	(void)v, (void)entry;
	m.gates++;
}

/* A timer as it is found; does a count go on behind, and which? */
static const struct {
	const char *what;
	uint32_t lvt, initial, current, goes_on;
} found_so[] = {
	{ "one shot that has come", LVT_ONE_SHOT | 0x20, 5000, 0, 0 },
	{ "one shot that has come, masked", LVT_ONE_SHOT | LVT_MASKED | 0x20, 5000, 0, 0 },
	{ "one shot on its way", LVT_ONE_SHOT | 0x20, 5000, 70, 5000 },
	{ "one that stands still", LVT_ONE_SHOT | LVT_MASKED, 0, 0, 0 },
	{ "a periodic one", 1u << 17 | 0x20, 5000, 4000, 5000 },
	{ "a periodic one, at its turn", 1u << 17 | 0x20, 5000, 0, 5000 },
	{ "a periodic one that stands still", 1u << 17 | 0x20, 0, 0, 0 },
	{ "a deadline", LVT_DEADLINE | 0x20, 0, 0, 0 },
};

static void begin(unsigned i)
{
	memset(&m, 0, sizeof(m));
	m.lvt = found_so[i].lvt;
	m.initial = found_so[i].initial;
	m.current = found_so[i].current;
	m.divide = 3;
	m.tpr = 0xf0;
	wait_ticks = 0;
}

static bool as_found(unsigned i)
{
	return m.lvt == found_so[i].lvt && m.divide == 3 && !m.gates
		&& m.current == found_so[i].goes_on
		&& m.initial == found_so[i].goes_on;
}

static void test_found(void)
{
	for (unsigned i = 0; i < sizeof(found_so) / sizeof(found_so[0]); i++) {
		const char *what = found_so[i].what, *why;
		struct work w;

		begin(i);
		why = lend_halt(&w);
		ok(!why && m.gates == 1 && wait_ticks, "%s: it is lent, and has woken", what);
		arm_wait(w.arg[1]);
		why = undo_halt();
		ok(!why && as_found(i), "%s: behind it a count of %u goes on", what, m.current);
		begin(i);
		m.never = true;
		ok(lend_halt(&w) && as_found(i) && m.tpr == 0xf0,
		   "%s: as it was too where it does not interrupt", what);
	}
}

/* An exception may have come before anything was lent. */
static void test_not_begun(void)
{
	begin(2);
	ok(!undo_halt() && !m.starts && !m.gates && m.lvt == found_so[2].lvt,
	   "what has not begun is not undone");
}

int main(void)
{
	test_found();
	test_not_begun();
	return done();
}
