/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line: what is to be measured, where, and the file for it. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../user.h"
#include "bench.h"
#include "plan/table_ops.h"

static const char usage[] =
"usage: bench-host [-o REPORT] [-c CPU] [-m FOLDER] ['KEY = VALUE']...\n"
"\n"
"Measures, as a process in ring 3 on the CPU that is here, what the application\n"
"measures in ring 0; less what ring 3 may not run, which is listed.\n"
"\n"
"  -o REPORT  write the report file there: \"running\" at once, all at the end\n"
"  -c CPU     run on that CPU, counted from 0; otherwise where it is started.  It\n"
"             is cpus = boot, and the first of cpus = all; numbers say themselves\n"
"             where, and go without\n"
"  -m FOLDER  where mixes are: FOLDER/NAME.json, FOLDER/KERNEL/NAME.json; otherwise\n"
"             results/mixes\n"
"  -h         this\n"
"\n"
"Keys are those of parapatch.cfg; report and exit are for the stick and mean\n"
"nothing here.\n";

static const char statuses[] =
"\n"
"Exit status: 0; 1 if a check failed or something could not be had; 2 for bad\n"
"arguments: then nothing was run.\n";

static _Noreturn void help(void)
{
	struct file_sink out = file_sink(1);
	struct wrap_sink s = wrap_sink(&out.sink);
	struct config preset;

	sink_text(&s.sink, usage);
#define NUMBER(key, preset, lowest, highest, what) \
	sink_printf(&s.sink, "  %-11s %u..%u: %s\n", #key, lowest##u, highest##u, what);
#define SET(key, list, preset, what) \
	sink_printf(&s.sink, "  %-11s names, or all: %s\n", #key, what);
#define CHOICE(key, list, preset, what) \
	sink_printf(&s.sink, "  %-11s a name: %s\n", #key, what);
#define NAMES(key, preset, what) \
	sink_printf(&s.sink, "  %-11s none here: %s\n", #key, what);
#define PATHS(key, preset, what) \
	sink_printf(&s.sink, "  %-11s none, all, or names: %s\n", #key, what);
#define PERCENT(key, preset, lowest, highest, what) \
	sink_printf(&s.sink, "  %-11s %u.%u%%..%u.%u%%: %s\n", #key, lowest##u / 10, \
		    lowest##u % 10, highest##u / 10, highest##u % 10, what);
#define CPUS(key, preset, what) \
	sink_printf(&s.sink, "  %-11s boot, all, or numbers: %s\n", #key, what);
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
	config_preset(&preset);
	sink_printf(&s.sink, "\nWhat holds where nothing is said:\n");
	config_print(&preset, &s.sink);
	sink_printf(&s.sink, "%s", statuses);
	exit(s.sink.failed);
}

static int read_cpu(const char *text)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || n > INT_MAX)
		die(2, text, "not the number of a CPU; write -c 0", 0);
	return (int)n;
}

static void set(struct config *c, const char *line, unsigned word)
{
	const struct config_origin from = { FROM_OPTIONS, word };
	struct config_error e;

	if (!config_set(c, line, strlen(line), from, &e))
		die(2, line, e.text, 0);
}

/* getopt's two complaints, in one line each. */
static _Noreturn void bad_option(int opt, const char *arg)
{
	const char letter[] = { '-', (char)optopt, '\0' };

	if (opt == ':')
		die(2, letter, "something must follow it; bench-host -h says what", 0);
	die(2, optopt ? letter : arg, "no such option; bench-host -h lists them", 0);
}

void arguments_read(struct arguments *a, int argc, char **argv)
{
	static const struct option known[] = {
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt;

	*a = (struct arguments){ .cpu = -1, .mixes = "results/mixes" };
	config_preset(&a->config);
	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":o:c:m:h", known, NULL)) != -1)
		switch (opt) {
		case 'o':
			a->report = optarg;
			break;
		case 'c':
			a->cpu = read_cpu(optarg);
			break;
		case 'm':
			a->mixes = optarg;
			break;
		case 'h':
			help();
		default:
			bad_option(opt, argv[optind - 1]);
		}
	for (int first = optind; optind < argc; optind++)
		set(&a->config, argv[optind], (unsigned)(optind - first + 1));
	config_settle(&a->config);
	if (config_name(a->config.modules, 0, (char [CONFIG_NAME_MAX + 1]){ 0 }))
		die(2, "modules", "only the application loads modules, at ring 0", 0);
	if (a->cpu >= 0 && config_cpus(&a->config) == CPUS_SOME)
		die(2, "-c", "cpus has the numbers of CPUs already; leave one of both out", 0);
}
