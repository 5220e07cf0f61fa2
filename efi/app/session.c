/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done between a configuration and a report, see session.h. */
#include "alternatives_here.h"
#include "away/away.h"
#include "away/cpus_here.h"
#include "cpu/counters.h"
#include "cpu/cpu.h"
#include "cpu/ticks.h"
#include "exit.h"
#include "firmware/console.h"
#include "firmware/memory.h"
#include "firmware/volume.h"
#include "lib/line_wrap.h"
#include "lib/string.h"
#include "loader/stick_mixes.h"
#include "loader/stick_modules.h"
#include "ops/loan.h"
#include "patch/own_text.h"
#include "patch/text_error.h"
#include "plan/cpus.h"
#include "plan/table_ops.h"
#include "platform_here.h"
#include "quiet/disturbances.h"
#include "quiet/lfence_loan.h"
#include "report/listen_report.h"
#include "report/report.h"
#include "report_out.h"
#include "ring3/ring3_loan.h"
#include "run/run_all.h"
#include "run_memory.h"
#include "scale_here.h"
#include "self_check.h"
#include "session.h"
#include "stats/anchor.h"
#include "torture/torture_run.h"
#include "workload/path.h"

/* How long the clock is watched for gaps after a run, and before it at least. */
#define GAP_WATCH_MS	100
#define GAP_WATCH_FULL_MS 1000

extern const uint8_t __text_start[];

/* A text of the application's own, and its memory. */
struct opened {
	struct text text;
	void *room;
};

/* One session. */
struct session {
	const struct config *config;
	struct environment *env;
	struct platform machine;
	struct run run;
	struct findings found;
	struct opened text, trampolines;
	struct report_out out;
};

/* The one that is on, for who ends it from anywhere. */
static struct session *current;

/* Opens one.  False: a line says what is wrong. */
static bool open_text(struct opened *o, const struct text_where *w)
{
	struct text_error e;
	char why[200];

	o->room = pool_get(text_room(w));
	if (!o->room) {
		sink_printf(console, "parapatch: no memory for the %u bytes of built bytes\n",
			    (unsigned)text_room(w));
		return false;
	}
	if (text_open(&o->text, w, o->room, text_room(w), &e))
		return true;
	text_error_say(why, sizeof(why), ".parainstructions is corrupt, nothing was patched", &e);
	sink_printf(console, "parapatch: %s; %s\n", why, volume_advice());
	return false;
}

/* What the windows saw, and what LFENCE did in them. */
static void read_quiet(struct environment *env, struct findings *found)
{
	env->lfence = lfence_phrase();
	found->disturbed = disturbances_total();
}

static EFI_STATUS end(const struct session *s, enum exit_word v, const char *status)
{
	if (run_is_counted(&s->run))
		app_time_is_guests();
	return app_end(s->config->exit, v, status);
}

/* Nothing can be measured: a line says why, and so does the report. */
static EFI_STATUS refuse_plan(struct session *s)
{
	char why[PLAN_NOTE_ROOM];
	EFI_STATUS st;

	text_format(why, sizeof(why), "the configuration comes to no cell: %s",
		    plan_refused(&s->run.plan));
	s->run.failed = why;
	modules_unload(&s->run);
	sink_printf(console, "parapatch: %s\n", why);
	report_out_begin(&s->out, &s->run);
	report_out_end(&s->out, &s->run);
	st = end(s, EXIT_WORD_BAD_CONFIG, "bad-config");
	s->run.failed = NULL;
	return st;
}

static enum exit_word word_of(enum report_status status)
{
	switch (status) {
	case REPORT_COMPLETE:
		return EXIT_WORD_OK;
	case REPORT_CHECK_FAILED:
		return EXIT_WORD_CHECK_FAILED;
	case REPORT_RUNNING:
	case REPORT_FAILED:
		break;
	}
	return EXIT_WORD_REFUSED;
}

static void note_failure(struct findings *found, const char *why)
{
	if (!why)
		return;
	found->check_failed = why;
	sink_printf(console, "parapatch: %s\n", why);
}

/* All that is measured, in its order. */
static void measure_all(struct session *s)
{
	struct run *r = &s->run;
	struct run_error e;

	if (!run_all(r, &e))
		sink_printf(console, "\nparapatch: ended early: %s\n", e.text);
	note_failure(&s->found, away_end());
	note_failure(&s->found, loans_lost());
	note_failure(&s->found, ring3_lost());
	note_failure(&s->found, alternatives_end());
	modules_unload(r);
	if (!r->failed)
		torture_run(s->config, s->env, r->nops, r->seed, &s->found.torture);
	read_quiet(s->env, &s->found);
	if (s->config->scale && !r->failed)
		r->scale = scale_here(s->config, s->env, r->machine, r->nops, r->seed,
				      &s->found);
	/* app_end() says it, which is to come whatever happens; the report has it too. */
	if (counters_close())
		s->found.check_failed = counters_close();
}

/* Measures what the configuration asks for, and reports it. */
static EFI_STATUS run(struct session *s)
{
	const struct run *r = &s->run;
	const struct report_out *o = &s->out;
	enum report_status status;

	report_out_begin(&s->out, r);
	measure_all(s);
	report_out_print(o, r);
	report_out_end(&s->out, r);
	sink_printf(serial, "parapatch run cells=%u refused=%u left_out=%u report=%s\n",
		    (unsigned)r->plan.cells, run_refused(r), run_left_out(r),
		    o->file.made && !EFI_ERROR(o->saved) ? o->file.name : "none");
	status = report_status(r, &s->found);
	if (status == REPORT_COMPLETE && EFI_ERROR(o->saved))
		return end(s, EXIT_WORD_NOT_SAVED, "not-saved");
	return end(s, word_of(status), report_status_names[status]);
}

/* The seed in the configuration, or what the clock's low bits happen to be.  Where the
 * clock counts instructions and none is given, the run takes 1. */
static uint64_t seed_of(const struct config *c)
{
	return c->seed ? c->seed : (uint32_t)cpu_tsc_begin() | 1;
}

void session_unload(void)
{
	away_end();
	if (current)
		modules_unload(&current->run);
}

void session_put(void)
{
	if (!current)
		return;
	pool_put(current->run.module);
	pool_put(current->machine.cpu);
	run_memory_put(&current->run, &current->machine);
	alternatives_put();
	pool_put(current->text.room);
	pool_put(current->trampolines.room);
	current = NULL;
}

/* Looks whether all is in order, opens what is to be measured, and measures. */
static EFI_STATUS check_and_run(struct session *s, const struct text_where *own)
{
	const struct text_where jumps = own_trampolines(own);
	struct wrap_sink people = wrap_sink(console);
	char note[PLAN_NOTE_ROOM];

	/* It is longer than what sink_printf() has room for. */
	if (plan_note(s->config, &s->run.plan, note, sizeof(note))) {
		sink_put(&people.sink, note, string_length(note));
		sink_put(&people.sink, "\n", 1);
	}
	self_check(s->env, &s->found);
	s->run.text = &s->text.text;
	s->run.trampolines = &s->trampolines.text;
	if (open_text(&s->text, own) && open_text(&s->trampolines, &jumps)
	    && run_memory_get(&s->run, &s->machine)
	    && alternatives_begin(&s->text.text, s->env, &s->found))
		return run(s);
	modules_unload(&s->run);
	return end(s, EXIT_WORD_REFUSED, "refused");
}

/* What was heard, before the run spends its time. */
static void say_listened(const struct run *r)
{
	listen_say(r, current->env->tsc_hz, console);
	listen_lines(r, serial);
}

static void begin(struct session *s, const struct config *c, struct environment *env,
		  const struct cycles_source *cycles)
{
	*s = (struct session){
		.config = c, .env = env, .machine = machine_here(c, env, cycles),
		.out = { .config = c, .env = env, .found = &s->found },
		.run = {
			.config = c, .machine = &s->machine,
			.nops = nop_table_for(ARCH_ISA, &env->cpu), .seed = seed_of(c),
			.gap_watch = ticks_of_ms(c->plan == PLAN_FULL ? GAP_WATCH_FULL_MS
						 : GAP_WATCH_MS),
			.on_listened = say_listened,
			.chain_cycles = imul_cycles(&env->cpu, NULL),
			.published = width_published(&env->cpu),
		},
	};
	s->run.budget_ticks = env->tsc_hz * plan_budget_s(c, &s->machine);
	s->run.listen_ticks = ticks_of_ms(plan_listen_ms(c, &s->machine));
	current = s;
}

/* On ways out from the middle of a pass. */
static void end_loans(void)
{
	loans_end();
	ring3_end();
}

/* The CPUs that are asked for.  False: a line says which is not there. */
static bool take_cpus(struct session *s)
{
	char why[CPUS_WHY_ROOM];

	s->machine.cpu = cpus_here(s->config, &s->machine.cpus, why);
	if (!s->machine.cpu) {
		sink_printf(console, "parapatch: cpus: %s\n", why);
		return false;
	}
	if (s->machine.cpus == 1 && config_cpus(s->config) == CPUS_ALL)
		sink_printf(console, "cpus = all: there is one CPU%s.\n", s->env->emulator.name
			    ? "; an emulator that counts instructions has no more"
			    : ", or the firmware lends no others");
	away_begin(&s->machine, s->env, end_loans);
	return true;
}

EFI_STATUS session(const struct config *c, struct environment *env,
		   const struct cycles_source *cycles)
{
	const struct text_where own = own_text((uint8_t *)__text_start, env->text_len);
	struct session s;
	const char *why;
	EFI_STATUS st;

	begin(&s, c, env, cycles);
	if (!take_cpus(&s)) {
		st = end(&s, EXIT_WORD_BAD_CONFIG, "bad-config");
		session_put();
		return st;
	}
	why = modules_load(&s.run, &own);
	if (!why)
		why = mixes_load(c, s.machine.ring, &s.text.text);
	if (why)
		s.found.check_failed = why;
	if (paths_are_asked(c))
		paths_add(&s.text.text);
	s.run.plan = plan(c, &s.machine, NULL, NULL);
	st = s.run.plan.cells ? check_and_run(&s, &own) : refuse_plan(&s);
	session_put();
	return st;
}
