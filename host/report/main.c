/* SPDX-License-Identifier: GPL-2.0-only */
/* report: what reports of the application say, computed again from raw ticks. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "counts.h"

/* Exit statuses. */
enum { GOOD, DIFFERS, BAD_INPUT };

static const char usage[] =
"usage: report [--only REGEX] [--csv] FILE...\n"
"\n"
"One FILE: every cell again from its raw ticks: median over offsets, ratio to the\n"
"native cell (without one to what the report compares with), 95% bootstrap\n"
"interval, verdict; and the application's verdict.\n"
"Several of one machine: how far they agree.  Where the clock counts instructions, the\n"
"numbers themselves; and what is not alike.\n"
"\n"
"  --only REGEX  groups whose name holds this (a POSIX extended expression)\n"
"  --csv         comma separated, a line a cell\n"
"\n"
"exit status: 0; 1 if numbers in a report are not what its raw ticks give, with a\n"
"line for each kind of them: the first place, and how many more; 2 if a file or an\n"
"option cannot be used: then nothing is printed but one line that says why.\n";

static bool options(int argc, char **argv, struct options *o, regex_t *only)
{
	static const struct option known[] = {
		{ "only", required_argument, NULL, 'o' },
		{ "csv", no_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (opt) {
		case 'o':
			if (o->only)
				regfree(only);
			o->only = NULL;
			if (regcomp(only, optarg, REG_EXTENDED | REG_NOSUB)) {
				fprintf(stderr, "report: --only \"%s\" is not an "
					"extended expression\n", optarg);
				return false;
			}
			o->only = only;
			break;
		case 'c':
			o->csv = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(GOOD);
		default:
			return false;	/* getopt has said why */
		}
	if (optind == argc)
		fprintf(stderr, "report: no FILE; report --help says more\n");
	return optind < argc;
}

static const char *clock_of(const struct report *r)
{
	return r->step ? "counts of instructions" : "times";
}

/* Reports that can be laid side by side, or a complaint. */
static bool read_all(struct report *r, unsigned *read, char *const *path,
		     unsigned n, struct complaint *c)
{
	for (*read = 0; *read < n; ++*read) {
		if (!report_read(&r[*read], path[*read], c))
			return false;
		if (strcmp(r[*read].cpu, r[0].cpu)) {
			complain(c, "is of %s, but %s is of %s: give reports of one "
				 "machine", r[*read].cpu, r[0].path, r[0].cpu);
			++*read;
			return false;
		}
		if (!r[*read].step != !r[0].step) {
			complain(c, "has %s, but %s has %s: give reports of one clock",
				 clock_of(&r[*read]), r[0].path, clock_of(&r[0]));
			++*read;
			return false;
		}
	}
	return true;
}

static bool any_chosen(const struct report *r, const struct options *o)
{
	for (size_t g = 0; g < r->groups; g++)
		if (chosen(o, &r->group[g]))
			return true;
	fprintf(stderr, "report: --only: no group of %s has such a name; the first is "
		"\"%s\"\n", r->path, r->groups ? r->group[0].name : "");
	return false;
}

static int show(const struct report *r, unsigned reports, const struct options *o)
{
	struct checked sum = { .numbers = 0 };

	if (!any_chosen(r, o))
		return BAD_INPUT;
	if (r->step && reports == 1)
		print_counts(r, o, &sum);
	else if (r->step)
		print_counts_spread(r, reports, o, &sum);
	else if (reports == 1)
		print_report(r, o, &sum);
	else
		print_spread(r, reports, o, &sum);
	if (!o->csv)
		printf("%u of %u numbers stated follow from the raw ticks\n",
		       sum.numbers - sum.wrong, sum.numbers);
	return sum.wrong ? DIFFERS : GOOD;
}

int main(int argc, char **argv)
{
	struct options o = { false, NULL };
	struct complaint c;
	struct report *r;
	regex_t only;
	unsigned n, read;
	int status = BAD_INPUT;

	if (!options(argc, argv, &o, &only))
		return BAD_INPUT;
	n = (unsigned)(argc - optind);
	r = calloc(n, sizeof(*r));
	if (!r)
		abort();
	if (read_all(r, &read, argv + optind, n, &c))
		status = show(r, n, &o);
	else
		fprintf(stderr, "%s\n", c.text);
	while (read-- > 0)
		report_free(&r[read]);
	free(r);
	if (o.only)
		regfree(&only);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "report: standard output cannot be written\n");
		return BAD_INPUT;
	}
	return status;
}
