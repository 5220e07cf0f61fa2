/* SPDX-License-Identifier: GPL-2.0-only */
/* The faces of what is known before a run, and of what the run found besides cells. */
#ifndef ENVIRONMENT_REPORT_H
#define ENVIRONMENT_REPORT_H

#include "lib/json.h"
#include "lib/sink.h"
#include "machine/environment.h"
#include "run/findings.h"

/* The members of the report's object "context". */
void environment_json(struct json *j, const struct environment *env);

/* Those that follow them there: "disturbed", "alternatives" and "ops_check". */
void findings_json(struct json *j, const struct findings *found);

/* The environment as lines: "parapatch <what> key=value ..." and "clock source=...
 * key=value ...", one a source. */
void environment_lines(const struct environment *env, struct sink *s);

#endif
