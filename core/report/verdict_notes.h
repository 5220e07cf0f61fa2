/* SPDX-License-Identifier: GPL-2.0-only */
/* How many verdicts there are below the table, and why those that are open are. */
#ifndef VERDICT_NOTES_H
#define VERDICT_NOTES_H

#include "lib/sink.h"
#include "run/run.h"

/* "1%", "0.5%": PRECISION_ROOM bytes do. */
#define PRECISION_ROOM	16
const char *precision_text(char *to, size_t room, const struct run *r);

/* Nothing where nothing was compared. */
void verdict_notes(const struct run *r, struct sink *s);

#endif
