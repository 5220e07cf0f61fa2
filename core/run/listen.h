/* SPDX-License-Identifier: GPL-2.0-only */
/* What the run does to listen, see run/heard.h for what comes of it. */
#ifndef CORE_LISTEN_H
#define CORE_LISTEN_H

#include "run/arena.h"
#include "run/run.h"
#include "run/run_error.h"

/* Ticks for which the clock alone is read before the run: two fifths of what there is to
 * listen, or as long as behind the run if that is longer.  Twins have the other three. */
uint64_t listen_watch(const struct run *r);

/**
 * listen_to_twins - time references beside their twins, and say what to expect.
 * @r: its cells are checked, r->before is there; fills r->listened.  The beginning of
 *     r->batches is used, and of no use afterwards.
 * @a: open.
 *
 * Nothing without r->listen_ticks, or where the clock counts instructions.  What is
 * listened to has no place in the report's results: the run times it again.
 *
 * Return: false if the run must end.
 */
bool listen_to_twins(struct run *r, struct arena *a, struct run_error *e);

/* After summarise(): what was reached of it. */
void listen_reached(struct run *r);

#endif
