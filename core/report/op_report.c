/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of the table's ops, see op_report.h. */
#include "op_report.h"
#include "workload/registry.h"
#include "workload/set.h"

bool has_record(const struct run *r)
{
	return !r->machine->emulated && !run_is_counted(r);
}

static const char *name_of(const struct op_row *row)
{
	return workload_of(row->op->workload)->name;
}

static const char *need_of(const struct table_op *op)
{
	return op->need == FEATURE_COUNT ? "none" : feature_names[op->need];
}

void exits_names_say(const struct run *r, const struct environment *env, enum exits e,
		     struct sink *s)
{
	struct op_row row;
	bool any = false;

	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		if (!op_row_of(r, env, i, &row) || row.exits != e)
			continue;
		sink_printf(s, "%s%s", any ? ", " : "", name_of(&row));
		any = true;
	}
}

void exits_say(const struct run *r, const struct environment *env, struct sink *s)
{
	const char *hidden = hidden_by(r, env);
	struct op_rows all = op_rows_of(r, env);

	if (run_is_counted(r)) {
		sink_printf(s, "exits are not judged: instructions are counted");
	} else if (r->machine->emulated) {
		sink_printf(s, "exits are not judged: an emulator runs this");
	} else if (hidden) {
		sink_printf(s, "no hypervisor is announced, yet %s %s: not judged", hidden,
			    env->cpu.invented ? "is an invented one" : "takes as long as an exit");
	} else if (!env->hypervisor[0]) {
		sink_printf(s, "no op exits: no hypervisor is announced%s",
			    all.judging ? "" : ", and none could be seen");
	} else {
		sink_printf(s, "exits here (%s): ", env->hypervisor);
		exits_names_say(r, env, EXITS_yes, s);
		sink_printf(s, "%s; no exit: ", all.exits[EXITS_yes] ? "" : "none is known");
		exits_names_say(r, env, EXITS_no, s);
		sink_printf(s, "%s", all.exits[EXITS_no] ? "" : "none is known");
		if (all.exits[EXITS_unknown])
			sink_printf(s, "; of %u it is not known: more than 200 cycles, and "
				    "no figure of this model's bare metal, or too near it",
				    all.exits[EXITS_unknown]);
	}
}

void record_say(const struct run *r, const struct environment *env, struct sink *s)
{
	struct op_rows all = op_rows_of(r, env);
	unsigned without = all.timed - all.figures;

	if (!has_record(r))
		sink_printf(s, "nothing is compared with figures on record: these are no "
			    "times of a CPU");
	else if (!without)
		sink_printf(s, all.timed == 1 ? "a figure is on record for the one op timed "
			    "on this CPU" : "a figure is on record for each of %u ops on this "
			    "CPU", all.timed);
	else if (env->cpu.invented)
		sink_printf(s, "no figure is on record for %u of %u ops on this CPU: this "
			    "model's name, %s, says nothing of the silicon", without,
			    all.timed, env->brand);
	else
		sink_printf(s, "no figure is on record for %u of %u ops on this CPU: %s",
			    without, all.timed, env->hypervisor[0] || hidden_by(r, env)
			    ? "a report of its bare metal would be the first"
			    : "this report is the first; results/README.md says how to "
			      "hand it in");
}

static void op_line(const struct op_row *row, struct sink *s)
{
	sink_printf(s, "parapatch op name=%s hazard=%s need=%s where=%s exits=%s",
		    name_of(row), hazards[row->op->hazard].name, need_of(row->op),
		    where_names[row->op->where], exits_names[row->exits]);
	if (row->left_out)
		sink_printf(s, " left-out=\"%s\"", row->why);
	sink_printf(s, "\n");
}

void ops_lines(const struct run *r, const struct environment *env, struct sink *s)
{
	struct op_rows all = op_rows_of(r, env);
	struct op_row row;

	if (!all.rows)
		return;
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (op_row_of(r, env, i, &row))
			op_line(&row, s);
	sink_printf(s, "parapatch ops asked=%u timed=%u left-out=%u", all.rows, all.timed,
		    all.left_out);
	for (unsigned e = 0; e < EXITS_COUNT; e++)
		sink_printf(s, " exits-%s=%u", exits_names[e], all.exits[e]);
	sink_printf(s, " why=\"");
	exits_say(r, env, s);
	sink_printf(s, "\"\nparapatch record of=\"%s\" timed=%u figures=%u\n",
		    has_record(r) && op_uarch(&env->cpu) ? op_uarch(&env->cpu) : "",
		    all.timed, has_record(r) ? all.figures : 0);
}

static void put_op(struct json *j, const struct op_row *row)
{
	json_open(j, NULL, "{");
	json_text(j, "workload", name_of(row));
	if (row->op->op != OP_COUNT)
		json_text(j, "op", op_info[row->op->op].name);
	json_text(j, "hazard", hazards[row->op->hazard].name);
	json_text(j, "need", need_of(row->op));
	json_text(j, "where", where_names[row->op->where]);
	json_text(j, "state", row->op->state);
	json_text(j, "exits", exits_names[row->exits]);
	if (row->left_out)
		json_text(j, "left_out", row->why);
	if (row->cost.known) {
		json_micro(j, "cycles_least", row->cost.least * 1000, 3);
		json_micro(j, "cycles_most", row->cost.most * 1000, 3);
	}
	json_close(j, "}");
}

static void put_exits(struct json *j, const struct run *r, const struct environment *env,
		      const struct op_rows *all)
{
	const char *hidden = hidden_by(r, env);
	struct json_string_sink text;

	json_open(j, "exits", "{");
	json_text(j, "hypervisor", env->hypervisor);
	if (hidden)
		json_text(j, "hidden", hidden);
	for (unsigned e = 0; e < EXITS_COUNT; e++)
		json_number(j, exits_names[e], all->exits[e]);
	text = json_text_open(j, "summary");
	exits_say(r, env, &text.sink);
	json_text_close(&text);
	json_close(j, "}");
}

static void put_figure(struct json *j, const char *workload, const struct op_reference *ref)
{
	json_open(j, NULL, "{");
	json_text(j, "workload", workload);
	json_micro(j, "least", (int64_t)ref->least * 1000, 3);
	if (ref->most)
		json_micro(j, "most", (int64_t)ref->most * 1000, 3);
	json_text(j, "unit", op_unit_names[ref->unit]);
	json_bool(j, "judges", ref->judges);
	json_text(j, "of", ref->uarch);
	json_text(j, "source", ref->source);
	json_text(j, "what", ref->what);
	json_close(j, "}");
}

/* Of all that the plan has, in order; pairs of ops have some as well. */
static void put_figures(struct json *j, const struct run *r, const struct environment *env)
{
	struct set done = { { 0 } };
	struct op_reference ref;

	json_open(j, "figures", "[");
	for (size_t i = 0; has_record(r) && i < r->plan.groups; i++) {
		unsigned w = r->group[i].workload;

		if (set_has(&done, w))
			continue;
		set_add(&done, w);
		if (op_reference_of(&env->cpu, workload_of(w)->name, &ref))
			put_figure(j, workload_of(w)->name, &ref);
	}
	json_close(j, "]");
}

static void put_record(struct json *j, const struct run *r, const struct environment *env,
		       const struct op_rows *all)
{
	struct json_string_sink text;

	json_open(j, "record", "{");
	json_number(j, "timed", all->timed);
	json_number(j, "with_figure", has_record(r) ? all->figures : 0);
	put_figures(j, r, env);
	text = json_text_open(j, "summary");
	record_say(r, env, &text.sink);
	json_text_close(&text);
	json_close(j, "}");
}

/* A row and a figure of each workload that has a group, and a row of each op that has
 * none; the sums, and the sentences. */
size_t ops_room(const struct run *r)
{
	struct set planned = { { 0 } };
	char why[LEFT_OUT_ROOM];
	size_t rows = 0;

	for (size_t i = 0; i < r->plan.groups; i++)
		set_add(&planned, r->group[i].workload);
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		rows += op_left_out(r, &table_ops[i], why, sizeof(why));
	return 16384 + (2 * set_size(&planned) + rows) * 1024;
}

void ops_json(const struct run *r, const struct environment *env, struct json *j)
{
	struct op_rows all = op_rows_of(r, env);
	struct op_row row;

	if (!all.rows)
		return;
	json_open(j, "ops", "[");
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (op_row_of(r, env, i, &row))
			put_op(j, &row);
	json_close(j, "]");
	put_exits(j, r, env, &all);
	put_record(j, r, env, &all);
}
