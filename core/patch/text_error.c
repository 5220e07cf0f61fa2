/* SPDX-License-Identifier: GPL-2.0-only */
/* What is refused and why, see text_error.h. */
#include "lib/sink.h"
#include "patch/text_error.h"

bool text_refuse(struct text_error *e, const struct text_where *w, size_t i,
		 const char *why)
{
	bool record = i != TEXT_NO_RECORD;

	*e = (struct text_error){
		.why = why, .record = i,
		.addr = record ? text_site_addr(w, i) : 0,
		.type = record ? w->sites[i].type : 0,
		.len = record ? w->sites[i].len : 0,
	};
	return false;
}

void text_error_say(char *to, size_t room, const char *what, const struct text_error *e)
{
	if (e->record == TEXT_NO_RECORD)
		text_format(to, room, "%s: %s", what, e->why);
	else
		text_format(to, room, "%s: record %u, site at 0x%llx, type %u, %u bytes: %s",
			    what, (unsigned)e->record, (unsigned long long)e->addr,
			    e->type, e->len, e->why);
}
