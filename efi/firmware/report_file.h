/* SPDX-License-Identifier: GPL-2.0-only */
/* A report on the stick, from the first line of it to the last. */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include <efi.h>
#include <stdbool.h>
#include <stddef.h>
#include "machine/environment.h"

/* A report on the stick: a file that says "running" and has room for the report of
 * the first pass, in whose place the report comes. */
struct report_file {
	CHAR16 path[80], running[80];
	char name[80];		/* path, for people */
	char running_name[80];
	size_t room;		/* bytes that the running one has */
	bool made;
	bool left_running;	/* it could not be removed */
};

/**
 * report_file_make - take a number nobody has, and room for a report.
 * @env: its name is of that CPU, and of the application's architecture.
 * @running: a report with status "running"; padded with spaces to @room bytes, so
 *        that a final report of as many never needs a cluster that may not be there.
 *
 * Return: an error where nothing can be saved; then nothing is left behind.
 */
EFI_STATUS report_file_make(struct report_file *f, const struct environment *env,
			    const char *running, size_t len, size_t room);

/**
 * report_file_finish - the report, in the place of the running one; read back.
 *
 * It is a new file, and the running one is removed after it was read back: what is
 * rewritten in place does not reach every disk (QEMU's fat:rw: loses it).
 * Where a new file cannot be had, for want of room, it is rewritten in place all the
 * same, and renamed.  At any moment one of the two is whole; one that is longer than
 * the running one was, and finds the stick full, leaves that saying "running".
 *
 * @f: its name is the report's afterwards; left_running is set.
 * @room: of @bytes, behind which spaces may be put.
 *
 * Return: EFI_CRC_ERROR where it does not read back as written.
 */
EFI_STATUS report_file_finish(struct report_file *f, char *bytes, size_t len,
			      size_t room);

#endif
