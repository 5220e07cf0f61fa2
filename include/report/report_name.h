/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report's name on the stick: the CPU, the architecture, a number.
 *
 * Names sort by that number, and by age.  A report of a run that is on, or did not end,
 * is called "-running" behind its number, and stands before the one that takes its place.
 */
#ifndef REPORT_NAME_H
#define REPORT_NAME_H

#include <stdbool.h>
#include <stddef.h>

struct cpu_id;

#define REPORT_NUMBER_MAX	9999u
#define REPORT_NAME_ROOM	64

/**
 * report_name - "GenuineIntel-06-9e-a-x86_64-0001.json".
 * @number:  1 to REPORT_NUMBER_MAX.
 * @running: with "-running" behind the number.
 *
 * Of the vendor only letters and digits are taken, others become '_': what FAT
 * forbids, blanks and dots that it drops at an end, and the '-' between the parts.  One
 * that is empty is "unknown".  What it really is, the report says.
 */
void report_name(char to[REPORT_NAME_ROOM], const struct cpu_id *id,
		 const char *arch, unsigned number, bool running);

#endif
