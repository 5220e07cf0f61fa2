/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC of the CPU that calls, in xAPIC and in x2APIC mode. */
#ifndef APIC_H
#define APIC_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Registers, by their offset in xAPIC mode.
 * Source: Intel SDM Vol. 3A, "The Local APIC Block Diagram".
 */
enum apic_reg {
	APIC_ID = 0x20, APIC_VERSION = 0x30, APIC_TPR = 0x80, APIC_EOI = 0xb0,
	APIC_SPURIOUS = 0xf0, APIC_ISR = 0x100, APIC_IRR = 0x200, APIC_ICR = 0x300,
	APIC_ICR_HIGH = 0x310, APIC_LVT_TIMER = 0x320, APIC_LVT_LINT0 = 0x350,
	APIC_INITIAL = 0x380, APIC_CURRENT = 0x390, APIC_DIVIDE = 0x3e0,
};
#define LVT_READ_ONLY	(1u << 12 | 1u << 14)	/* pending, remote IRR */
#define LVT_MASKED	(1u << 16)

/**
 * apic_learn - find out what there is, and in which mode.
 *
 * Firmware may change the mode while it has the CPU: to be called again whenever it had.
 * Return: false: no local APIC is in use; then nothing below may be called but
 * apic_is_in_use() and apic_spurious_vector().
 */
bool apic_learn(void);

/* What apic_learn() found. */
bool apic_is_in_use(void);
bool apic_is_x2(void);

/* Where a register is: in xAPIC mode at an address, in x2APIC mode an MSR. */
volatile uint32_t *apic_register(unsigned reg);
static inline uint32_t apic_msr(unsigned reg)
{
	return 0x800 + reg / 16;
}

/* A register that every APIC has, of the CPU that calls, in either mode: as it is, and made
 * to be @v. */
uint32_t apic_get(unsigned reg);
void apic_set(unsigned reg, uint32_t v);

/*
 * Between CPUs: of the CPU that calls, once apic_learn() has found an APIC on the boot
 * CPU.
 */

/* What a CPU that is to take interrupts lends. */
struct apic_here {
	uint32_t spurious, tpr, timer, lint0;
};

/* Is this CPU's APIC in the mode, and where, the boot CPU's is? */
bool apic_same_mode(void);
/* "xAPIC" or "x2APIC", after apic_learn(). */
const char *apic_mode(void);
/* Its number, for apic_send(). */
uint32_t apic_id(void);
void apic_eoi(void);
/* Is an EOI owed for that vector? */
bool apic_in_service(unsigned vector);
/* Has it been sent, and not been taken yet? */
bool apic_is_pending(unsigned vector);
/* An interrupt for another CPU.  In xAPIC mode numbers from 255 on cannot be had. */
void apic_send(uint32_t id, uint8_t vector);
void apic_send_nmi(uint32_t id);
/* What is lent, as it is; as it is to be, for interrupts of CPUs alone; makes it so. */
struct apic_here apic_here(void);
struct apic_here apic_here_open(struct apic_here s);
void apic_here_put(const struct apic_here *s);
/* Are they the same, of the bits that say something? */
bool apic_here_same(const struct apic_here *a, const struct apic_here *b);

/* The vector of spurious interrupts, or 256 without a local APIC. */
unsigned apic_spurious_vector(void);

#endif
