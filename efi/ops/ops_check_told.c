/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of ops: what a hypervisor is told of, and natively nothing is done for; and a
 * queued lock.
 *
 * That nothing is done is looked for where a hypervisor's op would do it: in what the
 * arguments point to, in the flags, in CR3.
 */
#include "ops_check_one.h"

static uint8_t own_lock[8];

struct found {
	unsigned long flags, cr3;
};

static struct found found_now(void)
{
	for (unsigned i = 0; i < sizeof(own_lock); i++)
		own_lock[i] = (uint8_t)(0xa1 + i);
	return (struct found){ flags_now() & FL_IF, READ("mov %%cr3, %0") };
}

/* @cleared: bytes of the lock's word that are 0 now. */
static const char *still(const struct found *f, unsigned cleared)
{
	bool same = (flags_now() & FL_IF) == f->flags && READ("mov %%cr3, %0") == f->cr3;

	for (unsigned i = 0; i < sizeof(own_lock); i++)
		same &= own_lock[i] == (i - 4 < cleared ? 0 : 0xa1 + i);
	return unless(same, cleared ? "the lock's word is not what it must be"
		      : "something changed");
}

CHECK(enter_lazy_mmu)
{
	struct found f = found_now();

	paravirt_ops.enter_lazy_mmu();
	return still(&f, 0);
}

CHECK(leave_lazy_mmu)
{
	struct found f = found_now();

	paravirt_ops.leave_lazy_mmu();
	return still(&f, 0);
}

CHECK(flush_lazy_mmu)
{
	struct found f = found_now();

	paravirt_ops.flush_lazy_mmu();
	return still(&f, 0);
}

CHECK(start_context_switch)
{
	struct found f = found_now();

	paravirt_ops.start_context_switch(own_lock);
	return still(&f, 0);
}

CHECK(end_context_switch)
{
	struct found f = found_now();

	paravirt_ops.end_context_switch(own_lock);
	return still(&f, 0);
}

CHECK(queued_spin_unlock)
{
	struct found f = found_now();

	paravirt_ops.queued_spin_unlock(&own_lock[4]);
	return still(&f, 1);
}

/* With the value that is there: a hypervisor's would not come back. */
CHECK(wait)
{
	struct found f = found_now();

	paravirt_ops.wait(own_lock, own_lock[0]);
	return still(&f, 0);
}

CHECK(kick)
{
	struct found f = found_now();

	paravirt_ops.kick(0);
	return still(&f, 0);
}

CHECK(vcpu_is_preempted)
{
	return unless(!paravirt_ops.vcpu_is_preempted(0) && !paravirt_ops.vcpu_is_preempted(1),
		      "a CPU does not run");
}
