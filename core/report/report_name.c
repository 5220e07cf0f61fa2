/* SPDX-License-Identifier: GPL-2.0-only */
/* A report's name, see report_name.h. */
#include <stdint.h>
#include "machine/cpuid.h"
#include "report/report_name.h"
#include "lib/sink.h"

static bool is_safe(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
		|| (c >= 'a' && c <= 'z');
}

void report_name(char to[REPORT_NAME_ROOM], const struct cpu_id *id,
		 const char *arch, unsigned number, bool running)
{
	char vendor[sizeof(id->vendor)];
	size_t n;

	for (n = 0; n < sizeof(vendor) - 1 && id->vendor[n]; n++)
		vendor[n] = is_safe(id->vendor[n]) ? id->vendor[n] : '_';
	vendor[n] = '\0';
	text_format(to, REPORT_NAME_ROOM, "%s-%02x-%02x-%x-%s-%04u%s.json",
		    n ? vendor : "unknown", id->family, id->model, id->stepping,
		    arch, number, running ? "-running" : "");
}
