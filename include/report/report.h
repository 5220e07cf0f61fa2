/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run's three faces: the text table for people, key=value lines for whoever reads the
 * serial port, and the JSON file, which has everything.
 *
 * report/ only tells: what is told was computed before, in run/ and stats/.  Parts that
 * are no cells have headers of their own: environment_report.h, torture_report.h,
 * scale_report.h, fit.h.
 */
#ifndef REPORT_H
#define REPORT_H

#include "stats/anchor.h"
#include "machine/environment.h"
#include "lib/json.h"
#include "run/findings.h"
#include "run/run.h"
#include "lib/sink.h"

/* Changes when a field changes its meaning; new fields do not change it. */
#define REPORT_SCHEMA	"parapatch-report/3"

/* A run's anchors, held against published figures. */
struct anchors {
	struct anchor_check check[ANCHOR_COUNT];
	enum anchored all;
	char summary[ANCHOR_SUMMARY_ROOM];
};

/* Anchors that were not in the plan are not measured. */
void run_anchors(const struct run *r, const struct environment *env,
		 struct anchors *to);

/* The three faces of that. */
void anchors_table(const struct anchors *a, struct sink *s);
void anchors_lines(const struct anchors *a, struct sink *s);
void anchors_json(const struct anchors *a, struct json *j);

/**
 * report_table - tables in the shape of the seed's, one a layout and state:
 * normal, paravirt [+x%], paravirt-patch [+y% +- its interval] and the verdict, in
 * ticks an op; 80 columns.  Where the verdict is by the difference, that stands there,
 * in ticks: [+xt], [+yt +- its interval].  Each backend has rows of its own; cells of
 * other modes and paddings come behind, a row each.  A cell whose sites were kept has
 * no verdict: what became of them stands there.  Of several CPUs the first has rows.
 * @screen: its columns; the table of ops is wider than 80 where there is room.
 */
void report_table(const struct run *all, const struct environment *env, unsigned screen,
		  struct sink *to);

/**
 * report_lines - one "cell key=value ..." line a cell, fields of result_field.def.
 */
void report_lines(const struct run *r, const struct environment *env,
		  struct sink *s);

/* What became of the modules that were asked for: lines "module name=..." and
 * "module-applied name=..."; the report's "modules"; bytes that the latter does not
 * exceed. */
struct json;
void modules_lines(const struct run *r, struct sink *s);
void modules_json(const struct run *r, struct json *j);
size_t modules_room(const struct run *r);

/* What a run came to; a report's "status". */
enum report_status {
	REPORT_RUNNING, REPORT_FAILED, REPORT_CHECK_FAILED, REPORT_COMPLETE,
};
extern const char *const report_status_names[];

/**
 * report_status - failed: it ended early; check-failed: a cell, an op or the machine
 * failed its check, no batch of a group counts, or a module that was asked for is
 * not loaded; complete: none of these.
 * @r: NULL while the run is on.
 */
enum report_status report_status(const struct run *r,
				 const struct findings *found);

/**
 * report_json - the report file.
 * @r: NULL while the run is on: "status" is then "running" and there are no
 *     benchmarks.  "complete" after it; "check-failed" if a cell, an op or the
 *     machine failed its check; "failed", with "error" and what was measured
 *     until then, if it ended early.
 *
 * A superset of Google Benchmark's JSON: "context" and "benchmarks", with real
 * times in ns.  Source: Google Benchmark, "User Guide", "Output Formats".
 */
void report_json(const struct run *r, const struct config *c,
		 const struct environment *env, const struct findings *found,
		 struct sink *s);

/**
 * report_room - bytes that no JSON report of that plan exceeds, whatever is
 * measured in the blocks that its groups have: before a run, those of the first pass.
 * @r: planned.
 */
size_t report_room(const struct run *r);

#endif
