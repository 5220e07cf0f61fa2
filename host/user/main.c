/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench-host: the same core, plan, statistics and report, as a Linux process on
 * the CPU that is here.
 *
 *	bench-host [-o REPORT] [-c CPU] ['key = value']...
 *
 * Keys are those of parapatch.cfg.  Exit status: 0, or 1 where a check failed or
 * something could not be had, or 2 for bad arguments.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "anchor.h"
#include "config.h"
#include "report.h"
#include "run.h"
#include "user.h"

static struct config config;
static struct environment env;
static const char *report_path;
static int cpu = -1;

static bool put_file(struct sink *s, const char *bytes, size_t len)
{
	struct file_sink *f = (struct file_sink *)s;

	while (len) {
		ssize_t n = write(f->fd, bytes, len);

		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

struct file_sink file_sink(int fd)
{
	return (struct file_sink){ { put_file, false }, fd };
}

static void die(int status, const char *what, const char *why)
{
	fprintf(stderr, "bench-host: %s: %s\n", what, why);
	exit(status);
}

static void set(const char *line)
{
	struct config_error e;

	if (!config_parse(&config, line, strlen(line), &e))
		die(2, line, e.text);
}

static void read_arguments(int argc, char **argv)
{
	int opt;

	config_preset(&config);
	while ((opt = getopt(argc, argv, "o:c:")) != -1)
		switch (opt) {
		case 'o':
			report_path = optarg;
			break;
		case 'c':
			cpu = atoi(optarg);
			break;
		default:
			die(2, "usage", "bench-host [-o REPORT] [-c CPU] ['key = value']...");
		}
	for (; optind < argc; optind++)
		set(argv[optind]);
}

static void progress(void *ctx, unsigned done, unsigned of)
{
	(void)ctx;
	if (isatty(2))
		fprintf(stderr, "\r%3u%%%s", 100 * done / of, done == of ? "\r\033[K" : "");
}

static struct machine machine_here(void)
{
	uint64_t khz = env.tsc_hz / 1000;

	return (struct machine){
		.ring = 3, .begin = tsc_read, .end = tsc_read,
		.flags = user_flags, .set_if = user_set_if,
		.quiet_begin = quiet_begin, .quiet_end = quiet_end,
		.quiet_ticks = khz * 15, .quiet_max = khz * 20,
		.disturbed = quiet_disturbance,
		.gap_ticks = khz * config.gap_us / 1000,
		.writer = &alias_writer, .progress = progress,
	};
}

static void must(const char *what, const char *why)
{
	if (why)
		die(1, what, why);
}

static void *get(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		die(1, "no memory", "lower batches, offsets, layouts or states");
	return p;
}

static void get_memory(struct run *r, struct machine *m)
{
	r->plan = plan(&config, m, NULL, NULL);
	if (!r->plan.cells)
		die(2, "no cell", "ring 3 may run none of these workloads in such a mode and convention");
	r->group = get(r->plan.groups, sizeof(*r->group));
	r->results = get(r->plan.cells, sizeof(*r->results));
	r->batches = get(run_batches(&config, &r->plan, m), sizeof(*r->batches));
	r->scratch = get(run_scratch(&config, &r->plan), sizeof(*r->scratch));
	r->arena_memory = get(1, ARENA_MEMORY_BYTES);
	must("bodies", near_get(&m->near));
	plan(&config, m, r->group, r->results);
}

static void open_text(struct text *t)
{
	struct text_where w = {
		.isa = ARCH_ISA,
		.sites_addr = (uintptr_t)__start_parainstructions,
		.sites = __start_parainstructions,
		.count = (size_t)(__stop_parainstructions - __start_parainstructions),
		.table = (uintptr_t)&paravirt_ops, .ops = OP_COUNT,
	};
	struct text_error e;

	must("text", text_alias(&w.bytes, &w.len));
	w.addr = (uintptr_t)w.bytes;
	env.text_addr = w.addr;
	env.text_len = w.len;
	if (!text_open(t, &w, get(1, text_room(&w)), text_room(&w), &e))
		die(1, ".parainstructions", e.why);
}

static void write_report(const struct run *r)
{
	struct file_sink f;
	int fd;

	if (!report_path)
		return;
	fd = open(report_path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0)
		die(1, report_path, strerror(errno));
	f = file_sink(fd);
	report_json(r, &config, &env, &f.sink);
	if (f.sink.failed || close(fd))
		die(1, report_path, strerror(errno));
}

/* What ring 3 may not run, and why: nothing is left out in silence. */
static void list_privileged(struct sink *s)
{
	for (unsigned w = 0; w < WORKLOAD_COUNT; w++)
		if (workloads[w].ring < 3)
			sink_printf(s, "Not run in ring 3: %s: %s\n",
				    workloads[w].name, workloads[w].what);
	for (unsigned why = 0; why < RING3_COUNT; why++) {
		unsigned n = 0;

		for (unsigned op = 0; op < OP_COUNT; op++)
			if (op_info[op].ring3 == why)
				sink_printf(s, "%s%s", n++ ? " " : "  ops: ",
					    op_info[op].name);
		if (n)
			sink_printf(s, "\n    %s%s\n", ring3_info[why].may ? ""
				    : "not run: ", ring3_info[why].what);
	}
}

int main(int argc, char **argv)
{
	struct file_sink out = file_sink(1);
	struct run r = { .config = &config };
	struct machine m;
	struct text text;
	struct run_error e;

	read_arguments(argc, argv);
	must("quiet", quiet_open(cpu));
	environment_gather(&env);
	m = machine_here();
	r.machine = &m;
	r.nops = nop_table_for(ARCH_ISA, &env.cpu);
	r.seed = config.seed ? config.seed : (uint32_t)tsc_read() | 1;
	r.gap_watch = env.tsc_hz / 10;
	r.chain_cycles = imul_cycles(&env.cpu, NULL);
	open_text(&text);
	r.text = &text;
	get_memory(&r, &m);
	if (!run_all(&r, &e))
		fprintf(stderr, "bench-host: ended early: %s\n", e.text);
	report_table(&r, &env, &out.sink);
	list_privileged(&out.sink);
	write_report(&r);
	return r.failed || run_refused(&r) ? 1 : 0;
}
