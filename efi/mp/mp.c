/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other CPUs, the boot CPU's side: taking them, asking them, giving them back; see
 * mp.h.
 *
 * Source: UEFI Platform Initialization Specification, Vol. 2, "MP Services Protocol".
 */
#include "cpu/cpu.h"
#include "firmware/firmware.h"
#include "lib/sink.h"
#include "lib/mem.h"
#include "cpu/ticks.h"
#include "mp_cpu.h"
#include "writer/pages.h"
#include "lib/patience.h"

struct mp mp;

/* gnu-efi does not have it. */
typedef VOID (EFIAPI *ap_procedure)(VOID *buffer);

struct processor_info {
	UINT64 id;
	UINT32 status;
	UINT32 package, core, thread;
	UINT32 extended[6];		/* later versions fill it */
};
#define PROCESSOR_IS_BSP	(1u << 0)
#define PROCESSOR_ENABLED	(1u << 1)
#define PROCESSOR_HEALTHY	(1u << 2)

struct mp_services {
	EFI_STATUS (EFIAPI *count)(struct mp_services *this, UINTN *all, UINTN *enabled);
	EFI_STATUS (EFIAPI *info)(struct mp_services *this, UINTN number,
				  struct processor_info *info);
	EFI_STATUS (EFIAPI *start_all)(struct mp_services *this, ap_procedure procedure,
				       BOOLEAN one_by_one, EFI_EVENT ended, UINTN us,
				       VOID *arg, UINTN **failed);
	VOID *start_this, *switch_bsp, *enable_disable;
	EFI_STATUS (EFIAPI *who_am_i)(struct mp_services *this, UINTN *number);
};

static EFI_GUID mp_guid = {
	0x3fdda605, 0xa76e, 0x4f46,
	{ 0xad, 0x29, 0x12, 0xf4, 0x53, 0x1b, 0x3d, 0x08 },
};

static struct mp_services *services;
static EFI_EVENT ended;
static unsigned count;
static bool lost, alone;
static bool were_here;			/* others, at any time: they may know pages */
static char said[160];
static uint32_t sent, resent;
static uint64_t patience, again;	/* ticks */
static UINTN all_before, enabled_before;

static VOID EFIAPI forget(VOID *arg)
{
	(void)arg;
	pages_forget_translations();
}

bool mp_forget_translations(void)
{
	return !were_here || (!lost && services->start_all(services, forget, FALSE, NULL,
			MP_PATIENCE_MS * 1000, NULL, NULL) == EFI_SUCCESS);
}

/* In the firmware's calling convention; the rest is in ours. */
static VOID EFIAPI procedure(VOID *arg)
{
	(void)arg;
	mp_visit();
}

unsigned mp_machine_cpus(void)
{
	UINTN all = 0, enabled = 0;

	if (!services && firmware.bs->LocateProtocol(&mp_guid, NULL, (void **)&services)
	    != EFI_SUCCESS)
		return 0;
	return services->count(services, &all, &enabled) == EFI_SUCCESS
		? (unsigned)enabled : 0;
}

/* What each is given before it comes. */
static void prepare(const struct mp_work *work, unsigned others)
{
	memset(&mp, 0, sizeof(mp));
	for (unsigned i = 0; i < MP_CPUS; i++) {
		struct pv_memory *pv = &mp.cpu[i].pv;

		pv->cpu_number = i;
		pv->shared = &pv->shared_info;
	}
	mp.work = *work;
	mp.boot = apic_id();
	mp.count = others;
	sent = resent = 0;
	patience = ticks_of_ms(MP_PATIENCE_MS);
	again = ticks_of_ms(1);
	mp_fill_table();
}

static bool has_come(unsigned i)
{
	return mp.cpu[i].here || mp.cpu[i].done;
}

/* Waits for as many as the firmware said; with interrupts on, by its clock. */
static bool all_come(unsigned n)
{
	unsigned i;

	for (unsigned ms = 0; ms < MP_PATIENCE_MS; ms++) {
		for (i = 0; i < n && has_come(i); i++)
			;
		if (i == n)
			return true;
		firmware.bs->Stall(1000);
	}
	return false;
}

static const char *first_refused(void)
{
	for (unsigned i = 0; i < count; i++)
		if (mp.cpu[i].refused)
			return mp.cpu[i].refused;
	return NULL;
}

/* What there has to be before any CPU is started.  Nothing is owed until the event. */
static const char *begin(unsigned *use)
{
	unsigned others = mp_machine_cpus();

	alone = false;
	count = 0;
	if (lost)
		return "another CPU has not left since it was started before";
	if (!services) {
		alone = true;
		return "the firmware has no MP services";
	}
	if (!others)
		return "the firmware does not say how many CPUs there are";
	if (others < 2) {
		alone = true;
		return "there is one CPU";
	}
	if (services->count(services, &all_before, &enabled_before) != EFI_SUCCESS)
		return "the firmware does not say how many CPUs there are";
	if (!apic_learn())
		return "the boot CPU's local APIC is not in use";
	if (firmware.bs->CreateEvent(0, TPL_CALLBACK, NULL, NULL, &ended) != EFI_SUCCESS)
		return "the firmware gives no event";
	*use = others - 1 < MP_CPUS ? others - 1 : MP_CPUS;
	return NULL;
}

/* Nothing is owed to it then.  A firmware may start them without waiting until the event
 * ReadyToBoot, and not later.
 * Source: UEFI Platform Initialization Specification, Vol. 2,
 * "EFI_MP_SERVICES_PROTOCOL.StartupAllAPs()". */
static const char *not_started(EFI_STATUS st)
{
	firmware.bs->CloseEvent(ended);
	mp.count = 0;
	mp.leaving = true;
	were_here |= mp.claimed > 0;
	mp.claimed = MP_CPUS;		/* for one that comes all the same */
	text_format(said, sizeof(said), "the firmware does not start the other CPUs: "
		    "StartupAllAPs() says %llx%s", (unsigned long long)st,
		    st == EFI_UNSUPPORTED ? " (unsupported)" : "");
	return said;
}

/* Gives them back.  What goes wrong then is said too. */
static const char *finish_refused(const char *why)
{
	const char *also = mp_finish();

	if (!also)
		return why;
	text_format(said, sizeof(said), "%s; and %s", why, also);
	return said;
}

const char *mp_start(const struct mp_work *work)
{
	unsigned others;
	const char *why = begin(&others);
	EFI_STATUS st;

	if (why)
		return why;
	prepare(work, others);
	st = services->start_all(services, procedure, FALSE, ended, 0, NULL, NULL);
	if (st != EFI_SUCCESS)
		return not_started(st);
	count = others;
	were_here = true;
	why = all_come(count) ? first_refused()
		: "not every CPU that was started has come";
	return why ? finish_refused(why) : NULL;
}

bool mp_is_alone(void)
{
	return alone;
}

unsigned mp_count(void)
{
	return count;
}

struct mp_cpu *mp_cpu(unsigned i)
{
	return &mp.cpu[i];
}

bool mp_leaving(void)
{
	return mp.leaving;
}

uint32_t mp_sent(void)
{
	return sent;
}

uint32_t mp_resent(void)
{
	return resent;
}

uint32_t mp_woken(void)
{
	return mp.woken;
}

/* Asking. */

static bool has_said(unsigned i)
{
	const struct live_cpu *c = &mp.cpu[i].live;

	return mp_fell(&mp.cpu[i])
		|| (mp.arrived ? c->arrived : c->answered) == mp.awaited;
}

bool mp_all_said(void)
{
	for (unsigned i = 0; i < mp.count; i++)
		if (!has_said(i))
			return false;
	return true;
}

/* To all: so a question is so many interrupts, whoever has passed a point just now. */
static void send(void)
{
	for (unsigned i = 0; i < mp.count; i++)
		apic_send(mp.cpu[i].apic, MP_VECTOR);
	sent += mp.count;
}

/* To those that have not said it yet. */
static void send_again(void)
{
	for (unsigned i = 0; i < mp.count; i++) {
		if (has_said(i))
			continue;
		apic_send(mp.cpu[i].apic, MP_VECTOR);
		resent++;
	}
}

/*
 * In QEMU's TCG each CPU is a thread.  A locked access that is not aligned makes this
 * one wait until every other is between two translated blocks: what they were
 * translating is then done.  And where there are more CPUs than cores, those that are
 * waited for get to run.  Within a cache line it is an access that a CPU does not mind.
 */
void mp_settle(void)
{
	static struct {
		uint8_t odd;
		volatile uint32_t word;
	} __attribute__((packed, aligned(64))) line;

	asm volatile("lock orl $0, %0" : "+m" (line.word) : : "memory", "cc");
}

/* Has one of them come to an end that it should not have? */
static bool one_fell(void)
{
	for (unsigned i = 0; i < count; i++)
		if (mp_fell(&mp.cpu[i]))
			return true;
	return false;
}

/*
 * Waits a little.  In an emulator a CPU that spins may keep those that it waits for
 * from a core of the host's: there it halts until one of them, which see that it
 * sleeps, sends an NMI; or an interrupt comes, where IF is on, as it is not in a
 * window.  The guard counts the NMI and ends it.
 */
static void pause(bool sleep)
{
	for (unsigned i = 0; i < 100; i++)
		asm volatile("pause" : : : "memory");
	if (!sleep)
		return;
	mp.asleep = true;
	mp_sleep_order();
	if (!mp_all_said())
		asm volatile("hlt" : : : "memory");
	mp.asleep = false;
}

static void await(uint32_t number, bool arrived)
{
	mp.arrived = arrived;
	mp.awaited = number;
}

/* One that was interrupted where it may not answer is asked again.  Where one fell the
 * others are waited for all the same: what they still see is then whole. */
static bool wait(void)
{
	struct patience all = patience_begin(cpu_tsc_begin(), patience);
	struct patience once = patience_begin(all.last, again);

	while (!mp_all_said()) {
		pause(mp.work.threads);
		if (patience_ends(&all, cpu_tsc_begin()))
			return false;
		if (patience_ends(&once, all.last)) {
			send_again();
			once = patience_begin(all.last, again);
		}
	}
	return !one_fell();
}

bool mp_ask(void *ctx, bool quiet)
{
	(void)ctx;
	await(live_ask(&mp.ask, quiet, false), false);
	send();
	return wait();
}

bool mp_stop(void)
{
	await(live_ask(&mp.ask, true, true), true);
	send();
	if (wait())
		return true;
	live_release(&mp.ask);
	return false;
}

bool mp_release(void)
{
	await(mp.ask.number, false);
	live_release(&mp.ask);
	return wait();
}

/* Giving back. */

static bool all_gone(void)
{
	for (unsigned ms = 0; ms < MP_PATIENCE_MS; ms++) {
		if (firmware.bs->CheckEvent(ended) == EFI_SUCCESS)
			return true;
		firmware.bs->Stall(1000);
	}
	return false;
}

/* As many as before, each of them healthy, and this one still the boot CPU. */
static const char *firmware_check(void)
{
	struct processor_info info = { 0 };
	UINTN all, enabled, me;

	if (services->count(services, &all, &enabled) != EFI_SUCCESS
	    || all != all_before || enabled != enabled_before)
		return "the firmware counts other CPUs than before";
	if (services->who_am_i(services, &me) != EFI_SUCCESS)
		return "the firmware does not know this CPU";
	for (UINTN i = 0; i < all; i++) {
		if (services->info(services, i, &info) != EFI_SUCCESS)
			return "the firmware does not know a CPU";
		if ((info.status & PROCESSOR_ENABLED)
		    && !(info.status & PROCESSOR_HEALTHY))
			return "the firmware does not call a CPU healthy";
		if (!!(info.status & PROCESSOR_IS_BSP) != (i == me))
			return "the firmware has another boot CPU";
	}
	return NULL;
}

static const char *cpu_check(const struct mp_cpu *c)
{
	if (__atomic_load_n(&c->exception.taken, __ATOMIC_ACQUIRE))
		return "another CPU took an exception";
	return c->not_put_back ? c->not_put_back : NULL;
}

bool mp_is_lost(void)
{
	return lost;
}

const char *mp_finish(void)
{
	const char *why = NULL;

	mp.leaving = true;
	lost = !all_gone();
	if (lost)
		return "another CPU did not leave; the machine has to be restarted";
	firmware.bs->CloseEvent(ended);
	for (unsigned i = 0; i < count && !why; i++)
		why = cpu_check(&mp.cpu[i]);
	return why ? why : firmware_check();
}
