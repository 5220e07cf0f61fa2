/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of the table's ops: lines, members of the report, and two sentences. */
#ifndef OP_REPORT_H
#define OP_REPORT_H

#include "lib/json.h"
#include "op_rows.h"

/* A line "parapatch op name=..." for each that was asked for, and one of all. */
void ops_lines(const struct run *r, const struct environment *env, struct sink *s);

/* "ops", "exits" and "record"; nothing where no op was asked for. */
void ops_json(const struct run *r, const struct environment *env, struct json *j);
/* Bytes that they do not exceed, of a run that is planned. */
size_t ops_room(const struct run *r);

/* The names of those of one word, "cpuid, write_cr4"; nothing where there are none. */
void exits_names_say(const struct run *r, const struct environment *env, enum exits e,
		     struct sink *s);

/* Which ops exit, or why that is not told: a sentence without its end. */
void exits_say(const struct run *r, const struct environment *env, struct sink *s);

/* For how many of them no figure is on record: likewise. */
void record_say(const struct run *r, const struct environment *env, struct sink *s);

/* Is there something to hold them against: an emulator has some model's name, and no
 * model's clock; instructions are no cycles. */
bool has_record(const struct run *r);

#endif
