/* SPDX-License-Identifier: GPL-2.0-only */
/* Why nothing was measured of a group, see unmeasured.h. */
#include "lib/sink.h"
#include "run/unmeasured.h"

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
	return 2 * (uint64_t)q->gap_own >= all_dropped(q)
		? UNMEASURED_VARIES : UNMEASURED_MACHINE;
}

const char *unmeasured_text(const struct group *g, char *to, size_t room)
{
	const struct quality *q = &g->quality;
	size_t at;

	switch (group_unmeasured(g)) {
	case UNMEASURED_NOT:
		return NULL;
	case UNMEASURED_UNTRIED:
		text_format(to, room, "nothing of it was timed");
		return to;
	case UNMEASURED_VARIES:
		text_format(to, room, "its time cannot be told from disturbances, as it varies "
			    "by itself or lasts so long that a batch meets gaps of the clock: "
			    "%u of %u tries",
			    (unsigned)q->gap_own, (unsigned)q->tried);
		return to;
	case UNMEASURED_MACHINE:
		break;
	}
	text_format(to, room, "the machine disturbed all of %u tries:", (unsigned)q->tried);
	for (unsigned i = 0; i < DROPPED_COUNT; i++) {
		for (at = 0; to[at]; at++)
			;
		if (q->dropped[i])
			text_format(to + at, room - at, " %s %u", dropped_names[i],
				    (unsigned)q->dropped[i]);
	}
	return to;
}
