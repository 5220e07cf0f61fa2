/* SPDX-License-Identifier: GPL-2.0-only */
/* What disturbs is counted, see disturbances.h. */
#include "cpu/guard.h"
#include "cpu/may_fault.h"
#include "disturbances.h"
#include "lfence_loan.h"

#define MSR_SMI_COUNT	0x34
#define MODEL_NEHALEM	0x1a
/* Source: Intel SDM Vol. 4, "Architectural MSRs": no processor will ever have one
 * of 40000000h to 400000FFh. */
#define MSR_OF_NO_CPU	0x400000ff

static struct cpu_id this_cpu;
static struct disturbance window_total;
static unsigned window_count;
static struct guard_counts (*counted_by)(void);

void disturbances_learn(const struct cpu_id *id)
{
	this_cpu = *id;
}

void disturbances_counted_by(struct guard_counts (*of)(void))
{
	counted_by = of;
}

void disturbances_add(const struct disturbance *d)
{
	window_count++;
	window_total.smi += d->smi;
	window_total.nmi += d->nmi;
	window_total.interrupts += d->interrupts;
	window_total.smi_known = d->smi_known;
}

/* Some who answer RDMSR in the CPU's place answer for every MSR, with 0: an
 * emulator, or KVM with ignore_msrs. */
static bool absent_msrs_fault(void)
{
	static bool known, fault;
	uint64_t v;

	if (!known)
		fault = !msr_read(MSR_OF_NO_CPU, &v);
	known = true;
	return fault;
}

static bool smi_count(uint32_t *n)
{
	uint64_t v;

	if (!cpu_vendor_is(&this_cpu, "GenuineIntel") || this_cpu.family != 6
	    || this_cpu.model < MODEL_NEHALEM || !msr_read(MSR_SMI_COUNT, &v)
	    || (!v && !absent_msrs_fault()))
		return false;
	*n = (uint32_t)v;
	return true;
}

void disturbances_read(void *ctx, struct disturbance *d)
{
	struct guard_counts c = counted_by ? counted_by() : guard_counts();

	(void)ctx;
	*d = (struct disturbance){ .nmi = c.nmi, .interrupts = c.interrupts };
	d->smi_known = smi_count(&d->smi);
}

struct disturbance disturbances_total(void)
{
	return window_total;
}

void disturbances_say(struct sink *s)
{
	struct guard_counts all = guard_counts();
	char smi[12] = "unknown";

	if (window_total.smi_known)
		text_format(smi, sizeof(smi), "%u", window_total.smi);
	sink_printf(s, "parapatch quiet windows=%u nmi=%u interrupts=%u smi=%s "
		    "run_nmi=%u run_interrupts=%u last_vector=%u lfence=\"%s\"\n",
		    window_count, window_total.nmi, window_total.interrupts, smi, all.nmi,
		    all.interrupts, all.last_vector, lfence_phrase());
}
