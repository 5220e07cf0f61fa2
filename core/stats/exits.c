/* SPDX-License-Identifier: GPL-2.0-only */
/* Did an op leave the guest, and what is on record of it: see exits.h. */
#include "stats/exits.h"
#include "lib/mul_div.h"
#include "lib/string.h"
#include "stats/anchor.h"

const char *const exits_names[EXITS_COUNT] = {
#define EXITS(id, name, what) [EXITS_##id] = name,
#include "list/exits.def"
#undef EXITS
};

const char *const op_unit_names[OP_UNITS] = {
	[OP_UNIT_core] = "core cycles", [OP_UNIT_tsc] = "TSC ticks",
};

/* Both lists name microarchitectures and sources, and not every one is named here. */
enum {
#define UARCH(id, name) UARCH_##id,
#include "list/anchor.def"
#define UARCH(id, name) UARCH_##id,
#include "list/op_reference.def"
};

static const char *const uarchs[] = {
#define UARCH(id, name) [UARCH_##id] = name,
#include "list/anchor.def"
#define UARCH(id, name) [UARCH_##id] = name,
#include "list/op_reference.def"
};

enum {
#define SOURCE(id, text) SOURCE_##id,
#include "list/anchor.def"
#define SOURCE(id, text) SOURCE_##id,
#include "list/op_reference.def"
};

static const char *const sources[] = {
#define SOURCE(id, text) [SOURCE_##id] = text,
#include "list/anchor.def"
#define SOURCE(id, text) [SOURCE_##id] = text,
#include "list/op_reference.def"
};

static const struct models {
	const char *vendor;
	uint16_t family;
	uint8_t uarch, first, last;
} models[] = {
#define MODELS(uarch, vendor, family, first, last) \
	{ vendor, family, UARCH_##uarch, first, last },
#include "list/op_reference.def"
};
#define MODELS_COUNT	(sizeof(models) / sizeof(models[0]))

static const struct figure {
	const char *workload, *what;
	uint32_t least, most;
	uint8_t uarch, unit, judges, source;
} figures[] = {
#define OP_REFERENCE(uarch, workload, least, most, unit, judges, source, what)	\
	{ #workload, what, least, most, UARCH_##uarch, OP_UNIT_##unit, judges,	\
	  SOURCE_##source },
#include "list/op_reference.def"
};
#define FIGURES		(sizeof(figures) / sizeof(figures[0]))

/* Ops whose figures are an anchor's. */
static const struct { const char *workload; enum anchor anchor; } by_anchor[] = {
#define OP_ANCHOR(workload, anchor) { #workload, ANCHOR_##anchor },
#include "list/op_reference.def"
};

static const char *const anchor_whats[ANCHOR_COUNT] = {
#define ANCHOR(name, in_guest, what) [ANCHOR_##name] = what,
#include "list/anchor.def"
};

const char *op_uarch(const struct cpu_id *id)
{
	for (unsigned i = 0; i < MODELS_COUNT && !id->invented; i++) {
		const struct models *m = &models[i];

		if (id->family == m->family && id->model >= m->first
		    && id->model <= m->last && cpu_vendor_is(id, m->vendor))
			return uarchs[m->uarch];
	}
	return anchor_uarch(id);
}

static bool of_anchor(const struct cpu_id *id, const char *workload,
		      struct op_reference *to)
{
	for (unsigned i = 0; i < sizeof(by_anchor) / sizeof(by_anchor[0]); i++) {
		const struct published *p = anchor_published(id, by_anchor[i].anchor);

		if (!p || !string_equal(by_anchor[i].workload, workload))
			continue;
		*to = (struct op_reference){
			.uarch = p->uarch, .least = p->millicycles,
			.most = p->millicycles, .unit = OP_UNIT_core, .judges = true,
			.source = p->source, .what = anchor_whats[p->anchor],
		};
		return true;
	}
	return false;
}

bool op_reference_of(const struct cpu_id *id, const char *workload,
		     struct op_reference *to)
{
	const char *uarch = op_uarch(id);

	for (unsigned i = 0; uarch && i < FIGURES; i++) {
		const struct figure *f = &figures[i];

		if (!string_equal(uarchs[f->uarch], uarch)
		    || !string_equal(f->workload, workload))
			continue;
		*to = (struct op_reference){
			.uarch = uarch, .least = f->least, .most = f->most,
			.unit = f->unit, .judges = f->judges,
			.source = sources[f->source], .what = f->what,
		};
		return true;
	}
	return of_anchor(id, workload, to);
}

bool takes_an_exit(const struct op_cost *cost, const struct op_reference *ref)
{
	return cost->known && ref && ref->judges
		&& cost->least >= 2 * (int64_t)ref->most + EXIT_LEAST_MILLICYCLES;
}

enum exits exits_judge(const struct op_cost *cost, const struct op_reference *ref,
		       const struct exits_conditions *how)
{
	int64_t metal = ref && ref->judges ? ref->most : 0;

	if (!cost->known || how->emulated || how->counts)
		return EXITS_not_judged;
	if (how->hidden)
		return EXITS_unknown;
	if (!how->hypervisor)
		return EXITS_no;
	if (cost->most <= metal + EXIT_LEAST_MILLICYCLES / 2)
		return EXITS_no;
	return takes_an_exit(cost, ref) ? EXITS_yes : EXITS_unknown;
}

/* Millionths of a tick as thousandths of a core cycle. */
static int64_t in_cycles(int64_t micro, int64_t ticks, int64_t cycles)
{
	uint64_t v;

	if (micro <= 0)
		return 0;
	v = ticks > 0 && cycles > 0
		? mul_div((uint64_t)micro, (uint64_t)cycles, (uint64_t)ticks)
		: (uint64_t)micro;
	return v > INT64_MAX ? INT64_MAX : (int64_t)(v / 1000);
}

struct op_cost op_cost_of(int64_t least, int64_t most, int64_t ticks, int64_t cycles)
{
	return (struct op_cost){
		true, in_cycles(least, ticks, cycles), in_cycles(most, ticks, cycles),
	};
}
