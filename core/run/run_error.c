/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said about a run that failed, see run_error.h. */
#include "lib/sink.h"
#include "run/run_error.h"

bool run_fail(struct run_error *e, const char *what)
{
	text_format(e->text, sizeof(e->text), "%s", what);
	return false;
}

bool run_fail_text(struct run_error *e, const char *what, const struct text_error *t)
{
	if (t->record == TEXT_NO_RECORD)
		text_format(e->text, sizeof(e->text), "%s: %s", what, t->why);
	else
		text_format(e->text, sizeof(e->text),
			    "%s: record %u, site at 0x%llx, type %u, %u bytes: %s",
			    what, (unsigned)t->record,
			    (unsigned long long)t->addr, t->type, t->len, t->why);
	return false;
}
