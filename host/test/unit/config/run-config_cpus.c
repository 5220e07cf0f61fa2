/* SPDX-License-Identifier: GPL-2.0-only */
/* The key cpus: what is asked for. */
#include "configs.h"

static const struct {
	const char *value;
	enum cpus_id which;
	const char *printed;
	unsigned most;
	unsigned has, has_not;
} cases[] = {
	{ "boot", CPUS_BOOT, "boot", 0, 9999, 0 },
	{ "all", CPUS_ALL, "all", 0, 9999, 0 },
	{ "0", CPUS_SOME, "0", 0, 0, 1 },
	{ "  8\t3   0 ", CPUS_SOME, "8 3 0", 8, 3, 30 },
	{ "3 3", CPUS_SOME, "3 3", 3, 3, 33 },
	{ "007", CPUS_SOME, "007", 7, 7, 0 },
	{ "1023", CPUS_SOME, "1023", 1023, 1023, 102 },
};

int main(void)
{
	struct config_error e;
	struct config c;
	char line[600] = "cpus =";

	config_preset(&c);
	ok(config_cpus(&c) == CPUS_BOOT, "the preset is the boot CPU");
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[80];

		snprintf(text, sizeof(text), "cpus = %s", cases[i].value);
		config_preset(&c);
		ok(parse(&c, text, strlen(text), &e) && config_cpus(&c) == cases[i].which,
		   "cpus = %s", cases[i].value);
		ok(!strcmp(c.cpus, cases[i].printed), "is kept as \"%s\"", c.cpus);
		if (cases[i].which != CPUS_SOME)
			continue;
		ok(config_cpu_most(&c) == cases[i].most, "its highest is %u",
		   cases[i].most);
		ok(config_has_cpu(&c, cases[i].has) && !config_has_cpu(&c, cases[i].has_not),
		   "it has %u, and not %u", cases[i].has, cases[i].has_not);
	}
	for (unsigned i = 0; i < 200; i++)
		strcat(line, " 1");
	ok(!parse(&c, line, strlen(line), &e) && strstr(e.text, "of 127 characters"),
	   "more than there is room for: %s", e.text);
	ok(!strcmp(c.cpus, "1023"), "then it is as it was");
	return done();
}
