/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said about a run that failed, see run_error.h. */
#include "lib/sink.h"
#include "patch/text_error.h"
#include "run/run_error.h"

bool run_fail(struct run_error *e, const char *what)
{
	text_format(e->text, sizeof(e->text), "%s", what);
	return false;
}

bool run_fail_text(struct run_error *e, const char *what, const struct text_error *t)
{
	text_error_say(e->text, sizeof(e->text), what, t);
	return false;
}
