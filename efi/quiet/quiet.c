/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The quiet window: maskable interrupts silenced at their sources, the others
 * counted.
 *
 * IF alone will not do.  What is timed turns IF on, and would take whatever is
 * pending; and on some cores a pending interrupt that IF holds off slows
 * retirement all the while.  So the local vector table and both 8259s are
 * masked, what was pending before that is taken by the firmware's own handlers,
 * and then the task priority shuts out what IOAPICs and devices may send.  The
 * guard counts what comes through all the same.
 *
 * Source: Intel 8259A data sheet, "OCW1"; for the local APIC see apic.c.
 */
#include "cpu/cpu.h"
#include "lib/sink.h"
#include "cpu/apic.h"
#include "cpu/guard.h"
#include "machine/kept.h"
#include "lib/mem.h"
#include "paravirt/native.h"
#include "cpu/percpu.h"
#include "quiet.h"

#define PIC1_MASK	0x21
#define PIC2_MASK	0xa1

#define MSR_SMI_COUNT	0x34
#define MODEL_NEHALEM	0x1a
/* Source: Intel SDM Vol. 4, "Architectural MSRs": no processor will ever have one
 * of 40000000h to 400000FFh. */
#define MSR_OF_NO_CPU	0x400000ff

static struct {
	unsigned long flags;
	uint8_t pic1, pic2;
	struct disturbance counts;
} found;

static struct cpu_id cpu;
static struct disturbance total;
static unsigned windows;

/* Is a window open? */
static bool is_open;

/* Why the last window was not to be had. */
static const char *failure;

void quiet_learn(const struct cpu_id *id)
{
	cpu = *id;
	lfence_learn(id);
}

/* Masks one, and looks whether it took that. */
static enum kept_pic mask_pic(uint16_t port)
{
	uint8_t after_ff, after_fe;

	cpu_out8(port, 0xff);
	after_ff = cpu_in8(port);
	if (after_ff == 0xff)
		return KEPT_PIC_MASKED;
	cpu_out8(port, 0xfe);
	after_fe = cpu_in8(port);
	cpu_out8(port, 0xff);
	return kept_by_pic(after_ff, after_fe);
}

/* One that is not there sends nothing; were it there and did not answer, LINT0, by which
 * it would, is masked.  (By an I/O APIC's ExtINT it could still: then it is counted.) */
static bool mask_pics(void)
{
	enum kept_pic one, two;

	found.pic1 = cpu_in8(PIC1_MASK);
	found.pic2 = cpu_in8(PIC2_MASK);
	one = mask_pic(PIC1_MASK);
	two = mask_pic(PIC2_MASK);
	if (one == KEPT_PIC_OPEN || two == KEPT_PIC_OPEN)
		return false;
	return apic_is_in_use()
		|| (one == KEPT_PIC_MASKED && two == KEPT_PIC_MASKED);
}

/* Masks once more what a handler that ran in between has unmasked or armed, and
 * takes that for what is to be put back. */
static void mask_again(void)
{
	uint8_t pic1 = cpu_in8(PIC1_MASK), pic2 = cpu_in8(PIC2_MASK);

	if (pic1 != 0xff)
		found.pic1 = pic1;
	if (pic2 != 0xff)
		found.pic2 = pic2;
	cpu_out8(PIC1_MASK, 0xff);
	cpu_out8(PIC2_MASK, 0xff);
	apic_mask_again();
}

/* What was pending when the masks closed is the firmware's: it takes it now.
 * If IF was off when we came, it stays pending, and TPR or the masks hold it. */
static void drain(void)
{
	if (!(found.flags & FLAGS_IF))
		return;
	cpu_set_if(true);
	for (int i = 0; i < 64; i++)
		asm volatile("pause");
	cpu_set_if(false);
	mask_again();
}

/* All of them, whatever one does.  NULL, or who did not do as it was told. */
static const char *shut_controllers(void)
{
	bool pics = mask_pics(), lvt = apic_mask();

	drain();
	if (!apic_shut())
		return "the local APIC did not take the highest task priority";
	if (!lvt)
		return "the local vector table did not take its masks";
	return pics ? NULL : "the 8259s did not take their masks";
}

/* With the controllers shut. */
static const char *open_rest(void)
{
	lfence_lend();
	guard_open();
	return percpu_open();
}

bool quiet_begin(void *ctx)
{
	const char *why;

	is_open = true;
	found.flags = cpu_flags();
	cpu_set_if(false);
	apic_learn();
	why = shut_controllers();
	failure = open_rest();
	if (why)
		failure = why;
	quiet_disturbance(ctx, &found.counts);
	if (failure)
		quiet_end(ctx);
	return !failure;
}

const char *quiet_failure(void)
{
	return failure;
}

void quiet_abort(void)
{
	if (is_open)
		quiet_end(NULL);
}

static void add_to_total(const struct disturbance *d)
{
	windows++;
	total.smi += d->smi;
	total.nmi += d->nmi;
	total.interrupts += d->interrupts;
	total.smi_known = d->smi_known;
}

void quiet_end(void *ctx)
{
	struct disturbance now, window;

	is_open = false;
	cpu_set_if(false);
	quiet_disturbance(ctx, &now);
	window = disturbance_between(&found.counts, &now);
	add_to_total(&window);
	percpu_close();
	guard_close();
	lfence_take_back();
	apic_unmask();
	cpu_out8(PIC2_MASK, found.pic2);
	cpu_out8(PIC1_MASK, found.pic1);
	cpu_set_ac(found.flags & FLAGS_AC);
	cpu_set_if(found.flags & FLAGS_IF);
}

/* What is counted. */

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

bool quiet_smi_count(uint32_t *n)
{
	uint64_t v;

	if (memcmp(cpu.vendor, "GenuineIntel", 12) || cpu.family != 6
	    || cpu.model < MODEL_NEHALEM || !msr_read(MSR_SMI_COUNT, &v)
	    || (!v && !absent_msrs_fault()))
		return false;
	*n = (uint32_t)v;
	return true;
}

void quiet_disturbance(void *ctx, struct disturbance *d)
{
	struct guard_counts c = guard_counts();

	(void)ctx;
	*d = (struct disturbance){ .nmi = c.nmi, .interrupts = c.interrupts };
	d->smi_known = quiet_smi_count(&d->smi);
}

struct disturbance quiet_total(void)
{
	return total;
}

void quiet_say(struct sink *s)
{
	struct guard_counts all = guard_counts();
	char smi[12] = "unknown";

	if (total.smi_known)
		text_format(smi, sizeof(smi), "%u", total.smi);
	sink_printf(s, "parapatch quiet windows=%u nmi=%u interrupts=%u smi=%s "
		    "run_nmi=%u run_interrupts=%u last_vector=%u lfence=\"%s\"\n",
		    windows, total.nmi, total.interrupts, smi, all.nmi,
		    all.interrupts, all.last_vector, quiet_lfence());
}

/* Does a window put everything back? */

/* What a window touches, as it is now. */
struct touched {
	struct apic_state apic;
	struct percpu_state percpu;
	struct native_dtr idtr, gdtr;
	uint64_t lfence;
	uint8_t pic1, pic2;
	bool irqs, ac;
};

static struct touched read_touched(void)
{
	struct touched t = {
		.apic = apic_read(), .percpu = percpu_read(),
		.lfence = lfence_setting(),
		.pic1 = cpu_in8(PIC1_MASK), .pic2 = cpu_in8(PIC2_MASK),
		.irqs = cpu_flags() & FLAGS_IF, .ac = cpu_flags() & FLAGS_AC,
	};

	asm volatile("sidt %0" : "=m" (t.idtr) : : "memory");
	asm volatile("sgdt %0" : "=m" (t.gdtr) : : "memory");
	return t;
}

static const char *difference(const struct touched *a, const struct touched *b)
{
	const char *why;

	if (a->irqs != b->irqs)
		return "IF";
	if (a->idtr.base != b->idtr.base || a->idtr.limit != b->idtr.limit)
		return "the interrupt descriptor table";
	if (a->pic1 != b->pic1 || a->pic2 != b->pic2)
		return "the masks of the 8259s";
	why = apic_difference(&a->apic, &b->apic);
	if (why)
		return why;
	if (!kept_same_lfence(a->lfence, b->lfence))
		return "LFENCE's setting";
	if (a->ac != b->ac)
		return "EFLAGS.AC";
	if (a->gdtr.base != b->gdtr.base || a->gdtr.limit != b->gdtr.limit)
		return "the global descriptor table";
	return percpu_difference(&a->percpu, &b->percpu);
}

/* Puts values of its own where a window must put back what it found: masks that
 * are the opposite of the firmware's, a task priority that is not 0, another
 * per-CPU segment.  IF is off, so nothing is delivered by them. */
static void disguise(struct touched *t)
{
	t->pic1 = (uint8_t)~t->pic1;
	t->pic2 = (uint8_t)~t->pic2;
	t->apic.tpr = 0x10;
	t->ac = !t->ac;
	t->percpu = percpu_disguise(t->percpu);
}

/* What belongs to nobody but us: no handler changes it. */
static void put_registers(const struct touched *t)
{
	asm volatile("lidt %0" : : "m" (t->idtr) : "memory");
	percpu_put(&t->percpu);
	cpu_set_ac(t->ac);
}

static void put_touched(const struct touched *t)
{
	put_registers(t);
	cpu_out8(PIC1_MASK, t->pic1);
	cpu_out8(PIC2_MASK, t->pic2);
	apic_set_priority(t->apic.tpr);
}

/* One window, IF as it is now, in which AC changes as a backend may change it. */
static const char *check_window(void)
{
	static char why[100];
	struct touched before = read_touched(), after;

	if (!quiet_begin(NULL)) {
		text_format(why, sizeof(why), "anything, for %s", failure);
		return why;
	}
	cpu_set_ac(!before.ac);
	quiet_end(NULL);
	after = read_touched();
	return difference(&before, &after);
}

const char *quiet_check(void)
{
	bool irqs = cpu_flags() & FLAGS_IF;
	struct touched as_found, own;
	const char *why;

	apic_learn();
	if (guard_lost())
		return "the interrupt descriptor table";
	as_found = read_touched();
	why = check_window();
	cpu_set_if(false);
	put_registers(&as_found);
	as_found = own = read_touched();
	disguise(&own);
	put_touched(&own);
	if (!why)
		why = check_window();
	put_touched(&as_found);
	cpu_set_if(irqs);
	return why;
}
