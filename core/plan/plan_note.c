/* SPDX-License-Identifier: GPL-2.0-only */
/* What a plan comes to and what it leaves out, for people; see plan.h. */
#include "lib/mem.h"
#include "lib/sink.h"
#include "lib/string.h"
#include "plan/plan.h"
#include "workload/table.h"
#include "workload/registry.h"

#define CUT	"..."
#define STR_(x)	#x
#define STR(x)	STR_(x)

/* By what was counted.  Where a cell was looked at there was a group for it, so what
 * leaves out whole groups comes last: it did not leave out all of them. */
const char *plan_refused(const struct plan *p)
{
	if (p->cells)
		return NULL;
	if (p->largest > GROUP_MAX)
		return "a group would have more than " STR(GROUP_MAX) " cells, "
			"which are timed side by side: ask for fewer conventions, "
			"modes or paddings, and for the others in another run";
	if (!set_is_empty(&p->above) && !set_is_empty(&p->modes_above))
		return "this ring may run none of these workloads in these modes";
	if (!set_is_empty(&p->above))
		return "this ring may run none of these workloads";
	if (!set_is_empty(&p->modes_above))
		return "this ring may not run the STI of these modes: ask for others";
	if (p->skipped[SKIPPED_once])
		return "what is no op is timed in mode and convention native alone; "
			"the other modes go with the other conventions";
	if (p->skipped[SKIPPED_apart])
		return "mode native goes with convention native, the other modes "
			"with the other conventions";
	if (!set_is_empty(&p->needing))
		return "this CPU lacks what these ops need";
	if (!set_is_empty(&p->dangerous))
		return "these ops are timed only where they are named";
	if (p->skipped[SKIPPED_feature])
		return "this CPU lacks what these backends need";
	if (p->skipped[SKIPPED_isa])
		return "this architecture has none of these backends";
	if (p->skipped[SKIPPED_emulated])
		return "an emulator has no cold states: say plan = full";
	if (p->skipped[SKIPPED_cold])
		return "plan default has cold states in layout line alone: "
			"say plan = full";
	return "nothing is asked for";
}

/* "a, b" and the like, at the end of @note. */
static void add_names(struct memory_sink *note, const struct set *set,
		      const char *(*name)(unsigned i), bool *any)
{
	for (unsigned i = 0; i < SET_MEMBERS; i++)
		if (set_has(set, i)) {
			sink_printf(&note->sink, "%s%s", *any ? ", " : "", name(i));
			*any = true;
		}
}

static const char *workload_name(unsigned i)
{
	return workload_of(i)->name;
}

static const char *mode_name(unsigned i)
{
	return modes[i].name;
}

static const char *backend_name(unsigned i)
{
	return backends[i]->name;
}

/* "(under xen, pvm: @what)", of backends that this ring may run. */
static void note_own(const struct config *c, const struct plan *p,
		     const char *what, struct memory_sink *note)
{
	bool any = false;
	struct set own = { { 0 } };

	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		if (backend_info[b].ring == 3 && set_has(&c->backends, b)
		    && !set_has(&p->foreign, b))
			set_add(&own, b);
	if (!set_is_empty(&own)) {
		sink_printf(&note->sink, " (under ");
		add_names(note, &own, backend_name, &any);
		sink_printf(&note->sink, ": %s)", what);
	}
	sink_printf(&note->sink, ". ");
}

static void note_ring(const struct config *c, const struct plan *p,
		      struct memory_sink *note)
{
	bool any = false;

	sink_printf(&note->sink, "Left out: ");
	add_names(note, &p->above, workload_name, &any);
	sink_printf(&note->sink, ": this ring may not run them");
	note_own(c, p, "their native cells alone", note);
}

static void note_modes(const struct config *c, const struct plan *p,
		       struct memory_sink *note)
{
	bool any = false;

	sink_printf(&note->sink, "Left out: ");
	add_names(note, &p->modes_above, mode_name, &any);
	sink_printf(&note->sink, ": this ring may not run its STI");
	note_own(c, p, "nothing is left out", note);
}

static void note_isa(const struct plan *p, struct memory_sink *note)
{
	bool any = false;

	sink_printf(&note->sink, "Left out: ");
	add_names(note, &p->foreign, backend_name, &any);
	sink_printf(&note->sink, ": this architecture does not have them. ");
}

static void note_features(const struct plan *p, struct memory_sink *note)
{
	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		if (set_has(&p->lacking, b))
			sink_printf(&note->sink, "Left out: %s: this CPU lacks %s. ",
				    backends[b]->name,
				    feature_names[backend_info[b].needs]);
}

/* "a (f), b", where the name of what it needs is another than its own. */
static void note_needing(const struct plan *p, struct memory_sink *note)
{
	bool any = false;

	sink_printf(&note->sink, "Left out: ");
	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		const struct table_op *op = &table_ops[i];
		const char *name = workload_name(op->workload);

		if (!set_has(&p->needing, op->workload))
			continue;
		sink_printf(&note->sink, "%s%s", any ? ", " : "", name);
		if (op->need < FEATURE_COUNT && !string_equal(name, feature_names[op->need]))
			sink_printf(&note->sink, " (%s)", feature_names[op->need]);
		any = true;
	}
	sink_printf(&note->sink, ": this CPU lacks what they need. ");
}

static void note_ops(const struct plan *p, struct memory_sink *note)
{
	if (!set_is_empty(&p->needing))
		note_needing(p, note);
	if (!set_is_empty(&p->dangerous)) {
		bool any = false;

		sink_printf(&note->sink, "Left out: ");
		add_names(note, &p->dangerous, workload_name, &any);
		sink_printf(&note->sink, ": timed only where they are named. ");
	}
}

const char *plan_note(const struct config *c, const struct plan *p, char *to,
		      size_t room)
{
	const struct set warm = { { 1u << STATE_warm } };
	bool cold = !set_is_empty(&c->states) && !set_equal(&c->states, &warm);
	struct memory_sink note = memory_sink(to, room - sizeof(CUT));

	if (!set_is_empty(&p->foreign))
		note_isa(p, &note);
	note_features(p, &note);
	note_ops(p, &note);
	if (!set_is_empty(&p->above))
		note_ring(c, p, &note);
	if (!set_is_empty(&p->modes_above))
		note_modes(c, p, &note);
	if (p->emulated)
		sink_printf(&note.sink, "Cold states are left out: an emulator has "
			    "none (plan = full times them). ");
	else if (c->plan == PLAN_DEFAULT && cold && !set_has(&c->layouts, LAYOUT_line))
		sink_printf(&note.sink, "Cold states are left out: plan default has "
			    "them in layout line (full: in all). ");
	if (!note.len)
		return NULL;
	/* Less the last blank; or with a mark that there is more. */
	if (note.sink.failed)
		memcpy(to + note.len, CUT, sizeof(CUT));
	else
		to[note.len - 1] = '\0';
	return to;
}
