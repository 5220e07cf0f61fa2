/* SPDX-License-Identifier: GPL-2.0-only */
/* Does a quiet window put everything back?  See quiet_check.h. */
#include "apic_mask.h"
#include "cpu/cpu.h"
#include "cpu/descriptor_tables.h"
#include "cpu/guard.h"
#include "cpu/percpu.h"
#include "lfence_loan.h"
#include "lib/sink.h"
#include "machine/kept.h"
#include "pic_mask.h"
#include "quiet.h"
#include "quiet_check.h"

/* What a window touches, as it is now. */
struct touched {
	struct apic_state apic;
	struct percpu_state percpu;
	struct native_dtr idtr, gdtr;
	uint64_t lfence;
	struct pic_masks pic;
	bool irqs, ac;
};

static struct touched read_touched(void)
{
	return (struct touched){
		.apic = apic_read(), .percpu = percpu_read(),
		.lfence = lfence_setting(),
		.pic = pic_read(), .idtr = cpu_idtr(), .gdtr = cpu_gdtr(),
		.irqs = cpu_flags() & FLAGS_IF, .ac = cpu_flags() & FLAGS_AC,
	};
}

static const char *difference(const struct touched *a, const struct touched *b)
{
	const char *why;

	if (a->irqs != b->irqs)
		return "IF";
	if (!dtr_is_same(&a->idtr, &b->idtr))
		return "the interrupt descriptor table";
	if (a->pic.pic1 != b->pic.pic1 || a->pic.pic2 != b->pic.pic2)
		return "the masks of the 8259s";
	why = apic_difference(&a->apic, &b->apic);
	if (why)
		return why;
	if (!kept_same_lfence(a->lfence, b->lfence))
		return "LFENCE's setting";
	if (a->ac != b->ac)
		return "EFLAGS.AC";
	if (!dtr_is_same(&a->gdtr, &b->gdtr))
		return "the global descriptor table";
	return percpu_difference(&a->percpu, &b->percpu);
}

/* Puts values of its own where a window must put back what it found: masks that
 * are the opposite of the firmware's, a task priority that is not 0, another
 * per-CPU segment.  IF is off, so nothing is delivered by them. */
static void disguise(struct touched *t)
{
	t->pic.pic1 = (uint8_t)~t->pic.pic1;
	t->pic.pic2 = (uint8_t)~t->pic.pic2;
	t->apic.tpr = 0x10;
	t->ac = !t->ac;
	t->percpu = percpu_disguise(t->percpu);
}

/* What belongs to nobody but us: no handler changes it. */
static void put_registers(const struct touched *t)
{
	cpu_set_idtr(&t->idtr);
	percpu_put(&t->percpu);
	cpu_set_ac(t->ac);
}

static void put_touched(const struct touched *t)
{
	put_registers(t);
	pic_put(t->pic);
	apic_set_priority(t->apic.tpr);
}

/* One window, IF as it is now, in which AC changes as a backend may change it. */
static const char *check_window(void)
{
	static char why[100];
	struct touched before = read_touched(), after;

	if (!quiet_begin(NULL)) {
		text_format(why, sizeof(why), "anything, for %s", quiet_failure());
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

	apic_mask_learn();
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
