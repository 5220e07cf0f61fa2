/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters of core cycles against machines that are made up: which is taken,
 * and whether every register is as it was afterwards. */
#include <string.h>
#include "tap.h"
#include "cpu/counters.c"

/* The machine: what CPUID says, registers, and which accesses fault. */
static struct {
	uint32_t leaf6, leaf10[4];
	uint64_t fixed, global, count, aperf;
	uint32_t fault;		/* this MSR, in reads and writes */
	bool read_only;		/* ... in writes alone */
	bool no_rdpmc;
	int step;		/* the counters advance by this a read */
	unsigned wrong;		/* accesses to what should be left alone */
	uint32_t loses;		/* this MSR, of every write ... */
	uint64_t bits;		/* ... these bits: they stay as they are */
} m;

static void fake_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	(void)sub;
	memset(r, 0, 16);
	if (leaf == 0)
		r[0] = 0xb;
	if (leaf == 6)
		r[CPUID_ECX] = m.leaf6;
	if (leaf == 0xa)
		memcpy(r, m.leaf10, 16);
}

static uint64_t *msr(uint32_t number)
{
	switch (number) {
	case 0x38d: return &m.fixed;
	case 0x38f: return &m.global;
	case 0x30a: return &m.count;
	case 0xe8: return &m.aperf;
	}
	m.wrong++;
	return &m.aperf;
}

bool msr_read(uint32_t number, uint64_t *v)
{
	uint64_t *at = msr(number);

	if (number == m.fault && !m.read_only)
		return false;
	*v = *at;
	return true;
}

bool msr_write(uint32_t number, uint64_t v)
{
	uint64_t *at = msr(number);

	m.wrong += number == MSR_APERF;
	if (number == m.fault)
		return false;
	if (number == m.loses)
		v = (v & ~m.bits) | (*at & m.bits);
	*at = v;
	return true;
}

bool pmc_read(uint32_t counter, uint64_t *v)
{
	m.wrong += counter != RDPMC_FIXED_1;
	*v = m.count;
	return !m.no_rdpmc;
}

/* Only what is switched on counts; the field of counter 1 is 2 of 4 bits. */
uint64_t counters_read_fixed_1(void)
{
	m.wrong += m.no_rdpmc;
	if ((m.fixed >> 4 & 3) == 3 && m.global >> 33 & 1)
		m.count += (uint64_t)(int64_t)m.step;
	return m.count;
}

uint64_t counters_read_aperf(void)
{
	return m.aperf += (uint64_t)(int64_t)m.step;
}

#define FIXED	0x03u			/* two fixed counters */

static const struct platform {
	const char *what;
	uint32_t leaf6, eax, ecx, edx, fault;
	bool read_only, no_rdpmc;
	int step;
	const char *name, *why;
} machines[] = {
	{ "a core with both", 1, 0x07300804, 0, 0x8603, 0, false, false, 20000,
	  "fixed counter 1", "" },
	{ "version 5, counter 1 by its bit alone", 0, 5, 2, 0x1, 0, false, false, 20000,
	  "fixed counter 1", "" },
	{ "version 4 with that bit", 1, 4, 2, 0x1, 0, false, false, 20000, "APERF",
	  "fixed counter 1: leaf 0Ah does not announce it" },
	{ "version 1", 1, 1, 0, FIXED, 0, false, false, 20000, "APERF",
	  "fixed counter 1: leaf 0Ah is version 1, without fixed counters" },
	{ "AMD", 1, 0, 0, 0, 0, false, false, 20000, "APERF",
	  "fixed counter 1: leaf 0Ah announces no counters" },
	{ "neither", 0, 0, 0, 0, 0, false, false, 20000, "none",
	  "fixed counter 1: leaf 0Ah announces no counters; APERF: leaf 6 does not announce it" },
	{ "RDPMC that faults", 1, 2, 0, FIXED, 0, false, true, 20000, "APERF",
	  "fixed counter 1: RDPMC: #UD or #GP" },
	{ "registers that cannot be read", 1, 2, 0, FIXED, 0x38f, false, false, 20000, "APERF",
	  "fixed counter 1: its registers: RDMSR: #GP" },
	{ "the control that cannot be written", 1, 2, 0, FIXED, 0x38d, true, false, 20000, "APERF",
	  "fixed counter 1: its registers: WRMSR: #GP" },
	{ "the counter that cannot be written", 1, 2, 0, FIXED, 0x30a, true, false, 20000, "APERF",
	  "fixed counter 1: its registers: WRMSR: #GP" },
	{ "the global control that cannot be written", 1, 2, 0, FIXED, 0x38f, true, false, 20000,
	  "APERF",
	  "fixed counter 1: its registers: WRMSR: #GP" },
	{ "APERF that faults", 1, 0, 0, 0, 0xe8, false, false, 20000, "none",
	  "fixed counter 1: leaf 0Ah announces no counters; APERF: RDMSR: #GP" },
	{ "counters that stand still", 1, 2, 0, FIXED, 0, false, false, 0, "none",
	  "fixed counter 1: it does not advance; APERF: it does not advance" },
	{ "counters that hardly move", 1, 2, 0, FIXED, 0, false, false, 100, "none",
	  "fixed counter 1: it does not advance; APERF: it does not advance" },
	{ "counters that run backwards", 1, 2, 0, FIXED, 0, false, false, -20000, "none",
	  "fixed counter 1: it does not advance; APERF: it does not advance" },
};

static bool as_before(void)
{
	return m.fixed == 0xb8b && m.global == 0x70000000f && m.count == 0x123456789;
}

static void as_found(void)
{
	m.fixed = 0xb8b;
	m.global = 0x70000000f;
	m.count = 0x123456789;
}

static void set_up(const struct platform *w)
{
	memset(&m, 0, sizeof(m));
	as_found();
	boot_before = away_before = (struct counters){ .programmed = false };
	m.leaf6 = w->leaf6;
	m.leaf10[CPUID_EAX] = w->eax;
	m.leaf10[CPUID_ECX] = w->ecx;
	m.leaf10[CPUID_EDX] = w->edx;
	m.fault = w->fault;
	m.read_only = w->read_only;
	m.no_rdpmc = w->no_rdpmc;
	m.step = w->step;
}

static void test(const struct platform *w)
{
	struct cycles_source s;
	struct cpuid c;
	bool used;

	set_up(w);
	c = cpuid_open(fake_cpuid);
	s = counters_open(&c);
	used = s.read == counters_read_fixed_1;
	ok(!strcmp(s.name, w->name) && !strcmp(s.why_not_better, w->why)
	   && !s.read == !strcmp(s.name, "none"), "%s: %s, %s", w->what, s.name,
	   s.why_not_better);
	ok(used || as_before(), "%s: what is not used is as it was", w->what);
	if (used)
		ok((m.fixed & ~0xf0ull) == (0xb8b & ~0xf0)
		   && (m.global & 0x50000000f) == 0x50000000f,
		   "%s: the other counters are left alone", w->what);
	ok(!counters_close() && as_before() && !m.wrong, "%s: all is as it was", w->what);
	m.count = m.fixed = 7;
	ok(!counters_close() && m.count == 7 && m.fixed == 7,
	   "%s: a second close does nothing", w->what);
}

/* What a write on the way back loses, and what is then said. */
static const struct loss {
	const char *what;
	uint32_t msr;
	uint64_t bits;
	const char *said;
} losses[] = {
	{ "nothing is lost", 0, 0, NULL },
	{ "the counter's value stays", 0x30a, ~0ull, "IA32_FIXED_CTR1" },
	{ "its lowest bit", 0x30a, 1, "IA32_FIXED_CTR1" },
	{ "what is beyond 32 bits", 0x30a, ~0ull << 32, NULL },
	{ "the control stays", 0x38d, ~0ull, "IA32_FIXED_CTR_CTRL" },
	{ "ring 0 of counter 1", 0x38d, 1 << 4, "IA32_FIXED_CTR_CTRL" },
	{ "AnyThread of counter 1", 0x38d, 1 << 6, NULL },
	{ "the global control stays", 0x38f, ~0ull, "IA32_PERF_GLOBAL_CTRL" },
	{ "the enable of counter 1", 0x38f, 1ull << 33, "IA32_PERF_GLOBAL_CTRL" },
	{ "PERF_METRICS", 0x38f, 1ull << 48, NULL },
};

/* A machine with the counter, on which it counts. */
static void set_up_counting(void)
{
	struct cpuid c;

	set_up(&machines[0]);
	c = cpuid_open(fake_cpuid);
	counters_open(&c);
}

/* From now on writes lose what @l says; those bits are not as they were found. */
static void lose(const struct loss *l)
{
	const uint64_t was = l->msr == 0x30a ? 0x123456789 : l->msr == 0x38d ? 0xb8b : 0x70000000f;

	if (!l->msr)
		return;
	m.loses = l->msr;
	m.bits = l->bits;
	*msr(l->msr) = (*msr(l->msr) & ~l->bits) | (~was & l->bits);
}

static bool is_said(const char *said, const struct loss *l)
{
	return l->said ? said && !strcmp(said, l->said) : !said;
}

static void test_loss(const struct loss *l)
{
	struct cpuid c = cpuid_open(fake_cpuid);
	const char *said;

	set_up_counting();
	lose(l);
	said = counters_close();
	ok(is_said(said, l), "%s: closed: %s", l->what, said ? said : "well");
	m.loses = 0;
	counters_open(&c);
	ok(is_said(counters_close(), l), "%s: a close that loses nothing does not unsay it",
	   l->what);
	set_up_counting();
	as_found();
	ok(!counters_visit(), "%s: on another CPU", l->what);
	lose(l);
	said = counters_leave();
	ok(is_said(said, l), "%s: left: %s", l->what, said ? said : "well");
	m.loses = 0;
	ok(!counters_leave(), "%s: left once", l->what);
	set_up_counting();
	as_found();
	counters_visit();
	lose(l);
	counters_leave();
	m.loses = 0;
	ok(!counters_close(), "%s: and the boot CPU's are told apart from it", l->what);
}

/* A CPU that takes one write less than the boot CPU. */
static void test_half_a_visit(void)
{
	set_up_counting();
	counters_close();
	ok(!counters_visit() && !counters_leave(), "what does not count here counts nowhere");
	set_up_counting();
	as_found();
	m.fault = 0x38f;
	m.read_only = true;
	ok(counters_visit() && !counters_leave() && as_before(),
	   "a visit that is refused half-way is taken back, without a loss");
	m.fault = 0;
	m.fixed = 0xfff;
	ok(!counters_close() && as_before(), "and the boot CPU's come back afterwards");
}

/* A CPU that is visited, and never comes to leave. */
static void test_lost_visit(void)
{
	set_up_counting();
	m.fixed = 0x333;
	m.global = 0x700000001;
	m.count = 0x42;
	counters_visit();
	ok(!counters_close() && as_before(),
	   "the boot CPU's come back though another CPU is still visited");
}

/* Its registers can be read no more. */
static void test_deaf(void)
{
	set_up_counting();
	m.fault = 0x38d;
	ok(!strcmp(counters_close(), "IA32_FIXED_CTR_CTRL"),
	   "a register that faults on the way back is named");
}

int main(void)
{
	for (unsigned i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		test(&machines[i]);
	for (unsigned i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
		test_loss(&losses[i]);
	test_half_a_visit();
	test_lost_visit();
	test_deaf();
	return done();
}
