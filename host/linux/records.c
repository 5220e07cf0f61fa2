/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of layouts, and what is wrong with a record; see records.h. */
#include <stdarg.h>
#include <stdio.h>
#include "records.h"

const char *const alt_layout_names[ALT_LAYOUT_COUNT] = {
#define LAYOUT(name, bytes, what) #name,
	ALT_LAYOUTS(LAYOUT)
#undef LAYOUT
};

const char *const alt_layout_what[ALT_LAYOUT_COUNT] = {
#define LAYOUT(name, bytes, what) what,
	ALT_LAYOUTS(LAYOUT)
#undef LAYOUT
};

bool refuse_record(struct refusal *r, const char *section, size_t i,
		   uint64_t site, const char *format, ...)
{
	char reason[160];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	return refuse(r, "%s: record %zu, site at %#llx: %s", section, i,
		      (unsigned long long)site, reason);
}
