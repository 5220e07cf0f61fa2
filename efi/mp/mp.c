/* SPDX-License-Identifier: GPL-2.0-only */
/* Other CPUs, the boot CPU's side: taking them and giving them back; see mp.h. */
#include "cpu/cpu.h"
#include "cpu/translations.h"
#include "firmware/firmware.h"
#include "firmware/mp_services.h"
#include "lib/mem.h"
#include "lib/sink.h"
#include "mp.h"
#include "mp_ask.h"
#include "mp_cpu.h"
#include "mp_loan.h"

static EFI_EVENT cpus_gone_event;
static unsigned cpus_taken;
static bool cpu_is_lost, is_alone;
static bool cpu_is_absent;		/* one was started, and has not come */
static bool others_were_here;		/* at any time: they may know pages */
static char refusal_line[160];
static struct mp_services_cpus cpus_before;

static VOID EFIAPI forget(VOID *arg)
{
	(void)arg;
	cpu_forget_translations();
}

bool mp_forget_translations(void)
{
	if (!others_were_here)
		return true;
	return !cpu_is_lost && mp_services_start(forget, NULL, MP_PATIENCE_MS * 1000)
		== EFI_SUCCESS;
}

/* Which visit one CPU may begin; 0: none.  Who begins it takes it, and so does who gives
 * up waiting. */
static uintptr_t open_visit, visits;

/* In the firmware's calling convention; the rest is in ours. */
static VOID EFIAPI procedure_of_one(VOID *arg)
{
	uintptr_t mine = (uintptr_t)arg;

	if (__atomic_compare_exchange_n(&open_visit, &mine, 0, false, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST))
		mp_visit();
}

static VOID EFIAPI procedure(VOID *arg)
{
	(void)arg;
	mp_visit();
}

unsigned mp_machine_cpus(void)
{
	struct mp_services_cpus now;

	return mp_services_count(&now) ? (unsigned)now.enabled : 0;
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
	mp_ask_begin();
	mp_loan_prepare();
}

static bool has_come(unsigned i)
{
	return mp.cpu[i].here || mp.cpu[i].done;
}

static bool is_done(unsigned i)
{
	return mp.cpu[i].done;
}

/* Waits until it holds of the first @n; with interrupts on, by the firmware's clock. */
static bool all_are(bool (*so)(unsigned i), unsigned n)
{
	unsigned i;

	for (unsigned ms = 0; ms < MP_PATIENCE_MS; ms++) {
		for (i = 0; i < n && so(i); i++)
			;
		if (i == n)
			return true;
		firmware.bs->Stall(1000);
	}
	return false;
}

static const char *first_refused(void)
{
	for (unsigned i = 0; i < cpus_taken; i++)
		if (mp.cpu[i].refused)
			return mp.cpu[i].refused;
	return NULL;
}

/* What there has to be before any CPU is started.  Nothing is owed until the event. */
static const char *begin(unsigned *use)
{
	unsigned others = mp_machine_cpus();

	is_alone = false;
	cpus_taken = 0;
	if (cpu_is_lost)
		return "another CPU has not left since it was started before";
	if (!mp_services_there()) {
		is_alone = true;
		return "the firmware has no MP services";
	}
	if (!others)
		return "the firmware does not say how many CPUs there are";
	if (others < 2) {
		is_alone = true;
		return "there is one CPU";
	}
	if (!mp_services_count(&cpus_before))
		return "the firmware does not say how many CPUs there are";
	if (!apic_learn())
		return "the boot CPU's local APIC is not in use";
	if (firmware.bs->CreateEvent(0, TPL_CALLBACK, NULL, NULL, &cpus_gone_event) != EFI_SUCCESS)
		return "the firmware gives no event";
	*use = others - 1 < MP_CPUS ? others - 1 : MP_CPUS;
	return NULL;
}

/* Nothing is owed to it then.  Any that has come all the same is waited for until it has
 * left; later ones find no place.  A firmware may start them without waiting until the
 * event ReadyToBoot, and not later.
 * Source: UEFI Platform Initialization Specification, Vol. 2,
 * "EFI_MP_SERVICES_PROTOCOL.StartupAllAPs()". */
static void not_started(void)
{
	unsigned came;

	firmware.bs->CloseEvent(cpus_gone_event);
	mp.count = 0;
	mp.leaving = true;
	came = __atomic_exchange_n(&mp.claimed, MP_CPUS, __ATOMIC_SEQ_CST);
	others_were_here |= came > 0;
	cpu_is_lost = !all_are(is_done, came < MP_CPUS ? came : MP_CPUS);
}

static const char *all_not_started(EFI_STATUS st)
{
	not_started();
	text_format(refusal_line, sizeof(refusal_line), "the firmware does not start the "
							"other CPUs: "
		    "StartupAllAPs() says %llx%s", (unsigned long long)st,
		    st == EFI_UNSUPPORTED ? " (unsupported)" : "");
	return refusal_line;
}

/* Gives them back.  What goes wrong then is said too. */
static const char *finish_refused(const char *why)
{
	const char *also = mp_finish();

	if (!also)
		return why;
	text_format(refusal_line, sizeof(refusal_line), "%s; and %s", why, also);
	return refusal_line;
}

const char *mp_start(const struct mp_work *work)
{
	unsigned others;
	const char *why = begin(&others);
	EFI_STATUS st;

	if (why)
		return why;
	prepare(work, others);
	st = mp_services_start(procedure, cpus_gone_event, 0);
	if (st != EFI_SUCCESS)
		return all_not_started(st);
	cpus_taken = others;
	others_were_here = true;
	why = all_are(has_come, cpus_taken) ? first_refused()
		: "not every CPU that was started has come";
	return why ? finish_refused(why) : NULL;
}

/* Until it has come, or two seconds are over. */
static const char *await_one(void)
{
	if (all_are(has_come, 1))
		return mp.cpu[0].refused ? finish_refused(mp.cpu[0].refused) : NULL;
	if (!__atomic_exchange_n(&open_visit, 0, __ATOMIC_SEQ_CST))
		return finish_refused("it came late");
	cpu_is_absent = true;
	cpus_taken = 0;
	return "the firmware has started it, and it has not come";
}

const char *mp_start_one(const struct mp_work *work, unsigned number)
{
	unsigned others;
	const char *why = begin(&others);
	EFI_STATUS st;

	if (why)
		return why;
	prepare(work, 1);
	open_visit = ++visits;
	st = mp_services_start_one(procedure_of_one, number, cpus_gone_event,
				   (VOID *)visits);
	if (st != EFI_SUCCESS) {
		open_visit = 0;
		not_started();
		text_format(refusal_line, sizeof(refusal_line), "the firmware does not start "
			    "it: StartupThisAP() says %llx", (unsigned long long)st);
		return refusal_line;
	}
	cpus_taken = 1;
	others_were_here = true;
	return await_one();
}

bool mp_is_alone(void)
{
	return is_alone;
}

unsigned mp_count(void)
{
	return cpus_taken;
}

struct mp_cpu *mp_cpu(unsigned i)
{
	return &mp.cpu[i];
}

bool mp_leaving(void)
{
	return mp.leaving;
}

uint32_t mp_woken(void)
{
	return mp.woken;
}

static bool all_gone(void)
{
	for (unsigned ms = 0; ms < MP_PATIENCE_MS; ms++) {
		if (firmware.bs->CheckEvent(cpus_gone_event) == EFI_SUCCESS)
			return true;
		firmware.bs->Stall(1000);
	}
	return false;
}

static const char *cpu_check(const struct mp_cpu *c)
{
	if (__atomic_load_n(&c->exception.taken, __ATOMIC_ACQUIRE))
		return "another CPU took an exception";
	return c->not_put_back ? c->not_put_back : NULL;
}

bool mp_is_lost(void)
{
	return cpu_is_lost || cpu_is_absent;
}

const char *mp_finish(void)
{
	const char *why = NULL;

	mp.leaving = true;
	cpu_is_lost = !all_gone();
	if (cpu_is_lost)
		return "another CPU did not leave; the machine has to be restarted";
	firmware.bs->CloseEvent(cpus_gone_event);
	for (unsigned i = 0; i < cpus_taken && !why; i++)
		why = cpu_check(&mp.cpu[i]);
	return why ? why : mp_services_check(&cpus_before);
}
