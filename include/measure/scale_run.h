/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching at scale, timed: see scale.h for what is filled. */
#ifndef SCALE_RUN_H
#define SCALE_RUN_H

#include "measure/scale.h"

/**
 * scale_run - make the text, and time every way in each round, in an order drawn.
 * @s:      filled.  @s->machine->writer stores to @memory, in its plain place.
 * @memory: scale_room(@s->sites) bytes, which may be written to.
 *
 * Before each timing the text is as it was built, so that every way changes it; and
 * after it the text must hold what the way is to leave.
 *
 * Return: NULL, or what went wrong; then nothing in @s counts.
 */
const char *scale_run(struct scale *s, void *memory);

#endif
