/* SPDX-License-Identifier: GPL-2.0-only */
/* One visit of another CPU, see mp_cpu.h. */
#include "cpu/apic.h"
#include "cpu/cpu.h"
#include "mp_cpu.h"
#include "mp_interrupt.h"
#include "mp_loan.h"

/* Of mp_run.S: @fn(@arg), until it returns or an exception ends it. */
void mp_run(void (*fn)(void *arg), void *arg, uintptr_t *landing);

static void work(void *arg)
{
	struct mp_cpu *c = arg;

	c->here = true;
	mp.work.run(c);
}

/* An exception may have left the flags and the tables as they were then. */
static void lend(struct mp_cpu *c)
{
	struct mp_loan now;

	mp_loan_put(&c->own);
	if (mp_this_cpu() == c)
		mp_run(work, c, &c->landing);
	else
		c->refused = "the per-CPU segment does not reach its memory";
	cpu_set_if(false);
	asm volatile("cld" : : : "memory", "cc");
	if (c->exception.taken)
		mp_loan_put_tables(&c->own);
	if (mp.work.ended)
		mp.work.ended(c);
	c->here = false;
	mp_loan_put(&c->found);
	cpu_set_if(c->found.flags & FLAGS_IF);
	now = mp_loan_read();
	if (!c->not_put_back)
		c->not_put_back = mp_loan_difference(&now, &c->found);
}

void mp_visit(void)
{
	uint32_t number = __atomic_fetch_add(&mp.claimed, 1, __ATOMIC_SEQ_CST);
	struct mp_cpu *c;

	if (number >= MP_CPUS)
		return;
	c = &mp.cpu[number];
	c->refused = mp_loan_refused();
	if (!c->refused) {
		c->found = mp_loan_read();
		cpu_set_if(false);
		c->apic = apic_id();
		c->refused = mp_loan_own(c, number);
		if (!c->refused)
			lend(c);
		cpu_set_if(c->found.flags & FLAGS_IF);
	}
	c->done = true;
}
