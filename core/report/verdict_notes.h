/* SPDX-License-Identifier: GPL-2.0-only */
/* How many verdicts there are below the table, and why those that are open are. */
#ifndef VERDICT_NOTES_H
#define VERDICT_NOTES_H

#include "lib/sink.h"
#include "run/run.h"

/* Nothing where nothing was compared. */
void verdict_notes(const struct run *r, struct sink *s);

#endif
