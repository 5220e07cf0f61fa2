/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways of patching that the configuration asks for, tried one after the other. */
#ifndef TORTURE_WAY_H
#define TORTURE_WAY_H

#include "torture_state.h"

/**
 * torture_try_ways - from parked to parked; s->to has what each came to.
 *
 * Each is tried with a backend that counts its ops, so that none is lost and none is
 * done twice, and with the native one, whose forms are those that a handler of INT3 has
 * to know.  In both every op is looked at by who called it.
 */
void torture_try_ways(struct torture_state *s);

#endif
