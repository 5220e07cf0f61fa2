/* SPDX-License-Identifier: GPL-2.0-only */
/* Why nothing was measured of a group. */
#ifndef UNMEASURED_H
#define UNMEASURED_H

#include "plan/group.h"

/* Why no batch of a group counts. */
enum unmeasured {
	UNMEASURED_NOT,		/* some do */
	UNMEASURED_UNTRIED,	/* its cells were refused, or the run had ended */
	UNMEASURED_MACHINE,	/* it was disturbed: at a quieter time, in another place
				 * it would have done better */
	UNMEASURED_VARIES,	/* in half of the tries or more nothing was too long but
				 * what varies by itself, or lasts so long that a batch
				 * meets gaps of the clock (vary.h): it would not have */
	UNMEASURED_WAITS,	/* it was disturbed, and its op waits: what wakes that is
				 * late on many machines that run all else well */
};
enum unmeasured group_unmeasured(const struct group *g);

/* The same to follow "not measured: ".  NULL: it was. */
#define UNMEASURED_ROOM	240
const char *unmeasured_text(const struct group *g, char *to, size_t room);

#endif
