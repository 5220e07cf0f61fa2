/* SPDX-License-Identifier: GPL-2.0-only */
/* What the other CPUs answer to, see mp_interrupt.h; called by mp_entry.S. */
#include "cpu/apic.h"
#include "cpu/attempt.h"
#include "cpu/cpu.h"
#include "cpu/guard.h"
#include "cpu/serialise.h"
#include "lib/mem.h"
#include "mp_interrupt.h"

struct mp_cpu *mp_this_cpu(void)
{
	uint32_t number;

#if ARCH_WORD == 8
	asm volatile("mov %%gs:%c1, %0" : "=r" (number) : "i" (PV_CPU_NUMBER));
#else
	asm volatile("mov %%fs:%c1, %0" : "=r" (number) : "i" (PV_CPU_NUMBER));
#endif
	return &mp.cpu[number];
}

/* The stack of an entry, from where mp_entry.S is when it calls C. */
struct mp_frame {
#if ARCH_WORD == 8
	uintptr_t r11, r10, r9, r8, di, si, dx, cx, ax;
#else
	uintptr_t dx, cx, ax;
#endif
	uintptr_t vector, error;
};

/* What the CPU pushed. */
struct mp_cpu_frame {
	uintptr_t ip, cs, flags;
#if ARCH_WORD == 8
	uintptr_t sp, ss;
#endif
};

struct mp_interrupt {
	struct mp_frame saved;
	struct mp_cpu_frame cpu;
};

struct mp_int3 {
	struct mp_frame saved;
	uintptr_t room[ARCH_WORD == 8 ? 2 : 1];
	struct mp_cpu_frame cpu;
};

/* In an emulator the boot CPU may sleep while it waits: whoever comes by when there is
 * nobody left to wait for wakes it. */
static void wake(void)
{
	mp_sleep_order();
	if (mp.asleep && mp_all_said()) {
		__atomic_fetch_add(&mp.woken, 1, __ATOMIC_RELAXED);
		apic_send_nmi(mp.boot);
	}
}

/* Its end: who sees it taken sees the rest. */
static void fall(struct mp_cpu *c, uint8_t vector, uintptr_t ip, uintptr_t error)
{
	c->exception.vector = vector;
	c->exception.ip = ip;
	c->exception.error = error;
	__atomic_store_n(&c->exception.taken, true, __ATOMIC_RELEASE);
	wake();
}

static bool answer(struct mp_cpu *c, bool quiet)
{
	bool answered = live_answer(&mp.ask, &c->live, quiet, cpu_serialise, wake);

	wake();
	return answered;
}

/* In ring 3 %gs and %fs are ring 3's; who goes there is alone. */
static struct mp_cpu *interrupted(const struct mp_cpu_frame *f)
{
	return f->cs & 3 ? &mp.cpu[0] : mp_this_cpu();
}

/* An EOI is owed to those that the local APIC delivered, and to no one else. */
void mp_on_interrupt(struct mp_interrupt *f);
void mp_on_interrupt(struct mp_interrupt *f)
{
	struct mp_cpu *c = interrupted(&f->cpu);
	uint8_t vector = (uint8_t)f->saved.vector;
	uint32_t number;

	if (vector != MP_VECTOR) {
		c->counts.strays++;
		if (apic_in_service(vector))
			apic_eoi();
		return;
	}
	c->counts.asked++;
	apic_eoi();
	number = mp.ask.number;
	if (!answer(c, mp.work.is_quiet(f->cpu.ip)) && number != c->live.answered)
		c->counts.owed++;
}

/* The emulated call's return address, and the frame out of its way.  Return: has
 * the frame moved? */
static bool push_back(struct mp_int3 *f, uintptr_t back)
{
	uintptr_t to = (uintptr_t)f->room;
	struct mp_cpu_frame cpu = f->cpu;

#if ARCH_WORD == 8
	cpu.sp -= sizeof(uintptr_t);
	memcpy((void *)to, &cpu, sizeof(cpu));
	*(volatile uintptr_t *)cpu.sp = back;
#else
	memcpy((void *)to, &cpu, sizeof(cpu));
	f->cpu.flags = back;
#endif
	return true;
}

/* Waits for the site; answers meanwhile: here it is quiet, and outside. */
static void wait_for_site(struct mp_cpu *c, uintptr_t ip)
{
	while (live_is_int3(ip)) {
		answer(c, true);
		asm volatile("pause" : : : "memory");
	}
}

static uintptr_t *argument(struct mp_frame *f)
{
#if ARCH_WORD == 8
	return &f->di;
#else
	return &f->ax;
#endif
}

/*
 * An INT3: the frame says the byte behind it.  A question that is open is answered
 * first, and then the batch may be over: the CPU goes back to look again.
 */
static bool trapped(struct mp_cpu *c, struct mp_int3 *f)
{
	struct live_regs r = {
		.ip = f->cpu.ip - 1, .flags = f->cpu.flags, .ax = f->saved.ax,
		.arg = *argument(&f->saved),
	};
	enum live_trap what = LIVE_TRAP_AGAIN;
	enum live_was was;

	f->cpu.ip--;
	if (!answer(c, true))
		what = live_trap(mp.work.batch, &r, &was);
	switch (what) {
	case LIVE_TRAP_AGAIN:
		c->counts.again++;
		break;
	case LIVE_TRAP_FOREIGN:
		fall(c, 3, r.ip, 0);	/* none of ours: as an exception */
		break;
	case LIVE_TRAP_WAIT:
		c->counts.int3[was]++;
		wait_for_site(c, r.ip);
		break;
	case LIVE_TRAP_GO:
		c->counts.int3[was]++;
		f->cpu.ip = r.ip;
		f->cpu.flags = r.flags;
		f->saved.ax = r.ax;
		return r.call && push_back(f, r.back);
	}
	return false;
}

/* 0: back with the frame where it is; 1: where it was moved to; 2: not at all. */
unsigned mp_on_int3(struct mp_int3 *f);
unsigned mp_on_int3(struct mp_int3 *f)
{
	struct mp_cpu *c = mp_this_cpu();
	bool moved = trapped(c, f);

	return c->exception.taken ? 2 : moved;
}

/* Return: the stack to go on with; 0: the instruction may fault, and the frame goes on
 * where it is to then; 1: it ends an attempt.  What %gs or %fs reaches may be what an attempt
 * broke: it is not asked while one is on, and who is in one is alone. */
uintptr_t mp_on_exception(struct mp_interrupt *f);
uintptr_t mp_on_exception(struct mp_interrupt *f)
{
	uintptr_t land = guard_lands((uint8_t)f->saved.vector, f->cpu.ip);
	struct mp_cpu *c;

	if (land) {
		f->cpu.ip = land;
		return 0;
	}
	if (attempt_is_elsewhere() && attempt_ends_by((uint8_t)f->saved.vector))
		return 1;
	c = attempt_is_elsewhere() ? &mp.cpu[0] : mp_this_cpu();
	attempts_forget();
	fall(c, (uint8_t)f->saved.vector, f->cpu.ip, f->saved.error);
	return c->landing;
}

uintptr_t mp_landing(void);
uintptr_t mp_landing(void)
{
	return mp_this_cpu()->landing;
}

void mp_point(struct mp_cpu *c)
{
	bool on = cpu_flags() & FLAGS_IF;

	cpu_set_if(false);
	answer(c, true);
	cpu_set_if(on);
}
