/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done between a configuration and a report, see session.h. */
#include "stats/anchor.h"
#include "cpu/cpu.h"
#include "cpu/guard.h"
#include "cpu/predictors.h"
#include "firmware/console.h"
#include "firmware/file.h"
#include "firmware/firmware.h"
#include "firmware/memory.h"
#include "firmware/report_file.h"
#include "firmware/volume.h"
#include "ops/wake_timer.h"
#include "quiet/quiet.h"
#include "writer/near_memory.h"
#include "lib/mem.h"
#include "loader/stick_modules.h"
#include "paravirt/native.h"
#include "ops/ops_check.h"
#include "patch/own_text.h"
#include "firmware/ports.h"
#include "paravirt/pv_memory.h"
#include "report/report.h"
#include "run/run.h"
#include "scale_here.h"
#include "session.h"
#include "writer/writer.h"
#include "torture/torture_run.h"

/* A window of measuring ends with the first batch after this: the firmware keeps
 * its clock and its keyboard. */
#define QUIET_MS	15
#define QUIET_MAX_MS	20

/* How long the clock is watched for gaps, before a run and after it. */
#define GAP_WATCH_MS	100
#define GAP_WATCH_FULL_MS 1000

extern const uint8_t __text_start[];

static void say_op(void *ctx, enum op op, const char *result, const char *why)
{
	struct environment *env = ctx;

	env->ops.note[env->ops.notes++] = (struct op_note){
		op_info[op].name, result, why ? why : "" };
	sink_printf(serial, "op name=%s result=\"%s\" why=\"%s\"\n",
		    op_info[op].name, result, why ? why : "");
	if (result[0] == 'f')
		sink_printf(console, "op %s failed: %s\n", op_info[op].name,
			    why ? why : "");
}

static void check_guard(struct environment *env)
{
	const char *why = guard_check();

	if (!why)
		return;
	env->check_failed = why;
	sink_printf(console, "parapatch: the guard does not %s\n", why);
}

/* Every op of the table, once. */
static void check_ops(struct environment *env)
{
	static struct ops_check r;
	const struct ops_check_env with = {
		.no_rdpmc = pmc_is_undefined(),
		.tsc_hz = env->tsc_hz,
		.timer_start = cpu_flags() & FLAGS_IF ? timer_start : NULL,
		.timer_stop = timer_stop, .timer_count = timer_count,
	};

	if (!quiet_begin(NULL)) {
		env->check_failed = quiet_failure();
		sink_printf(console, "parapatch: no quiet window: %s\n",
			    env->check_failed);
		return;
	}
	ops_check(&r, &with);
	quiet_end(NULL);
	ops_check_say(&r, say_op, env);
	env->ops.checked = r.counts.checked;
	env->ops.failed = r.counts.failed;
	env->ops.not_run = r.counts.not_run;
	env->ops.trapping = r.counts.trapping;
	sink_printf(console, "%u ops: %u checked, %u failed, %u not run, %u without meaning here\n",
		    OP_COUNT, r.counts.checked, r.counts.failed,
		    r.counts.not_run, r.counts.trapping);
}

/* A text of the application's own, and its memory. */
struct opened {
	struct text text;
	void *room;
};

/* Opens it.  False: a line says what is wrong. */
static bool open_text(struct text *t, const struct text_where *w, void **room)
{
	struct text_error e;

	*room = pool_get(text_room(w));
	if (!*room) {
		sink_printf(console, "parapatch: no memory for the %u bytes of built bytes\n",
			    (unsigned)text_room(w));
		return false;
	}
	if (text_open(t, w, *room, text_room(w), &e))
		return true;
	sink_printf(console, "parapatch: .parainstructions is corrupt, nothing was patched: ");
	if (e.record != TEXT_NO_RECORD)
		sink_printf(console, "record %u, site at 0x%llx: ",
			    (unsigned)e.record, (unsigned long long)e.addr);
	sink_printf(console, "%s; %s\n", e.why, volume_advice());
	return false;
}

static void progress(void *ctx, unsigned done, unsigned of)
{
	(void)ctx;
	console_progress(done, of);
}

/* What times are bounded by.  Where the TSC's rate is not known, its ticks still
 * are: taken for a slow one's, so that windows are rather too short. */
static uint64_t tsc_khz(void)
{
	return app.env.tsc_hz ? app.env.tsc_hz / 1000 : 1000000;
}

static struct machine machine_here(const struct cycles_source *cycles)
{
	uint64_t khz = tsc_khz();

	return (struct machine){
		.isa = ARCH_ISA, .features = app.env.features,
		.emulated = app.env.emulator.name,
		.begin = cpu_tsc_begin, .end = cpu_tsc_end,
		.flags = cpu_flags, .set_if = cpu_set_if,
		.quiet_begin = quiet_begin, .quiet_end = quiet_end,
		.quiet_ticks = khz * QUIET_MS, .quiet_max = khz * QUIET_MAX_MS,
		.disturbed = quiet_disturbance, .cycles = cycles->read,
		.flush_branches = predictors_flush_here(),
		.gap_ticks = khz * app.config.gap_us / 1000,
		.writer = &cpu_text_writer, .progress = progress,
		.stack = thread_stack_top(),
	};
}

/* The memory of a run, in one piece each.  False: a line says what there is no
 * room for. */
static bool get_memory(struct run *r, struct machine *m)
{
	size_t batches = run_batches(r->config, &r->plan, m);
	bool ok;

	r->group = pool_get(r->plan.groups * sizeof(*r->group));
	r->results = pool_get(r->plan.cells * sizeof(*r->results));
	r->batches = pool_get(batches * sizeof(*r->batches));
	r->scratch = pool_get(run_scratch(r->config, &r->plan) * sizeof(*r->scratch));
	r->arena_memory = pool_get(ARENA_MEMORY_BYTES);
	ok = r->group && r->results && r->batches && r->scratch
		&& r->arena_memory && near_get(&m->near);
	if (!ok) {
		sink_printf(console, "parapatch: no memory for %u cells of %u batches; "
			    "ask for fewer batches, offsets, layouts or states\n",
			    (unsigned)r->plan.cells,
			    (unsigned)(r->config->offsets * plan_batches(r->config)));
		return false;
	}
	memset(r->group, 0, r->plan.groups * sizeof(*r->group));
	memset(r->results, 0, r->plan.cells * sizeof(*r->results));
	plan(r->config, m, r->group, r->results);
	return true;
}

static void put_memory(struct run *r, struct machine *m)
{
	pool_put(r->group);
	pool_put(r->results);
	pool_put(r->batches);
	pool_put(r->scratch);
	pool_put(r->arena_memory);
	near_put(&m->near);
}

/* Writes the report; where @done is NULL, what stands for it while the run is on. */
static EFI_STATUS make_report(const struct run *r, const struct run *done,
			      struct report_file *f)
{
	char *bytes = pool_get(report_room(r));
	struct memory_sink m = memory_sink(bytes, bytes ? report_room(r) : 0);
	EFI_STATUS st;

	report_json(done, &app.config, &app.env, &m.sink);
	if (m.sink.failed)
		st = bytes ? EFI_BUFFER_TOO_SMALL : EFI_OUT_OF_RESOURCES;
	else if (done)
		st = report_file_finish(f, m.bytes, m.len, m.room);
	else
		st = report_file_make(f, m.bytes, m.len, report_room(r));
	pool_put(bytes);
	return st;
}

/* Where the report is, or why it is nowhere. */
static void say_saved(const struct report_file *f, EFI_STATUS saved)
{
	const char *where = ports_any() ? "the serial port" : "the screen";

	if (EFI_ERROR(saved) && saved != EFI_OUT_OF_RESOURCES
	    && saved != EFI_BUFFER_TOO_SMALL && volume_lacks())
		sink_printf(console, "The report is NOT saved: %s, so it went to %s alone; to get one, start parapatch from a FAT volume such as a stick.\n",
			    volume_lacks(), where);
	else if (EFI_ERROR(saved))
		sink_printf(console, "The report is NOT saved: %s; what is here is all there is.\n",
			    file_error(saved));
	else if (f->made)
		sink_printf(console, "Report: %s\n", f->name);
	if (f->made && !EFI_ERROR(saved) && f->left_running)
		sink_printf(console, "%s stays beside it; it is of the same run.\n",
			    f->running_name);
}

/* What the windows saw. */
static void read_quiet(struct environment *env)
{
	const struct disturbance d = quiet_total();

	env->lfence = quiet_lfence();
	env->disturbed.nmi = d.nmi;
	env->disturbed.interrupts = d.interrupts;
	env->disturbed.smi = d.smi;
	env->disturbed.smi_known = d.smi_known;
}

static void print_results(const struct run *r)
{
	report_table(r, &app.env, console);
	report_lines(r, &app.env, serial);
	torture_table(&app.env.torture, app.env.tsc_hz, console);
	torture_lines(&app.env.torture, app.env.tsc_hz, serial);
}

/* Nothing can be measured: a line says why, and so does the report. */
static EFI_STATUS refuse_plan(struct run *r)
{
	struct report_file file = { .made = false };
	EFI_STATUS saved = EFI_SUCCESS;

	modules_unload(r);
	sink_printf(console, "parapatch: %s\n", r->failed);
	if (app.config.report)
		saved = make_report(r, NULL, &file);
	if (file.made)
		saved = make_report(r, r, &file);
	say_saved(&file, saved);
	return app_end(EXIT_WORD_BAD_CONFIG, "bad-config");
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

static void note_alternatives(const char *why)
{
	if (!why)
		return;
	app.env.check_failed = why;
	sink_printf(console, "parapatch: %s\n", why);
}

/* Measures what the configuration asks for, and reports it. */
static EFI_STATUS run(struct run *r)
{
	struct report_file file = { .made = false };
	EFI_STATUS saved = EFI_SUCCESS;
	struct run_error e;
	enum report_status status;

	if (app.config.report)
		saved = make_report(r, NULL, &file);
	if (!run_all(r, &e))
		sink_printf(console, "\nparapatch: ended early: %s\n", e.text);
	note_alternatives(alternatives_end());
	modules_unload(r);
	if (!r->failed)
		torture_run(r->nops, r->seed);
	read_quiet(&app.env);
	if (app.config.scale && !r->failed)
		r->scale = scale_here(r->machine, r->nops, r->seed);
	print_results(r);
	if (file.made)
		saved = make_report(r, r, &file);
	say_saved(&file, saved);
	sink_printf(serial, "parapatch run cells=%u refused=%u report=%s\n",
		    (unsigned)r->plan.cells, run_refused(r),
		    file.made && !EFI_ERROR(saved) ? file.name : "none");
	status = report_status(r, &app.env);
	if (status == REPORT_COMPLETE && EFI_ERROR(saved))
		return app_end(EXIT_WORD_NOT_SAVED, "not-saved");
	return app_end(word_of(status), report_status_names[status]);
}

/* The seed in the configuration, or what the clock's low bits happen to be. */
static uint64_t seed_of(const struct config *c)
{
	return c->seed ? c->seed : (uint32_t)cpu_tsc_begin() | 1;
}

/* What the session that is on has from the firmware. */
static struct {
	struct run *run;
	struct machine *machine;
	struct opened *text, *trampolines;
} held;

void session_unload(void)
{
	if (held.run)
		modules_unload(held.run);
}

void session_put(void)
{
	if (!held.run)
		return;
	pool_put(held.run->module);
	put_memory(held.run, held.machine);
	pool_put(held.text->room);
	pool_put(held.trampolines->room);
	held.run = NULL;
}

EFI_STATUS session(const struct cycles_source *cycles)
{
	struct machine m = machine_here(cycles);
	struct run r = {
		.config = &app.config, .machine = &m,
		.nops = nop_table_for(ARCH_ISA, &app.env.cpu),
		.seed = seed_of(&app.config),
		.gap_watch = tsc_khz()
			* (app.config.plan == PLAN_FULL ? GAP_WATCH_FULL_MS
			   : GAP_WATCH_MS),
		.chain_cycles = imul_cycles(&app.env.cpu, NULL),
	};
	const struct text_where own = own_text((uint8_t *)__text_start,
					       app.env.text_len);
	const struct text_where jumps = own_trampolines(&own);
	struct opened text = { .room = NULL }, trampolines = { .room = NULL };
	char note[PLAN_NOTE_ROOM];
	const char *why;
	EFI_STATUS st = EFI_ABORTED;

	held.machine = &m;
	held.text = &text;
	held.trampolines = &trampolines;
	held.run = &r;
	modules_load(&r, &own);
	r.plan = plan(&app.config, &m, NULL, NULL);
	if (!r.plan.cells) {
		text_format(note, sizeof(note), "the configuration comes to no cell: %s",
			    plan_refused(&r.plan));
		r.failed = note;
		st = refuse_plan(&r);
		session_put();
		return st;
	}
	if (plan_note(&app.config, &r.plan, note, sizeof(note)))
		sink_printf(console, "%s\n", note);
	why = quiet_check();
	if (why) {
		app.env.check_failed = why;
		sink_printf(console, "parapatch: a quiet window does not put back %s\n",
			    why);
	}
	check_guard(&app.env);
	guard_open();			/* leave() closes it */
	check_ops(&app.env);
	r.text = &text.text;
	r.trampolines = &trampolines.text;
	if (open_text(&text.text, &own, &text.room)
	    && open_text(&trampolines.text, &jumps, &trampolines.room)
	    && get_memory(&r, &m) && alternatives_begin(&text.text))
		st = run(&r);
	else {
		modules_unload(&r);
		st = app_end(EXIT_WORD_REFUSED, "refused");
	}
	session_put();
	return st;
}
