/* SPDX-License-Identifier: GPL-2.0-only */
/* Core cycles, see counters.h. */
#include "counters.h"
#include "counters_read.h"
#include "lib/sink.h"
#include "machine/kept.h"
#include "may_fault.h"

#define MSR_FIXED_1		0x30a
#define MSR_FIXED_CONTROL	0x38d
#define MSR_GLOBAL_CONTROL	0x38f
#define FIXED_1_FIELD		(0xfull << 4)
/* Both rings: some Broadwells count wrong with ring 0 alone. */
#define FIXED_1_ON		(0x3ull << 4)
#define GLOBAL_FIXED_1		(1ull << 33)

#define LEAF6_APERF		(1u << 0)	/* ECX */

/* Turns of a loop; no core takes more than this many a cycle. */
#define WORK			10000u
#define TURNS_A_CYCLE		8u

/* A CPU's, as they were found.  @lost: the first that did not come back so, or NULL. */
struct counters {
	bool programmed;
	uint64_t fixed, global, count;
	const char *lost;
};

/* The boot CPU's; and those of the one that is visited, which may not come to leave. */
static struct counters boot_before, away_before;

static bool advances(uint64_t (*read)(void))
{
	uint64_t before = read();

	for (unsigned i = WORK; i; i--)
		asm volatile("" : "+r" (i));
	return read() - before - WORK / TURNS_A_CYCLE < INT64_MAX;
}

/* The number of fixed counters is in EDX; version 5 and later may leave some
 * out, and say so in ECX.  NULL: counter 1 is announced. */
static const char *fixed_1_announced(const struct cpuid *c)
{
	uint32_t r[4];
	unsigned version;

	cpuid_get(c, 0xa, 0, r);
	version = r[CPUID_EAX] & 0xff;
	if (version < 2)
		return version ? "leaf 0Ah is version 1, without fixed counters"
			: "leaf 0Ah announces no counters";
	if ((r[CPUID_EDX] & 0x1f) > 1 || (version >= 5 && r[CPUID_ECX] & 1u << 1))
		return NULL;
	return "leaf 0Ah does not announce it";
}

static const char *program_fixed_1(struct counters *b)
{
	if (!msr_read(MSR_FIXED_CONTROL, &b->fixed)
	    || !msr_read(MSR_GLOBAL_CONTROL, &b->global)
	    || !msr_read(MSR_FIXED_1, &b->count))
		return "its registers: RDMSR: #GP";
	b->programmed = true;
	if (!msr_write(MSR_FIXED_CONTROL, b->fixed & ~FIXED_1_FIELD)
	    || !msr_write(MSR_FIXED_1, 0)
	    || !msr_write(MSR_FIXED_CONTROL, (b->fixed & ~FIXED_1_FIELD) | FIXED_1_ON)
	    || !msr_write(MSR_GLOBAL_CONTROL, b->global | GLOBAL_FIXED_1))
		return "its registers: WRMSR: #GP";
	return NULL;
}

/* NULL: it counts. */
static const char *try_fixed_1(const struct cpuid *c)
{
	const char *why = fixed_1_announced(c);
	uint64_t v;

	if (!why)
		why = program_fixed_1(&boot_before);
	if (!why && !pmc_read(RDPMC_FIXED_1, &v))
		why = "RDPMC: #UD or #GP";
	if (!why && !advances(counters_read_fixed_1))
		why = "it does not advance";
	if (why)
		counters_close();
	return why;
}

static const char *try_aperf(const struct cpuid *c)
{
	uint64_t v;

	if (!(cpuid_reg(c, 6, 0, CPUID_ECX) & LEAF6_APERF))
		return "leaf 6 does not announce it";
	if (!msr_read(MSR_APERF, &v))
		return "RDMSR: #GP";
	return advances(counters_read_aperf) ? NULL : "it does not advance";
}

struct cycles_source counters_open(const struct cpuid *c)
{
	static char why[160];
	const char *fixed = try_fixed_1(c), *aperf;

	if (!fixed)
		return (struct cycles_source){ counters_read_fixed_1,
						"fixed counter 1", "" };
	aperf = try_aperf(c);
	text_format(why, sizeof(why), "fixed counter 1: %s%s%s", fixed,
		    aperf ? "; APERF: " : "", aperf ? aperf : "");
	return aperf ? (struct cycles_source){ NULL, "none", why }
		: (struct cycles_source){ counters_read_aperf, "APERF", why };
}

/* @kept: the bits that must come back.  A write that faults has changed nothing. */
static void put_back(struct counters *b, uint32_t msr, const char *name, uint64_t was,
		     uint64_t kept)
{
	uint64_t now;

	msr_write(msr, was);
	if ((!msr_read(msr, &now) || (now ^ was) & kept) && !b->lost)
		b->lost = name;
}

/* The counter is stopped before its value is put back, by either control: the value is
 * compared, and must not run. */
static const char *put_all_back(struct counters *b)
{
	if (!b->programmed)
		return b->lost;
	b->programmed = false;
	msr_write(MSR_GLOBAL_CONTROL, b->global & ~GLOBAL_FIXED_1);
	msr_write(MSR_FIXED_CONTROL, b->fixed & ~FIXED_1_FIELD);
	put_back(b, MSR_FIXED_1, "IA32_FIXED_CTR1", b->count, KEPT_FIXED_COUNT);
	put_back(b, MSR_FIXED_CONTROL, "IA32_FIXED_CTR_CTRL", b->fixed, KEPT_FIXED_CONTROL);
	put_back(b, MSR_GLOBAL_CONTROL, "IA32_PERF_GLOBAL_CTRL", b->global,
		 KEPT_GLOBAL_CONTROL);
	return b->lost;
}

const char *counters_close(void)
{
	return put_all_back(&boot_before);
}

const char *counters_visit(void)
{
	away_before = (struct counters){ .programmed = false };
	return boot_before.programmed ? program_fixed_1(&away_before) : NULL;
}

const char *counters_leave(void)
{
	const char *lost = put_all_back(&away_before);

	away_before = (struct counters){ .programmed = false };
	return lost;
}
