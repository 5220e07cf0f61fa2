/* SPDX-License-Identifier: GPL-2.0-only */
/* The report on its way out: to the screen, the serial ports and the stick. */
#ifndef REPORT_OUT_H
#define REPORT_OUT_H

#include "config/config.h"
#include "firmware/report_file.h"
#include "machine/environment.h"
#include "run/findings.h"
#include "run/run.h"

/**
 * struct report_out - a report on the stick, if the configuration asks for one.
 * @config, @env, @found: what it says besides its cells.
 * @file:  made only where one was asked for and could be had.
 * @saved: of what was last tried.
 */
struct report_out {
	const struct config *config;
	const struct environment *env;
	const struct findings *found;
	struct report_file file;
	EFI_STATUS saved;
};

/**
 * report_out_begin - before the run: a file that says "running", with room for all.
 * @o: config, env and found are set; the rest is filled.
 */
void report_out_begin(struct report_out *o, const struct run *r);

/**
 * report_out_end - the report in its place.
 *
 * A line says where it is, or why it is nowhere: then it went to the serial port, or to
 * the screen, alone.
 */
void report_out_end(struct report_out *o, const struct run *r);

/* The table for people, lines for programs. */
void report_out_print(const struct report_out *o, const struct run *r);

#endif
