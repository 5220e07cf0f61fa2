/* SPDX-License-Identifier: GPL-2.0-only */
/* What one source says of the TSC's rate, see tsc.h. */
#include "lib/mem.h"
#include "machine/tsc.h"
#include "lib/mul_div.h"

/* What is announced outside of these is not a TSC's rate. */
#define HZ_MIN	1000000ull
#define HZ_MAX	100000000000ull

struct tsc_source tsc_silent(enum tsc_kind kind, const char *why)
{
	return (struct tsc_source){ .kind = kind, .why = why };
}

static struct tsc_source announced(enum tsc_kind kind, uint64_t hz)
{
	if (hz < HZ_MIN || hz > HZ_MAX)
		return tsc_silent(kind, hz ? "it says what no TSC's rate is"
				  : "it says 0");
	return (struct tsc_source){ .kind = kind, .hz = hz };
}

struct tsc_source tsc_by_hypervisor(const struct cpuid *c)
{
	uint32_t r[4];

	if (!c->max_hypervisor)
		return tsc_silent(TSC_hypervisor, "there is no hypervisor");
	if (!cpuid_get(c, 0x40000010, 0, r))
		return tsc_silent(TSC_hypervisor, "the hypervisor has no such leaf");
	return announced(TSC_hypervisor, r[CPUID_EAX] * 1000ull);
}

const char *tsc_has_hyperv(const struct cpuid *c)
{
	uint32_t r[4];

	if (!cpuid_get(c, 0x40000003, 0, r))
		return "there is no Hyper-V";
	if (!(r[CPUID_EAX] & 1u << 11))
		return "leaf 40000003h does not give access to it";
	cpuid_get(c, 0x40000000, 0, r);
	return memcmp(r + 1, "Microsoft Hv", 12) ? "there is no Hyper-V" : NULL;
}

struct tsc_source tsc_by_hyperv(uint64_t msr)
{
	return announced(TSC_hyperv, msr);
}

/* Crystals of models that do not say them; 0: not known. */
static uint32_t crystal_of(const struct cpu_id *id)
{
	if (id->family != 6)
		return 0;
	switch (id->model) {
	case 0x4e: case 0x5e: case 0x8e: case 0x9e:
		return 24000000;	/* Skylake and Kaby Lake client */
	case 0x5f:
		return 25000000;	/* Denverton */
	case 0x5c:
		return 19200000;	/* Goldmont */
	}
	return 0;
}

struct tsc_source tsc_by_leaf15(const struct cpuid *c)
{
	struct cpu_id id;
	uint32_t r[4], crystal;

	cpuid_id(c, &id);
	if (!cpu_vendor_is(&id, "GenuineIntel"))
		return tsc_silent(TSC_leaf15, "believed of Intel alone");
	if (!cpuid_get(c, 0x15, 0, r))
		return tsc_silent(TSC_leaf15, "above the largest leaf");
	if (!r[CPUID_EAX] || !r[CPUID_EBX])
		return tsc_silent(TSC_leaf15, "it has no ratio");
	crystal = r[CPUID_ECX] ? r[CPUID_ECX] : crystal_of(&id);
	if (!crystal)
		return tsc_silent(TSC_leaf15, "it says no crystal, and this model's "
				  "is not known");
	return announced(TSC_leaf15, mul_div(crystal, r[CPUID_EBX], r[CPUID_EAX]));
}

#define HPET_PERIOD_MAX_FS	100000000u
#define FS_A_SECOND		1000000000000000ull

uint32_t tsc_hpet_hz(uint32_t period_fs)
{
	uint64_t hz;

	if (!period_fs || period_fs > HPET_PERIOD_MAX_FS)
		return 0;
	hz = (FS_A_SECOND + period_fs / 2) / period_fs;
	return hz <= UINT32_MAX ? (uint32_t)hz : 0;
}

static enum tsc_motion motion_of(const struct tsc_span *s)
{
	if (s->backwards || s->tsc1 < s->tsc0)
		return TSC_RAN_BACKWARDS;
	return s->tsc1 == s->tsc0 ? TSC_STOOD_STILL : TSC_ADVANCED;
}

static uint32_t ppm_of(uint64_t part, uint64_t whole)
{
	uint64_t ppm = mul_div(part, 1000000, whole);

	return ppm < UINT32_MAX ? (uint32_t)ppm : UINT32_MAX;
}

/* One measurement put where it belongs among @n sorted ones. */
static void insert(uint64_t *hz, unsigned n, uint64_t v)
{
	for (; n && hz[n - 1] > v; n--)
		hz[n] = hz[n - 1];
	hz[n] = v;
}

/* NULL, or why this measurement says nothing. */
static const char *no_rate(const struct tsc_span *s, uint64_t moved, uint64_t hz)
{
	switch (motion_of(s)) {
	case TSC_RAN_BACKWARDS:
		return "the TSC ran backwards";
	case TSC_STOOD_STILL:
		return "the TSC does not advance";
	case TSC_ADVANCED:
		break;
	}
	if (!moved)
		return "it stands still";
	return !hz || hz == UINT64_MAX ? "what it gives is no rate" : NULL;
}

/* The worse of what one measurement's two reads could have missed. */
static void note_resolution(struct tsc_source *src, const struct tsc_span *s,
			    uint64_t moved)
{
	uint32_t step = ppm_of(1, moved), width = ppm_of(s->gap, s->tsc1 - s->tsc0);
	uint32_t both = step > UINT32_MAX - width ? UINT32_MAX : step + width;

	if (both > src->resolution_ppm)
		src->resolution_ppm = both;
}

struct tsc_source tsc_measured(enum tsc_kind kind, uint64_t ref_hz,
			       uint64_t ref_mask, const struct tsc_span *span,
			       unsigned n)
{
	struct tsc_source src = { .kind = kind };
	uint64_t hz[TSC_SPANS_MAX];

	if (!ref_hz || !n)
		return tsc_silent(kind, "it has no rate of its own");
	for (unsigned i = 0; i < n && i < TSC_SPANS_MAX; i++) {
		uint64_t moved = (span[i].ref1 - span[i].ref0) & ref_mask;
		uint64_t v = mul_div(span[i].tsc1 - span[i].tsc0, ref_hz, moved);
		const char *why = no_rate(&span[i], moved, v);

		if (why) {
			src = tsc_silent(kind, why);
			src.motion = motion_of(&span[i]);
			return src;
		}
		insert(hz, src.n++, v);
		note_resolution(&src, &span[i], moved);
	}
	/* A delay lasts at least as long as was asked: the shortest is nearest. */
	src.hz = hz[kind == TSC_stall ? 0 : src.n / 2];
	src.spread_ppm = tsc_ppm(hz[src.n - 1], hz[0]);
	return src;
}
