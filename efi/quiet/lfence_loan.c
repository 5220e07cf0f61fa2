/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LFENCE as this CPU has it, and the loan of its setting; see lfence_loan.h.
 */
#include "cpu/cpu.h"
#include "cpu/may_fault.h"
#include "lfence_loan.h"
#include "machine/lfence.h"

/* Source: AMD64 APM Vol. 2, "Model-Specific Registers"; see lfence.h. */
#define MSR_DE_CFG		0xc0011029
#define DE_CFG_SERIALISING	(1ull << 1)
#define CPUID_LFENCE		0x80000021
#define CPUID_LFENCE_ALWAYS	(1u << 2)	/* EAX */

static struct cpu_id this_cpu;

/* The state without a loan, once it is known. */
static enum lfence_state state_before;
static bool state_is_known;

static uint64_t de_cfg_before;		/* the MSR, while it is lent */
static bool setting_is_lent, setting_took;

/* Bit 2 of a leaf that is only there where the CPU says so. */
static bool said_always(void)
{
	uint32_t r[4];

	cpu_cpuid(0x80000000, 0, r);
	if (r[0] < CPUID_LFENCE)
		return false;
	cpu_cpuid(CPUID_LFENCE, 0, r);
	return r[0] & CPUID_LFENCE_ALWAYS;
}

void lfence_learn(const struct cpu_id *id)
{
	this_cpu = *id;
}

static enum lfence_state find_out(void)
{
	uint64_t v = 0;
	struct lfence_facts f = {
		.vendor = this_cpu.vendor, .family = this_cpu.family,
		.always = said_always(),
	};

	f.readable = lfence_has_setting(&f) && !f.always
		&& msr_read(MSR_DE_CFG, &v);
	f.setting = v & DE_CFG_SERIALISING;
	return lfence_decide(&f);
}

/* A window opens every few milliseconds, and CPUID may exit to a hypervisor: it
 * is de_cfg_before out once. */
static enum lfence_state lfence_state(void)
{
	if (!state_is_known)
		state_before = find_out();
	state_is_known = true;
	return state_before;
}

void lfence_forget(void)
{
	state_is_known = false;
}

uint64_t lfence_setting(void)
{
	uint64_t v;

	if (lfence_state() != LFENCE_NOT && lfence_state() != LFENCE_BY_SETTING)
		return 0;
	return msr_read(MSR_DE_CFG, &v) ? v : 0;
}

/* What takes a write without a fault need not take the bit: it is read back. */
void lfence_lend(void)
{
	uint64_t now;

	if (lfence_state() != LFENCE_NOT || !msr_read(MSR_DE_CFG, &de_cfg_before))
		return;
	setting_is_lent = msr_write(MSR_DE_CFG, de_cfg_before | DE_CFG_SERIALISING);
	setting_took = setting_is_lent && msr_read(MSR_DE_CFG, &now)
		&& (now & DE_CFG_SERIALISING);
}

void lfence_take_back(void)
{
	if (setting_is_lent)
		msr_write(MSR_DE_CFG, de_cfg_before);
	setting_is_lent = false;
}

const char *lfence_phrase(void)
{
	switch (lfence_state()) {
	case LFENCE_ALWAYS:
		return "always serialising";
	case LFENCE_BY_SETTING:
		return "serialising by the firmware's setting";
	case LFENCE_NOT:
		return setting_took ? "serialising by a setting lent for each window"
			: "not serialising, and the setting cannot be made";
	case LFENCE_UNKNOWN:
		break;
	}
	return "not known to serialise";
}
