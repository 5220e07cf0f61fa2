/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware's other CPUs.
 *
 * Source: UEFI Platform Initialization Specification, Vol. 2, "MP Services Protocol".
 */
#ifndef MP_SERVICES_H
#define MP_SERVICES_H

#include <efi.h>
#include <stdbool.h>
#include <stdint.h>

/* What a CPU runs, in the firmware's calling convention. */
typedef VOID (EFIAPI *mp_procedure)(VOID *buffer);

/* How many there are, the boot CPU with them. */
struct mp_services_cpus {
	UINTN all, enabled;
};

/* False: the firmware does not say. */
bool mp_services_count(struct mp_services_cpus *c);

/* Has the last count found that the firmware has MP services at all? */
bool mp_services_there(void);

/**
 * mp_services_start - all other CPUs run @procedure, all at once.
 * @ended: signalled when all have; NULL: wait for that.
 * @us: how long; 0: without end.
 */
EFI_STATUS mp_services_start(mp_procedure procedure, EFI_EVENT ended, UINTN us);

/* One of them; @id: of its local APIC. */
struct mp_services_cpu {
	uint64_t id;
	bool boot, enabled, healthy;
};

/* CPU @number, from 0.  False: the firmware does not know it. */
bool mp_services_cpu(UINTN number, struct mp_services_cpu *c);

/**
 * mp_services_start_one - CPU @number runs @procedure(@arg).
 * @ended: signalled when it has.
 */
EFI_STATUS mp_services_start_one(mp_procedure procedure, UINTN number, EFI_EVENT ended,
				 VOID *arg);

/**
 * mp_services_check - are they as they were?
 *
 * As many as before, each of them healthy, and this one still the boot CPU.
 * Return: NULL, or what is not.
 */
const char *mp_services_check(const struct mp_services_cpus *before);

#endif
