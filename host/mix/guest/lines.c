// SPDX-License-Identifier: GPL-2.0-only
/*
 * lines.so: loaded before dbench or tbench, it sees each line of the load file being asked
 * for by fgets(), when all lines before it are done, and leaves the marks between lines: what
 * is in the region is their work alone, without the program's start and end.
 *
 * Environment: MIX_ROW the row's name; MIX_WARM lines before the region; MIX_UNITS units of
 * MIX_LINES lines in it.  Behind them the process ends with the row's last line on standard
 * error.  A load file that is too short is read from its begin again by dbench itself.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "counts.h"
#include "marker.h"

static unsigned long asked(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

/* line - that many lines are done. */
static void line(unsigned long done)
{
	static unsigned long warm, lines, units;
	static struct counts before;
	struct counts after;

	if (!lines) {
		warm = asked("MIX_WARM");
		units = asked("MIX_UNITS");
		lines = asked("MIX_LINES");
		if (!lines || !units) {
			fprintf(stderr, "row failed: MIX_LINES and MIX_UNITS are not set\n");
			_exit(1);
		}
	}
	if (done < warm || (done - warm) % lines)
		return;
	if (done == warm) {
		counts_read(&after);
		counts_read(&before);
		MIX_BEGIN();
		return;
	}
	MIX_UNIT();
	if (done < warm + lines * units)
		return;
	MIX_END();
	counts_read(&after);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	counts_print(getenv("MIX_ROW"), units, &before, &after);
	fflush(stdout);
	_exit(0);
}

char *fgets(char *to, int size, FILE *from)
{
	static char *(*next)(char *, int, FILE *);
	static unsigned long done;

	if (!next)
		next = (char *(*)(char *, int, FILE *))dlsym(RTLD_NEXT, "fgets");
	line(done++);
	return next(to, size, from);
}
