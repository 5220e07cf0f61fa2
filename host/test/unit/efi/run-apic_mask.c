/* SPDX-License-Identifier: GPL-2.0-only */
/* The masks of the local vector table, on an xAPIC that is made up: the shot that is owed
 * where a timer runs out in a window, whoever has had it meanwhile. */
#include <string.h>
#include "tap.h"
#include "quiet/apic_mask.c"

static volatile uint32_t page[1024];

volatile uint32_t *apic_register(unsigned reg) { return &page[reg / 4]; }
bool apic_learn(void) { return true; }
bool apic_is_in_use(void) { return true; }
bool apic_is_x2(void) { return false; }
bool msr_read(uint32_t msr, uint64_t *v) { (void)msr, (void)v; return false; }
bool msr_write(uint32_t msr, uint64_t v) { (void)msr, (void)v; return false; }

#define REG(reg)	page[(reg) / 4]

static void begin(uint32_t lvt, uint32_t initial, uint32_t current)
{
	memset((void *)page, 0, sizeof(page));
	REG(APIC_LVT_TIMER) = lvt;
	REG(APIC_INITIAL) = initial;
	REG(APIC_CURRENT) = current;
	apic_mask_learn();
	apic_mask();
}

/* @stopped: a loan had it, and left it as it found it: at 0. */
static uint32_t count_behind(uint32_t current, bool stopped)
{
	REG(APIC_CURRENT) = current;
	if (stopped)
		REG(APIC_INITIAL) = 0;
	apic_unmask();
	return REG(APIC_INITIAL);
}

int main(void)
{
	begin(LVT_ONE_SHOT | 0x20, 5000, 70);
	ok(REG(APIC_LVT_TIMER) & LVT_MASKED, "the timer is masked");
	ok(count_behind(0, true) == 5000 && REG(APIC_LVT_TIMER) == 0x20,
	   "one that ran out in the window and was lent then: its shot is owed");
	begin(LVT_ONE_SHOT | 0x20, 5000, 70);
	ok(count_behind(0, false) == 5000, "one that ran out in the window: likewise");
	begin(LVT_ONE_SHOT | 0x20, 5000, 0);
	ok(!count_behind(0, true), "one that had run out before, and was lent: none is owed");
	begin(LVT_ONE_SHOT | LVT_MASKED | 0x20, 5000, 70);
	ok(!count_behind(0, true), "one that was masked: none");
	begin(LVT_ONE_SHOT | 0x20, 5000, 0);
	REG(APIC_INITIAL) = 300;
	REG(APIC_CURRENT) = 200;
	apic_mask_again();
	ok(count_behind(0, true) == 300, "one that a handler has armed: that shot");
	return done();
}
