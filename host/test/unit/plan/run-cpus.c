/* SPDX-License-Identifier: GPL-2.0-only */
/* Which CPUs are asked for, and a plan for several. */
#include <stdlib.h>
#include <string.h>
#include "plan/cpus.h"
#include "plan/plan.h"

/* plan.h has a plan() too. */
#define plan tap_plan
#include "tap.h"
#undef plan

/* A machine of up to eight CPUs: the boot CPU, and which the firmware has switched off. */
static const struct case_of {
	const char *what, *asked;
	unsigned n, first, boot, off;	/* @off: as bits */
	const char *left, *why;		/* right; "" and what is said */
} cases[] = {
	{ "the boot CPU", "boot", 4, 0, 0, 0, "0", NULL },
	{ "the boot CPU, which is not the first", "boot", 4, 0, 2, 0, "2", NULL },
	{ "one CPU", "all", 1, 0, 0, 0, "0", NULL },
	{ "all", "all", 4, 0, 0, 0, "0 1 2 3", NULL },
	{ "all: the boot CPU goes first", "all", 4, 0, 2, 0, "2 0 1 3", NULL },
	{ "all, one of them off: it is in the list", "all", 4, 0, 0, 4, "0 1 2- 3", NULL },
	{ "some", "3 1", 4, 0, 0, 0, "1 3", NULL },
	{ "some, with the boot CPU", "3 1 2", 4, 0, 3, 0, "3 1 2", NULL },
	{ "twice", "1 1", 4, 0, 0, 0, "1", NULL },
	{ "numbers that do not begin with 0", "9", 4, 7, 7, 0, "9", NULL },
	{ "one off among some", "1 2", 4, 0, 0, 2, "1- 2", NULL },
	{ "one too many", "4", 4, 0, 0, 0, "",
	  "there is no CPU 4; this machine has 4, of numbers from 0 to 3" },
	{ "the least that is missing", "9 1 5", 4, 0, 0, 0, "",
	  "there is no CPU 5; this machine has 4, of numbers from 0 to 3" },
	{ "below the first", "0", 4, 7, 7, 0, "",
	  "there is no CPU 0; this machine has 4, of numbers from 7 to 10" },
	{ "none that can be had", "2", 4, 0, 0, 4, "",
	  "none that is asked for can be had: CPU 2: off" },
};

static unsigned fill(struct run_cpu *cpu, const struct case_of *k)
{
	memset(cpu, 0, 8 * sizeof(*cpu));
	for (unsigned i = 0; i < k->n; i++) {
		cpu[i].number = k->first + i;
		cpu[i].apic_id = 16 * i;
		cpu[i].boot = cpu[i].number == k->boot;
		if (k->off >> cpu[i].number & 1)
			strcpy(cpu[i].not_run, "off");
	}
	return k->n;
}

/* "0 1 2- 3": a - behind those that cannot be had. */
static void say(char *to, const struct run_cpu *cpu, unsigned n)
{
	*to = '\0';
	for (unsigned i = 0; i < n; i++)
		to += sprintf(to, "%s%u%s", i ? " " : "", cpu[i].number,
			      cpu[i].not_run[0] ? "-" : "");
}

static void test_choose(const struct case_of *k)
{
	char why[CPUS_WHY_ROOM] = "", left[80];
	struct run_cpu cpu[8];
	struct config c;
	unsigned n;

	config_preset(&c);
	strcpy(c.cpus, k->asked);
	n = cpus_choose(&c, cpu, fill(cpu, k), why);
	say(left, cpu, n);
	ok(!strcmp(left, k->left), "%s: %s", k->what, left);
	ok(!strcmp(why, k->why ? k->why : ""), "%s: \"%s\"", k->what, why);
}

/* Groups of a CPU, but for where they are timed and where their results are. */
static bool same_groups(const struct group *a, const struct group *b, size_t n,
			size_t cells)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].workload != b[i].workload || a[i].backend != b[i].backend
		    || a[i].layout != b[i].layout || a[i].state != b[i].state
		    || a[i].count != b[i].count || a[i].blocks != b[i].blocks
		    || a[i].first + cells != b[i].first)
			return false;
	return true;
}

/* Three CPUs, one of which cannot be had: twice as much as of one. */
static void test_plan(void)
{
	struct run_cpu cpu[3] = { { .number = 0, .boot = true }, { .number = 1 },
				  { .number = 7, .apic_id = 14 } };
	struct platform one = { .isa = ISA_X86_64 }, m = one;
	struct plan p1, p, first, again;
	struct config c;
	struct result *res;
	struct group *g;
	char name[GROUP_NAME_ROOM], at[GROUP_AT_ROOM];

	strcpy(cpu[1].not_run, "off");
	m.cpu = cpu;
	m.cpus = 3;
	config_preset(&c);
	p1 = plan(&c, &one, NULL, NULL);
	p = plan(&c, &m, NULL, NULL);
	ok(p1.cpus == 1 && p.cpus == 2, "two of three CPUs are planned for");
	ok(p.groups == 2 * p1.groups && p.cells == 2 * p1.cells,
	   "%zu groups, %zu cells: twice as many as for one", p.groups, p.cells);
	ok(p.asked == p1.asked && !memcmp(p.skipped, p1.skipped, sizeof(p.skipped)),
	   "what was asked for and is left out are said of one");
	first = plan_first_cpu(&p);
	again = plan_first_cpu(&first);
	ok(first.groups == p1.groups && first.cells == p1.cells && first.cpus == 1
	   && again.groups == p1.groups && again.cpus == 1, "the first one's part is that of one");
	g = calloc(p.groups, sizeof(*g));
	res = calloc(p.cells, sizeof(*res));
	plan(&c, &m, g, res);
	ok(same_groups(g, g + p1.groups, p1.groups, p1.cells),
	   "the second CPU's are behind the first's, and the same");
	ok(g[0].cpu == 0 && g[0].on == &cpu[0] && g[p1.groups].cpu == 2
	   && g[p1.groups].on == &cpu[2] && group_cpu(&g[p1.groups]) == 7,
	   "each knows its CPU");
	group_name(name, sizeof(name), &g[p1.groups]);
	ok(!strcmp(name + strlen(name) - 2, "@7"), "by name: %s", name);
	ok(!*group_at(at, &g[0]), "the boot CPU's have no mark");
	free(g);
	free(res);
}

int main(void)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_choose(&cases[i]);
	test_plan();
	return done();
}
