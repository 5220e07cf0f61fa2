/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench-host: the same core, plan, statistics and report, as a Linux process on
 * the CPU that is here.
 *
 *	bench-host [-o REPORT] [-c CPU] [-m FOLDER] ['key = value']...
 *
 * bench-host -h says more.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "stats/anchor.h"
#include "patch/own_text.h"
#include "alternative/own_alternatives.h"
#include "paravirt/native.h"
#include "paravirt/pv_memory.h"
#include "lib/string.h"
#include "plan/cpus.h"
#include "plan/table_ops.h"
#include "report/listen_report.h"
#include "report/progress.h"
#include "report/report.h"
#include "run/arena.h"
#include "run/run_all.h"
#include "workload/path.h"
#include "../user.h"
#include "bench.h"

static struct arguments args;
static struct environment env;
static struct findings findings;
static int report_fd = -1;

static void progress(void *ctx, const struct run_progress *p)
{
	char what[PROGRESS_ROOM];

	(void)ctx;
	if (isatty(2))
		fprintf(stderr, "\r%3u%%%s%s", 100 * p->done / p->of,
			progress_text(p, what, sizeof(what)),
			p->done == p->of ? "\r\033[K" : "");
}

/* Before the run: what of it can be told from it. */
static void say_listened(const struct run *r)
{
	struct file_sink out = file_sink(1);

	listen_say(r, env.tsc_hz, &out.sink);
}

static struct platform machine_here(struct run_cpu *cpu, unsigned cpus)
{
	uint64_t khz = env.tsc_hz / 1000;

	return (struct platform){
		.ring = 3, .isa = ARCH_ISA, .features = env.features,
		.begin = user_tsc_read, .end = user_tsc_read,
		.flags = user_flags, .set_if = user_set_if,
		.quiet_begin = user_quiet_begin, .quiet_end = user_quiet_end,
		.quiet_ticks = khz * 15, .quiet_max = khz * 20,
		.disturbed = user_quiet_disturbance, .interrupts_come = true,
		.gap_ticks = khz * args.config.gap_us / 1000,
		.writer = &user_writer, .progress = progress,
		.stack = thread_stack_top(), .attempt = user_attempt,
		.cpu = cpu, .cpus = cpus, .run_on = user_run_on,
	};
}

static void must(const char *what, const char *why)
{
	if (why)
		die(1, what, why, errno);
}

static void *get(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		die(1, "no memory", "lower batches, offsets, layouts or states", 0);
	return p;
}

/* Those that are asked for. */
static void open_cpus(struct platform *m)
{
	char why[CPUS_WHY_ROOM];

	m->cpu = user_cpus(&args.config, &m->cpus, why);
	if (!m->cpu)
		die(2, "cpus", why, 0);
}

static void make_plan(struct run *r, const struct platform *m)
{
	r->plan = plan(&args.config, m, NULL, NULL);
	if (!r->plan.cells)
		die(2, "no cell", plan_refused(&r->plan), 0);
}

static void get_memory(struct run *r, struct platform *m)
{
	r->group = get(r->plan.groups, sizeof(*r->group));
	r->results = get(r->plan.cells, sizeof(*r->results));
	r->batches = get(run_batches(&args.config, &r->plan, m), sizeof(*r->batches));
	r->scratch = get(run_scratch(&args.config, &r->plan, m), sizeof(*r->scratch));
	r->width = get(run_widths(&args.config, &r->plan, m), sizeof(*r->width));
	r->arena_memory = get(1, ARENA_MEMORY_BYTES);
	must("bodies", user_near_get(&m->near));
	plan(&args.config, m, r->group, r->results);
	user_quiet_stay();
}

static void open_text(struct text *t, const struct text_where *w)
{
	struct text_error e;

	if (!text_open(t, w, get(1, text_room(w)), text_room(w), &e))
		die(1, ".parainstructions", e.why, 0);
}

/* For the CPU that is here, until the process ends. */
static void apply_alternatives(const struct text *t)
{
	static struct own_alternatives own;
	const struct alternative_where w = own_alternatives_where(&t->where, &own,
		(struct own_machine){ .cpu = env.features },
		nop_table_for(ARCH_ISA, &env.cpu));
	size_t bytes = alternatives_room(&w, t);
	struct alternatives_counts c;
	struct alternatives_error e;

	if (!alternatives_open(&own.open, &w, t, get(1, bytes), bytes, &e)
	    || !alternatives_apply(&own.open, &own.how, &user_writer, &c, &e))
		die(1, e.table, e.why, 0);
	findings.alternatives = own_alternatives_found(&c);
	if (alternative_selftest() != SELFTEST_APPLIED)
		die(1, ".altinstructions", "code with alternatives does not do what it should", 0);
}

static void open_texts(struct text *own, struct text *trampolines)
{
	struct text_where w, jumps;
	uint8_t *bytes;
	size_t len;

	must("text", user_text_alias(&bytes, &len));
	w = own_text(bytes, len);
	jumps = own_trampolines(&w);
	env.text_addr = w.addr;
	env.text_len = w.len;
	open_text(own, &w);
	apply_alternatives(own);
	open_text(trampolines, &jumps);
}

/* The report as it now is: "running" while @r is NULL. */
static bool put_report(const struct run *r)
{
	struct file_sink f = file_sink(report_fd);
	struct stat is;

	if (fstat(report_fd, &is))
		return false;
	/* What is no file, such as a pipe, is given the end alone. */
	if (!S_ISREG(is.st_mode) && !r)
		return true;
	if (S_ISREG(is.st_mode) && (ftruncate(report_fd, 0)
				    || lseek(report_fd, 0, SEEK_SET)))
		return false;
	report_json(r, &args.config, &env, &findings, &f.sink);
	return !f.sink.failed;
}

/* Before anything is measured: a path that cannot be written costs no run. */
static void open_report(void)
{
	if (!args.report)
		return;
	report_fd = open(args.report, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (report_fd < 0 || !put_report(NULL))
		die(2, args.report, "the report cannot be written", errno);
}

static void close_report(const struct run *r)
{
	if (args.report && (!put_report(r) || close(report_fd)))
		die(1, args.report, "the report could not be written", errno);
}

/* What it will not do, while there is time to read it: what a run comes to is the last
 * thing that is printed. */
static void print_left_out(const struct run *r)
{
	struct file_sink out = file_sink(1);
	struct wrap_sink s = wrap_sink(&out.sink);
	char note[PLAN_NOTE_ROOM];

	ring3_list(&s.sink);
	/* It is longer than what sink_printf() has room for. */
	if (plan_note(r->config, &r->plan, note, sizeof(note))) {
		sink_put(&s.sink, note, string_length(note));
		sink_put(&s.sink, "\n", 1);
	}
}

static void print(const struct run *r)
{
	struct file_sink out = file_sink(1);

	report_table(r, &env, WRAP_COLUMNS, &out.sink);
	if (out.sink.failed)
		die(1, "standard output", "cannot be written", errno);
}

int main(int argc, char **argv)
{
	struct run r = { .config = &args.config };
	struct platform m;
	struct text text, trampolines;
	struct disturbance seen;
	struct run_error e;

	user_program("bench-host");
	/* A reader that has gone costs no run; the end says that nothing was printed. */
	signal(SIGPIPE, SIG_IGN);
	arguments_read(&args, argc, argv);
	if (!user_quiet_open(args.cpu))
		die(2, "-c", user_no_cpu(args.cpu), 0);
	user_percpu_open();
	open_cpus(&m);
	user_environment(&env);
	native_env.tsc_hz = env.tsc_hz;
	ring3_note(&findings.ops);
	m = machine_here(m.cpu, m.cpus);
	r.machine = &m;
	mixes_load(&args, args.config.seed ? args.config.seed : 1, &text);
	if (paths_are_asked(&args.config))
		paths_add(&text);
	make_plan(&r, &m);
	open_report();
	r.nops = nop_table_for(ARCH_ISA, &env.cpu);
	r.seed = args.config.seed ? args.config.seed : (uint32_t)user_tsc_read() | 1;
	r.gap_watch = env.tsc_hz / 10;
	r.budget_ticks = env.tsc_hz * plan_budget_s(&args.config, &m);
	r.listen_ticks = env.tsc_hz / 1000 * plan_listen_ms(&args.config, &m);
	r.on_listened = say_listened;
	r.chain_cycles = imul_cycles(&env.cpu, NULL);
	r.published = width_published(&env.cpu);
	open_texts(&text, &trampolines);
	r.text = &text;
	r.trampolines = &trampolines;
	get_memory(&r, &m);
	print_left_out(&r);
	if (!run_all(&r, &e))
		fprintf(stderr, "bench-host: ended early: %s\n", e.text);
	user_quiet_disturbance(NULL, &seen);
	findings.disturbed.interrupts = seen.interrupts;
	close_report(&r);
	print(&r);
	return report_status(&r, &findings) != REPORT_COMPLETE;
}
