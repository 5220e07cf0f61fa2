/* SPDX-License-Identifier: GPL-2.0-only */
/* How far a run is, in words; see progress.h. */
#include "lib/sink.h"
#include "report/progress.h"

static void pad(char *to, size_t room)
{
	size_t n = 0;

	while (n < room - 1 && to[n])
		n++;
	while (n < room - 1)
		to[n++] = ' ';
	to[n] = '\0';
}

const char *progress_text(const struct run_progress *p, char *to, size_t room)
{
	to[0] = '\0';
	if (!p->budget)
		return to;
	if (p->decided || p->open)
		text_format(to, room, " %u/%u decided, %u s left", p->decided,
			    p->decided + p->open, p->left_s);
	else
		text_format(to, room, " %u s left", p->left_s);
	pad(to, room < PROGRESS_ROOM ? room : PROGRESS_ROOM);
	return to;
}
