/* SPDX-License-Identifier: GPL-2.0-only */
/* What patching costs at scale, in ring 3 on the CPU that is here. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../user.h"
#include "lib/json.h"
#include "patch/nop.h"
#include "lib/number.h"
#include "report/environment_report.h"
#include "report/scale_report.h"
#include "measure/scale_run.h"
#include "machine/serialise_insn.h"

static const char usage[] =
"usage: scale-host [-o REPORT] [-r ROUNDS] [-s SEED] [-c CPU] SITES...\n"
"\n"
"Patches texts of so many sites (1000 to 10000000) in several ways, in ring 3 on\n"
"the CPU that is here, and says what a site costs.  The texts never run.\n"
"\n"
"  -o REPORT  write the report file there, JSON\n"
"  -r ROUNDS  3 to 51, odd; otherwise 11\n"
"  -s SEED    of texts and orders; otherwise from the clock, and reported\n"
"  -c CPU     run on that CPU, counted from 0; otherwise where it is started\n"
"\n"
"Exit status: 0; 1 if something could not be had or came out wrong; 2 for bad\n"
"arguments: then nothing was run.\n";

static void run_cpuid(void)
{
	uint32_t r[4];

	user_cpuid(0, 0, r);
}

/* Linux's order; MOV to CR2 is for ring 0. */
static unsigned list_serialisers(struct serialiser *to)
{
	unsigned n = 0;

	if (cpu_has_serialize(user_cpuid))
		to[n++] = (struct serialiser){ "serialize", serialise_serialize };
	to[n++] = (struct serialiser){ "iret", serialise_iret };
	to[n++] = (struct serialiser){ "cpuid", run_cpuid };
	return n;
}

static struct serialiser serialisers[SERIALISERS_MOST];
static struct environment env;
static const struct findings nothing_found;

/* The text is memory like any other; what the engine serialises with is what Linux
 * would. */
static bool plain_window(void *ctx, uint8_t *at, size_t len,
			 void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, 0);
	serialisers[0].run();
	return true;
}

static const struct text_writer plain_writer = { plain_window, NULL };

/* libc's: the one that core's objects know is the application's, which is REP MOVS. */
static void *(*libc_memcpy(void))(void *to, const void *from, size_t len)
{
	void *(*f)(void *, const void *, size_t);
	void *p = dlsym(RTLD_NEXT, "memcpy");

	if (!p)
		die(1, "memcpy", "the C library has none", 0);
	__builtin_memcpy(&f, &p, sizeof(f));
	return f;
}

static uint64_t number(const char *what, const char *text, uint64_t least,
		       uint64_t most)
{
	char range[80], *end;
	unsigned long long v;

	errno = 0;
	v = strtoull(text, &end, 10);
	snprintf(range, sizeof(range), "\"%s\" is not a number from %llu to %llu", text,
		 (unsigned long long)least, (unsigned long long)most);
	if (errno || *end || end == text || *text == '-' || v < least || v > most)
		die(2, what, range, 0);
	return v;
}

/* Pages are there before anything is timed, and no huge ones for some of them. */
static void *memory_of(size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die(1, "SITES", "no memory for so many", errno);
	madvise(p, len, MADV_NOHUGEPAGE);
	memset(p, 0xcc, len);
	return p;
}

struct arguments_of_scale {
	const char *report;
	unsigned rounds;
	uint64_t seed;
	int cpu;
};

static struct arguments_of_scale read_arguments(int argc, char **argv)
{
	struct arguments_of_scale a = { NULL, 11, 0, -1 };
	int c;

	user_program("scale-host");
	while ((c = getopt(argc, argv, "o:r:s:c:h")) != -1)
		switch (c) {
		case 'o': a.report = optarg; break;
		case 'r': a.rounds = (unsigned)number("-r", optarg, 3, SCALE_ROUNDS_MOST); break;
		case 's': a.seed = number("-s", optarg, 1, UINT32_MAX); break;
		case 'c': a.cpu = (int)number("-c", optarg, 0, 4095); break;
		case 'h': fputs(usage, stdout); exit(0);
		default: fputs(usage, stderr); exit(2);
		}
	if (optind == argc)
		die(2, "SITES", "none is given; scale-host -h lists what can be", 0);
	for (int i = optind; i < argc; i++)
		number("SITES", argv[i], SCALE_SITES_LEAST, SCALE_SITES_MOST);
	if (!a.seed)
		a.seed = (uint32_t)user_tsc_read() | 1;
	return a;
}

static struct scale run_one(size_t sites, const struct arguments_of_scale *a,
			    const struct nop_table *nops, unsigned n)
{
	static const struct platform m = {
		.ring = 3, .isa = ISA_X86_64, .begin = user_tsc_read, .end = user_tsc_read,
		.flags = user_flags, .set_if = user_set_if, .writer = &plain_writer,
	};
	struct scale s = {
		.machine = &m, .nops = nops, .copy = libc_memcpy(),
		.addr = ((uintptr_t)&native_backend + (64u << 20)) & ~4095ul,
		.serialisers = serialisers, .serialiser_count = n,
		.sites = sites, .rounds = a->rounds, .rng = { a->seed },
	};
	size_t len = scale_room(sites);
	void *memory = memory_of(len);
	const char *why = scale_run(&s, memory);

	munmap(memory, len);
	if (why)
		die(1, "SITES", why, 0);
	return s;
}

/* Before anything is timed: a path that cannot be written costs no run. */
static int open_report(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		die(2, path, "the report cannot be written", errno);
	return fd;
}

static void put_report(int fd, const char *path, struct scale *s, int n, uint64_t seed)
{
	struct file_sink f = file_sink(fd);
	struct json j = { &f.sink, true };

	sink_put(&f.sink, "{", 1);
	json_text(&j, "schema", "parapatch-scale-1");
	json_text(&j, "status", "complete");
	json_open(&j, "context", "{");
	environment_json(&j, &env);
	findings_json(&j, &nothing_found);
	json_close(&j, "}");
	json_number(&j, "seed", seed);
	json_open(&j, "scale", "[");
	for (int i = 0; i < n; i++) {
		json_open(&j, NULL, "{");
		scale_json(&s[i], &j);
		json_close(&j, "}");
	}
	json_close(&j, "]");
	sink_put(&f.sink, "\n}\n", 3);
	if (f.sink.failed || close(fd))
		die(1, path, "the report could not be written", errno);
}

/* The engine's row of a size. */
static const struct scale_row *apply_row(const struct scale *s)
{
	unsigned i = 0;

	while (s->row[i].way != SCALE_apply)
		i++;
	return &s->row[i];
}

/* Each size's ratio, side by side: does it grow with the text? */
static void put_sizes(const struct scale *s, int n, struct sink *to)
{
	char m[24], lo[24], hi[24], w[24], wlo[24], whi[24];

	sink_printf(to, "apply, by size:    of memcpy (rounds)         of words (rounds)\n");
	for (int i = 0; i < n; i++) {
		const struct scale_row *r = apply_row(&s[i]);

		sink_printf(to, "%10u sites   %6s [%6s..%6s]   %6s [%6s..%6s]\n",
			    (unsigned)s[i].sites,
			    micro_text(m, sizeof(m), r->of_memcpy.median, 3),
			    micro_text(lo, sizeof(lo), r->of_memcpy.min, 3),
			    micro_text(hi, sizeof(hi), r->of_memcpy.max, 3),
			    micro_text(w, sizeof(w), r->of_words.median, 3),
			    micro_text(wlo, sizeof(wlo), r->of_words.min, 3),
			    micro_text(whi, sizeof(whi), r->of_words.max, 3));
	}
}

int main(int argc, char **argv)
{
	const struct arguments_of_scale a = read_arguments(argc, argv);
	unsigned n = list_serialisers(serialisers);
	struct file_sink out = file_sink(1);
	int count = argc - optind, fd = a.report ? open_report(a.report) : -1;
	struct scale *s = calloc((size_t)count, sizeof(*s));

	if (!s)
		die(1, "SITES", "no memory", 0);
	if (!user_quiet_open(a.cpu))
		die(2, "-c", user_no_cpu(a.cpu), 0);
	user_environment(&env);
	for (int i = 0; i < count; i++) {
		s[i] = run_one(strtoul(argv[optind + i], NULL, 10), &a,
			       nop_table_for(ISA_X86_64, &env.cpu), n);
		scale_print(&s[i], env.tsc_hz, &out.sink);
		sink_printf(&out.sink, "\n");
	}
	put_sizes(s, count, &out.sink);
	if (a.report)
		put_report(fd, a.report, s, count, a.seed);
	if (out.sink.failed)
		die(1, "standard output", "cannot be written", errno);
	return 0;
}
