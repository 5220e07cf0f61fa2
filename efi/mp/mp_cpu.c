/* SPDX-License-Identifier: GPL-2.0-only */
/* Other CPUs, their side: what each lends, and its interrupts; see mp.h. */
#include "cpu/cpu.h"
#include "cpu/gate.h"
#include "machine/gdt.h"
#include "lib/mem.h"
#include "mp_cpu.h"
#include "paravirt/native.h"
#include "cpu/serialise.h"

#define VECTORS		256
#define ENTRY_BYTES	16	/* mp_entry.S */

extern const uint8_t mp_entries[];
void mp_run(void (*fn)(void *arg), void *arg, uintptr_t *landing);

/* Counted by the entry: an NMI ends there. */
volatile uint32_t mp_nmis;

static struct gate table[VECTORS] __attribute__((aligned(16)));

void mp_fill_table(void)
{
	for (unsigned v = 0; v < VECTORS; v++) {
		table[v] = gate_new();
		gate_set_offset(&table[v], (uintptr_t)mp_entries + v * ENTRY_BYTES);
	}
}

/* Which CPU is this?  By its segment. */
static struct mp_cpu *here(void)
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

/* An EOI is owed to those that the local APIC delivered, and to no one else. */
void mp_on_interrupt(struct mp_interrupt *f);
void mp_on_interrupt(struct mp_interrupt *f)
{
	struct mp_cpu *c = here();
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
	struct mp_cpu *c = here();
	bool moved = trapped(c, f);

	return c->exception.taken ? 2 : moved;
}

/* Return: the stack to go on with. */
uintptr_t mp_on_exception(const struct mp_interrupt *f);
uintptr_t mp_on_exception(const struct mp_interrupt *f)
{
	struct mp_cpu *c = here();

	fall(c, (uint8_t)f->saved.vector, f->cpu.ip, f->saved.error);
	return c->landing;
}

uintptr_t mp_landing(void);
uintptr_t mp_landing(void)
{
	return here()->landing;
}

void mp_point(struct mp_cpu *c)
{
	bool on = cpu_flags() & FLAGS_IF;

	cpu_set_if(false);
	answer(c, true);
	cpu_set_if(on);
}

/* What this CPU lends. */

static struct native_dtr idtr(void)
{
	struct native_dtr dtr;

	asm volatile("sidt %0" : "=m" (dtr) : : "memory");
	return dtr;
}

#if ARCH_WORD == 8

static const char *own_segment(struct mp_cpu *c, unsigned number)
{
	(void)number;
	c->own.segment.gs_base = (uintptr_t)&c->pv;
	return NULL;
}

static void put_segment(const struct percpu_state *s)
{
	percpu_put(s);
}

#else

/* Longest GDT that is copied, in slots; a CPU's own descriptor comes behind it. */
#define GDT_SLOTS	32

static uint64_t own_gdt[MP_CPUS][GDT_SLOTS + 1] __attribute__((aligned(16)));

static const char *own_segment(struct mp_cpu *c, unsigned number)
{
	const struct percpu_state *found = &c->found.segment;
	unsigned slots = (found->gdtr.limit + 1u) / 8;

	if (slots > GDT_SLOTS)
		return "its global descriptor table is too long to be copied";
	memcpy(own_gdt[number], (const void *)found->gdtr.base, slots * 8);
	gdt_mark(own_gdt[number], slots, false);
	if (gdt_load(own_gdt[number], slots, found->fs) != GDT_LOADS)
		return "%fs cannot be loaded with what it holds";
	own_gdt[number][slots] = percpu_descriptor(&c->pv);
	c->own.segment.gdtr.base = (uintptr_t)own_gdt[number];
	c->own.segment.gdtr.limit = (uint16_t)(slots * 8 + 7);
	c->own.segment.fs = (uint16_t)(slots * 8);
	return NULL;
}

static void load_fs(uint16_t fs)
{
	asm volatile("mov %0, %%fs" : : "r" ((uint32_t)fs) : "memory");
}

/* Not by the guard, which is the boot CPU's: what FS held is still in the GDT.  It is
 * loaded from the own copy of that one, which is marked: loading it from the firmware's
 * might store to it. */
static void put_segment(const struct percpu_state *s)
{
	const struct percpu_state now = percpu_read();
	const bool is_own = s->gdtr.base >= (uintptr_t)own_gdt
		&& s->gdtr.base < (uintptr_t)own_gdt + sizeof(own_gdt);

	if (!is_own && now.gdtr.base != s->gdtr.base)
		load_fs(s->fs);
	asm volatile("lgdt %0" : : "m" (s->gdtr) : "memory");
	if (is_own)
		load_fs(s->fs);
}

#endif

static struct mp_loan read_loan(void)
{
	return (struct mp_loan){ idtr(), percpu_read(), apic_here(), cpu_flags() };
}

static const char *own_loan(struct mp_cpu *c, unsigned number)
{
	c->own = c->found;
	c->own.idtr.base = (uintptr_t)table;
	c->own.idtr.limit = sizeof(table) - 1;
	c->own.apic = apic_here_open(c->found.apic);
	return own_segment(c, number);
}

/* With IF off. */
static void put_loan(const struct mp_loan *l)
{
	put_segment(&l->segment);
	asm volatile("lidt %0" : : "m" (l->idtr) : "memory");
	apic_here_put(&l->apic);
}

static const char *difference(const struct mp_loan *a, const struct mp_loan *b)
{
	if (a->idtr.base != b->idtr.base || a->idtr.limit != b->idtr.limit)
		return "the interrupt descriptor table";
	if (!apic_here_same(&a->apic, &b->apic))
		return "the local APIC";
	if ((a->flags ^ b->flags) & FLAGS_IF)
		return "IF";
	return percpu_difference(&a->segment, &b->segment);
}

static void work(void *arg)
{
	struct mp_cpu *c = arg;

	c->here = true;
	mp.work.run(c);
}

/* An exception may have left IF, or anything else of the flags, as it was then. */
static void lend(struct mp_cpu *c)
{
	struct mp_loan now;

	put_loan(&c->own);
	if (here() == c)
		mp_run(work, c, &c->landing);
	else
		c->refused = "the per-CPU segment does not reach its memory";
	cpu_set_if(false);
	c->here = false;
	asm volatile("cld" : : : "memory", "cc");
	put_loan(&c->found);
	cpu_set_if(c->found.flags & FLAGS_IF);
	now = read_loan();
	c->not_put_back = difference(&now, &c->found);
}

/* The boot CPU's is off for the run (entry.S); another's is the firmware's.  Source:
 * Intel SDM Vol. 3A, "Control Registers". */
static bool has_cet(void)
{
	unsigned long cr4;

	asm volatile("mov %%cr4, %0" : "=r" (cr4));
	return cr4 & 1ul << 23;
}

/* The table's gates name the boot CPU's code segment; handlers change frames, which a
 * shadow stack would not follow. */
static const char *cannot_lend(void)
{
	struct gate own = gate_new();

	if (!apic_same_mode())
		return "its local APIC is in another mode than the boot CPU's";
	if (own.selector != table[0].selector)
		return "its code segment is not the boot CPU's";
	if (has_cet())
		return "it runs with a shadow stack or with IBT";
	return NULL;
}

void mp_visit(void)
{
	uint32_t number = __atomic_fetch_add(&mp.claimed, 1, __ATOMIC_SEQ_CST);
	struct mp_cpu *c;

	if (number >= MP_CPUS)
		return;
	c = &mp.cpu[number];
	c->refused = cannot_lend();
	if (!c->refused) {
		c->found = read_loan();
		cpu_set_if(false);
		c->apic = apic_id();
		c->refused = own_loan(c, number);
		if (!c->refused)
			lend(c);
		cpu_set_if(c->found.flags & FLAGS_IF);
	}
	c->done = true;
}
