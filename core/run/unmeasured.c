/* SPDX-License-Identifier: GPL-2.0-only */
/* Why nothing was measured of a group, see unmeasured.h. */
#include "lib/sink.h"
#include "lib/string.h"
#include "run/unmeasured.h"
#include "workload/registry.h"
#include "workload/table.h"

static uint32_t all_dropped(const struct quality *q)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		n += q->dropped[i];
	return n;
}

enum unmeasured group_unmeasured(const struct group *g)
{
	const struct quality *q = &g->quality;

	if (group_taken(g))
		return UNMEASURED_NOT;
	if (!all_dropped(q))
		return UNMEASURED_UNTRIED;
	if (2 * (uint64_t)q->gap_own >= all_dropped(q))
		return UNMEASURED_VARIES;
	return workload_waits(workload_of(g->workload)) ? UNMEASURED_WAITS : UNMEASURED_MACHINE;
}

static void append(char *to, size_t room, const char *what)
{
	size_t at = string_length(to);

	text_format(to + at, room - at, "%s", what);
}

/* Which tries, and what to do if it is the wait that was too long. */
static void say_disturbed(const struct quality *q, bool waits, char *to, size_t room)
{
	char one[40];

	text_format(to, room, "the machine disturbed all of %u tries:", (unsigned)q->tried);
	for (unsigned i = 0; i < DROPPED_COUNT; i++) {
		if (!q->dropped[i])
			continue;
		text_format(one, sizeof(one), " %s %u", dropped_names[i],
			    (unsigned)q->dropped[i]);
		append(to, room, one);
	}
	if (waits)
		append(to, room, "; it waits, and is woken late: raise gap_us");
}

const char *unmeasured_text(const struct group *g, char *to, size_t room)
{
	const struct quality *q = &g->quality;
	enum unmeasured why = group_unmeasured(g);

	switch (why) {
	case UNMEASURED_NOT:
		return NULL;
	case UNMEASURED_UNTRIED:
		text_format(to, room, "nothing of it was timed");
		break;
	case UNMEASURED_VARIES:
		text_format(to, room, "its time cannot be told from disturbances, as it varies "
			    "by itself or lasts so long that a batch meets gaps of the clock: "
			    "%u of %u tries",
			    (unsigned)q->gap_own, (unsigned)q->tried);
		break;
	case UNMEASURED_MACHINE:
	case UNMEASURED_WAITS:
		say_disturbed(q, why == UNMEASURED_WAITS, to, room);
		break;
	}
	return to;
}
