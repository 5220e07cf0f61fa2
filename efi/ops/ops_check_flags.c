/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of ops: flags, interrupts, IRET; and the patch hook. */
#include "ops_check_one.h"

#define CR4_CET		(1ul << 23)
#define MSR_S_CET	0x6a2

/* Flags that any instruction between two looks may change: arithmetic, RF. */
#define FL_LOOSE	0x108d5ul

CHECK(patch)
{
	struct sited_op so = { .isa = ARCH_ISA, .type = OP_irq_disable };
	uint8_t buf[FORM_LEN_MAX] = { 0xcc, 0xcc };
	unsigned used = 0;
	bool kept, patched;

	kept = paravirt_ops.patch(&so, buf, &used) == KEPT_TOO_SMALL
		&& buf[0] == 0xcc;
	so.len = 6;
	patched = paravirt_ops.patch(&so, buf, &used) == PATCHED_INLINE
		&& used == 1 && buf[0] == 0xfa && buf[1] == 0xcc;
	return unless(kept && patched,
		      "a site of irq_disable is not patched to CLI");
}

CHECK(save_fl)
{
	unsigned long off, on;

	off = paravirt_ops.save_fl() ^ flags_now();
	asm volatile("sti" : : : "memory");
	on = paravirt_ops.save_fl() ^ flags_now();
	asm volatile("cli" : : : "memory");
	return unless(!((off | on) & ~FL_LOOSE), "differs from PUSHF");
}

CHECK(restore_fl)
{
	unsigned long flags = flags_now();
	bool on, off;

	paravirt_ops.restore_fl(flags | FL_IF);
	on = if_now();
	paravirt_ops.restore_fl(flags & ~FL_IF);
	off = !if_now();
	asm volatile("cli" : : : "memory");
	return unless(on && off, "IF is not bit 9 of the argument");
}

CHECK(irq_disable)
{
	bool off;

	asm volatile("sti" : : : "memory");
	paravirt_ops.irq_disable();
	off = !if_now();
	asm volatile("cli" : : : "memory");
	return unless(off, "IF is still 1");
}

CHECK(irq_enable)
{
	bool on;

	paravirt_ops.irq_enable();
	on = if_now();
	asm volatile("cli" : : : "memory");
	return unless(on, "IF is still 0");
}

CHECK(irq_save)
{
	unsigned long flags;
	bool off;

	asm volatile("sti" : : : "memory");
	flags = paravirt_ops.irq_save();
	off = !if_now();
	asm volatile("cli" : : : "memory");
	return unless(off && (flags & FL_IF), "does not return IF and turn it off");
}

/* Interrupts that are not the timer's may wake HLT too: a few of them do no harm.
 * An op that does not wait goes through these in no time, and no tick comes. */
#define WAKES_MAX	8

/* The timer goes on while HLT waits, so an early interrupt does no harm. */
static const char *halted(struct check *c, FN_v_v((*op)), bool if_before)
{
	const struct ops_check_env *env = c->env;
	uint32_t before, after;
	bool on = true;

	if (!env->timer_start || !env->timer_start(env->ctx))
		return not_run(c, "no timer to wake it up");
	before = env->timer_count(env->ctx);
	after = before;
	for (int i = 0; i < WAKES_MAX && after == before; i++) {
		if (if_before)
			asm volatile("sti" : : : "memory");
		op();
		on &= if_now();
		asm volatile("cli" : : : "memory");
		after = env->timer_count(env->ctx);
	}
	env->timer_stop(env->ctx);
	return unless(on && after != before, "came back without an interrupt");
}

CHECK(safe_halt)
{
	return halted(c, paravirt_ops.safe_halt, false);
}

CHECK(halt)
{
	return halted(c, paravirt_ops.halt, true);
}

CHECK(set_iopl_mask)
{
	unsigned long found = flags_now(), three, zero;

	paravirt_ops.set_iopl_mask(NATIVE_FL_IOPL);
	three = flags_now();
	paravirt_ops.set_iopl_mask(0);
	zero = flags_now();
	WRITE("push %0\n\tpopf", found);
	return unless(!((three ^ (found | NATIVE_FL_IOPL)) & ~FL_LOOSE)
		      && !((zero ^ (found & ~NATIVE_FL_IOPL)) & ~FL_LOOSE),
		      "IOPL is not bits 13:12 of the argument");
}

/* IRET pops from the shadow stack too, where there is one: nothing is there. */
static bool shadow_stack(void)
{
	return (READ("mov %%cr4, %0") & CR4_CET) && (rdmsr_now(MSR_S_CET) & 1);
}

CHECK(iret)
{
	unsigned long flags = flags_now() & ~FL_CF, set, clear;

	if (shadow_stack())
		return not_run(c, "a shadow stack is in use");
	set = native_jump_iret(paravirt_ops.iret, flags | FL_CF);
	clear = native_jump_iret(paravirt_ops.iret, flags);
	return unless((set & FL_CF) && !(clear & FL_CF),
		      "the flags are not the frame's");
}
