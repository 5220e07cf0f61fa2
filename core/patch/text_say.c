/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a text was refused, in words; see text_say.h. */
#include "lib/sink.h"
#include "patch/text_say.h"

void text_error_say(char *to, size_t room, const char *what, const struct text_error *e)
{
	if (e->record == TEXT_NO_RECORD)
		text_format(to, room, "%s: %s", what, e->why);
	else
		text_format(to, room, "%s: record %u, site at 0x%llx, type %u, %u bytes: %s",
			    what, (unsigned)e->record, (unsigned long long)e->addr,
			    e->type, e->len, e->why);
}
