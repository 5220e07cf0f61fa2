/* SPDX-License-Identifier: GPL-2.0-only */
/* A run's anchors, held against what was published, see report.h. */
#include "stats/anchor.h"
#include "lib/number.h"
#include "lib/string.h"
#include "report/report.h"
#include "workload/registry.h"

/* The cell of an anchor, or NULL. */
static const struct result *cell_of(const struct run *r, enum anchor a)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (string_equal(workload_of(g->workload)->name, anchor_names[a]))
			return group_find(g, r->results, ROLE_cell, MODE_native,
					  CONVENTION_native);
	}
	return NULL;
}

/* An emulator has some model's name and no model's clock. */
static void say_emulated(struct anchors *to)
{
	for (unsigned a = 0; a < ANCHOR_COUNT; a++) {
		if (to->check[a].verdict != ANCHOR_NOT_TAKEN)
			to->check[a].verdict = ANCHOR_UNKNOWN_MODEL;
		to->check[a].published = NULL;
	}
	to->all = ANCHORED_UNKNOWN;
	text_format(to->summary, sizeof(to->summary),
		    "an emulator runs this: its clock is no CPU's, "
		    "anchors are compared with nothing");
}

/* Instructions of an anchor that are in one copy of its workload. */
static const uint8_t in_a_copy[ANCHOR_COUNT] = { [ANCHOR_nop] = 4 };

void run_anchors(const struct run *r, const struct environment *env,
		 struct anchors *to)
{
	struct anchor_conditions how = {
		.id = &env->cpu, .hypervisor = env->hypervisor[0],
		.imul_clock = !r->machine->cycles,
	};

	for (unsigned a = 0; a < ANCHOR_COUNT; a++) {
		const struct result *res = cell_of(r, a);

		to->check[a] = anchor_judge(a, res && res->has_cycles
			? res->cycles / 1000 / (in_a_copy[a] ? in_a_copy[a] : 1)
			: ANCHOR_NOT_MEASURED, &how);
	}
	anchor_summary(to->summary, sizeof(to->summary), to->check, ANCHOR_COUNT,
		       how.hypervisor);
	to->all = anchored(to->check, ANCHOR_COUNT);
	if (r->machine->emulated)
		say_emulated(to);
}

/* "12.345", or "-". */
static const char *milli(char *to, size_t room, bool has, int64_t v)
{
	return has ? milli_text(to, room, v) : "-";
}

static bool taken(const struct anchor_check *c)
{
	return c->measured != ANCHOR_NOT_MEASURED;
}

/* "lfence 11.01 (10.94)", three a line. */
void anchors_table(const struct anchors *a, struct sink *s)
{
	char m[24], p[24];
	unsigned n = 0;

	for (unsigned i = 0; i < ANCHOR_COUNT; i++) {
		const struct anchor_check *c = &a->check[i];

		if (!taken(c))
			continue;
		micro_text(m, sizeof(m), c->measured * 1000, 2);
		text_format(p, sizeof(p), "-");
		if (c->published)
			micro_text(p, sizeof(p), c->published->millicycles * 1000ll, 2);
		sink_printf(s, "%s%s %s (%s)", !n ? "Anchors, core cycles (published):\n  "
			    : n % 3 ? ", " : ",\n  ", anchor_names[i], m, p);
		n++;
	}
	if (n)
		sink_printf(s, "\n");
	sink_printf(s, "%s\n", a->summary);
}

void anchors_lines(const struct anchors *a, struct sink *s)
{
	char m[24], p[24];

	for (unsigned i = 0; i < ANCHOR_COUNT; i++) {
		const struct anchor_check *c = &a->check[i];

		sink_printf(s, "anchor name=%s cycles=%s published=%s verdict=%s source=\"%s\"\n",
			    anchor_names[i], milli(m, sizeof(m), taken(c), c->measured),
			    milli(p, sizeof(p), c->published, c->published
				  ? c->published->millicycles : 0),
			    anchor_verdict_names[c->verdict],
			    c->published ? c->published->source : "");
	}
	sink_printf(s, "parapatch anchored=%s why=\"%s\"\n", anchored_names[a->all],
		    a->summary);
}

void anchors_json(const struct anchors *a, struct json *j)
{
	json_open(j, "anchors", "{");
	json_text(j, "anchored", anchored_names[a->all]);
	json_text(j, "summary", a->summary);
	for (unsigned i = 0; i < ANCHOR_COUNT; i++) {
		const struct anchor_check *c = &a->check[i];

		json_open(j, anchor_names[i], "{");
		json_text(j, "verdict", anchor_verdict_names[c->verdict]);
		if (taken(c))
			json_micro(j, "cycles", c->measured * 1000, 3);
		if (c->published) {
			json_micro(j, "published", (int64_t)c->published->millicycles
				   * 1000, 3);
			json_text(j, "source", c->published->source);
			json_text(j, "of", c->uarch);
		}
		json_close(j, "}");
	}
	json_close(j, "}");
}
