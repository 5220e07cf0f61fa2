/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The high precision event timer's counter, on loan.
 *
 * Source: Intel, "IA-PC HPET (High Precision Event Timers) Specification", 1.0a,
 * "General Capabilities and ID Register", "General Configuration Register",
 * "Main Counter Register", "The ACPI 2.0 HPET Description Table".
 */
#include "firmware/acpi.h"
#include "hpet.h"
#include "lib/bytes.h"
#include "machine/tsc.h"

/* Registers, by 4-byte words. */
enum {
	HPET_CAPABILITIES = 0x000 / 4, HPET_PERIOD = 0x004 / 4,
	HPET_CONFIG = 0x010 / 4, HPET_COUNTER = 0x0f0 / 4,
	HPET_TIMER = 0x100 / 4, HPET_TIMER_WORDS = 0x20 / 4,
};
#define CONFIG_ENABLE	(1u << 0)
#define TIMER_INTERRUPT	(1u << 2)

static volatile uint32_t *hpet_registers;

static struct {
	bool started;
	uint32_t config, low, high;
} hpet_before;

/* Where the ACPI table says it is.  Below 4 GiB, where a firmware that names an
 * HPET has it mapped, for x86 has it at FED00000h. */
static const char *locate(void)
{
	const uint8_t *t = acpi_table("HPET");
	uint64_t at;

	if (!t || get_le(t + 4, 4) < 52)
		return "there is no ACPI table HPET";
	if (t[40] != 0)
		return "it is not in memory";
	at = get_le(t + 44, 8);
	if (!at || at % 8 || at > UINT32_MAX)
		return "the ACPI table HPET has no address of it";
	hpet_registers = (volatile uint32_t *)(uintptr_t)at;
	return NULL;
}

/* A comparator that waits would fire as soon as the counter runs. */
static bool waited_for(void)
{
	unsigned timers = (hpet_registers[HPET_CAPABILITIES] >> 8 & 0x1f) + 1;

	for (unsigned i = 0; i < timers; i++)
		if (hpet_registers[HPET_TIMER + i * HPET_TIMER_WORDS] & TIMER_INTERRUPT)
			return true;
	return false;
}

const char *hpet_open(void)
{
	const char *why = locate();

	if (why)
		return why;
	if (hpet_registers[HPET_CAPABILITIES] == UINT32_MAX)
		return "nothing answers at its address";
	if (!hpet_hz())
		return "the period that it says is none";
	hpet_before.config = hpet_registers[HPET_CONFIG];
	hpet_before.started = !(hpet_before.config & CONFIG_ENABLE);
	if (!hpet_before.started)
		return NULL;
	if (waited_for())
		return "it is stopped, and a timer of it has its interrupt on";
	hpet_before.low = hpet_registers[HPET_COUNTER];
	hpet_before.high = hpet_registers[HPET_COUNTER + 1];
	hpet_registers[HPET_CONFIG] = hpet_before.config | CONFIG_ENABLE;
	return NULL;
}

void hpet_close(void)
{
	if (!hpet_before.started)
		return;
	hpet_registers[HPET_CONFIG] = hpet_before.config;
	hpet_registers[HPET_COUNTER] = hpet_before.low;	/* may be written while it is stopped */
	hpet_registers[HPET_COUNTER + 1] = hpet_before.high;
}

uint32_t hpet_hz(void)
{
	return tsc_hpet_hz(hpet_registers[HPET_PERIOD]);
}

uint32_t hpet_read(void)
{
	return hpet_registers[HPET_COUNTER];
}
