/* SPDX-License-Identifier: GPL-2.0-only */
/* How far a run is, in words: whole, and as long as what it is drawn over. */
#include <string.h>
#include "report/progress.h"
#include "tap.h"

static const struct {
	const char *what, *text;
	struct run_progress p;
} cases[] = {
	{ "no budget", "", { .done = 3, .of = 9, .decided = 1, .left_s = 9 } },
	{ "before the first look", " 60 s left", { .budget = true, .left_s = 60 } },
	{ "two digits", " 61/80 decided, 33 s left",
	  { .budget = true, .decided = 61, .open = 19, .left_s = 33 } },
	{ "three digits", " 161/281 decided, 3600 s left",
	  { .budget = true, .decided = 161, .open = 120, .left_s = 3600 } },
	{ "the most", " 9999/9999 decided, 86400 s left",
	  { .budget = true, .decided = 9999, .left_s = 86400 } },
	{ "nothing is decided", " 0/7 decided, 0 s left", { .budget = true, .open = 7 } },
};

int main(void)
{
	char to[PROGRESS_ROOM], cut[8];

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *want = cases[i].text, *got;
		size_t n = strlen(want);

		got = progress_text(&cases[i].p, to, sizeof(to));
		if (!ok(got == to && !strncmp(got, want, n) && strspn(got + n, " ") ==
			strlen(got + n), "%s:%s", cases[i].what, want))
			diag("%s", got);
		ok(strlen(got) == (n ? PROGRESS_ROOM - 1 : 0), "it draws over what was there");
		progress_text(&cases[i].p, cut, sizeof(cut));
		ok(strlen(cut) == (n ? sizeof(cut) - 1 : 0), "and where there is less room");
	}
	return done();
}
