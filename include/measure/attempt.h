/* SPDX-License-Identifier: GPL-2.0-only */
/* Code under test, run where an exception in it ends no more than itself. */
#ifndef MEASURE_ATTEMPT_H
#define MEASURE_ATTEMPT_H

#include "measure/platform.h"

/**
 * machine_attempt - @fn(@arg), by the machine's attempt; where it has none, as it is.
 * @m: in a quiet window.
 * @f: filled where false is returned.
 *
 * What @fn began and did not end is the caller's to end: end_passes().
 *
 * Return: false: an exception ended it.
 */
static inline bool machine_attempt(const struct platform *m, void (*fn)(void *arg),
				   void *arg, struct fault *f)
{
	if (m->attempt)
		return m->attempt(m->ctx, fn, arg, f);
	fn(arg);
	return true;
}

#endif
