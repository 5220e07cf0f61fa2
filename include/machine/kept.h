/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What comes back of a register that was written: the bits that the architecture and
 * those who stand in for a CPU keep.  docs/hypervisors.md says who drops which.
 *
 * A comparison of what was read back asks for these bits and for no others.  Those of the
 * local APIC are in apic_bits.h.
 */
#ifndef KEPT_H
#define KEPT_H

#include <stdbool.h>
#include <stdint.h>

/* CR0: PE, MP, EM, TS, NE, WP, AM, NW, CD, PG.  ET is 1, or what whoever answers makes of
 * it; the others are reserved.  Source: Intel SDM Vol. 3A, "Control Registers". */
#define KEPT_CR0	0xe005002ful

static inline bool kept_same_cr0(unsigned long a, unsigned long b)
{
	return !((a ^ b) & KEPT_CR0);
}

/* CR8: the class of the task priority.  Source: Intel SDM Vol. 3A, "Interaction of Task
 * Priorities between CR8 and APIC". */
#define KEPT_CR8	0xful

static inline bool kept_same_cr8(unsigned long a, unsigned long b)
{
	return !((a ^ b) & KEPT_CR8);
}

/*
 * Debug registers.  DR0 to DR3 are addresses, kept whole.  DR6: B0 to B3, BD, BS, BT.
 * DR7: the enables, LE, GE, GD, and a type and a length each.  What is fixed may be right
 * only once it was written, and two bits (RTM, bus lock) are there or not.
 * Source: Intel SDM Vol. 3B, "Debug Registers".
 */
#define KEPT_DR6	0x0000e00ful
#define KEPT_DR7	0xffff23fful

static inline unsigned long kept_of_dr(unsigned n)
{
	return n == 6 ? KEPT_DR6 : n == 7 ? KEPT_DR7 : ~0ul;
}

static inline bool kept_same_dr(unsigned n, unsigned long a, unsigned long b)
{
	return !((a ^ b) & kept_of_dr(n));
}

/* MSR C001_1029h: the bit that makes LFENCE wait; the others are somebody else's. */
static inline bool kept_same_lfence(uint64_t a, uint64_t b)
{
	return !((a ^ b) & 2);
}

/*
 * Counters of core cycles.  IA32_FIXED_CTR_CTRL has 4 bits a counter: the rings and the
 * interrupt are kept; AnyThread is reserved in version 5, and whoever answers may drop it.
 * IA32_PERF_GLOBAL_CTRL: the enables of general and of fixed counters.  A counter that
 * stands still: its 32 lowest bits, which every one has.
 * Source: Intel SDM Vol. 3B, "Fixed-function Performance Counters", "Architectural
 * Performance Monitoring Version 5".
 */
#define KEPT_FIXED_CONTROL	0xbbbbbbbbbbbbbbbbull
#define KEPT_GLOBAL_CONTROL	0x0000ffffffffffffull
#define KEPT_FIXED_COUNT	0x00000000ffffffffull

/**
 * kept_by_pic - did an 8259 take the mask FFh?
 * @after_ff: what its mask register reads as once FFh was written,
 * @after_fe: and once FEh was.
 *
 * A machine without an 8259 (a hypervisor's guest without legacy devices) reads as FFh,
 * which is as good as masked, or as anything else, whatever is written.
 * Source: Intel 8259A data sheet, "OCW1": it reads as it was written.
 */
enum kept_pic {
	KEPT_PIC_MASKED,
	KEPT_PIC_ABSENT,	/* it reads the same, whatever is written */
	KEPT_PIC_OPEN,		/* it is there, and did not take it */
};

static inline enum kept_pic kept_by_pic(uint8_t after_ff, uint8_t after_fe)
{
	if (after_ff == 0xff)
		return KEPT_PIC_MASKED;
	return after_ff == after_fe ? KEPT_PIC_ABSENT : KEPT_PIC_OPEN;
}

#endif
