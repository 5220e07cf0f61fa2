// SPDX-License-Identifier: GPL-2.0-only
/*
 * row.c: main() of every row: warm-up, marks, and the kernel's own counts around them.
 *
 *	ROW [UNITS] [ARGUMENT...]
 *
 * Nothing is printed before the region's end: a serial console would go on sending, and
 * interrupt, within it.  The last line is that of counts.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counts.h"
#include "marker.h"
#include "row.h"

/* A row's own child must not go on in the parent's place. */
static pid_t main_pid;

void need(bool good, const char *what)
{
	int why = errno;

	if (good)
		return;
	printf("row %s failed: %s%s%s%s\n", row.name, getpid() == main_pid ? "" : "(child) ",
	       what, why ? ": " : "", why ? strerror(why) : "");
	fflush(stdout);
	_exit(1);
}

bool read_all(int fd, void *to, size_t bytes)
{
	for (char *at = to; bytes;) {
		ssize_t n = read(fd, at, bytes);

		if (n <= 0)
			return false;
		at += n;
		bytes -= n;
	}
	return true;
}

bool write_all(int fd, const void *from, size_t bytes)
{
	for (const char *at = from; bytes;) {
		ssize_t n = write(fd, at, bytes);

		if (n <= 0)
			return false;
		at += n;
		bytes -= n;
	}
	return true;
}

int answer(int from, int to, size_t bytes)
{
	char token[16];
	ssize_t n;

	while ((n = read(from, token, bytes)) == (ssize_t)bytes)
		if (write(to, token, bytes) != (ssize_t)bytes)
			return 1;
	return n != 0;
}

void ask(int to, int from)
{
	static unsigned char byte;
	unsigned char back = ~++byte;

	need(write(to, &byte, 1) == 1, "one byte cannot be sent");
	need(read(from, &back, 1) == 1, "one byte does not come back");
	errno = 0;
	need(back == byte, "another byte came back than was sent");
}

pid_t partner(int (*work)(void))
{
	pid_t child = fork();

	need(child >= 0, "fork");
	if (!child)
		_exit(work());
	return child;
}

void ended_well(pid_t child)
{
	int status;

	need(waitpid(child, &status, 0) == child, "waitpid");
	errno = 0;
	need(WIFEXITED(status) && !WEXITSTATUS(status), "a child did not exit with 0");
}

/* A whole number, or 0. */
static unsigned number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	return *end || n > 1000000 ? 0 : n;
}

int main(int argc, char **argv)
{
	struct counts before, after;
	unsigned units = argc > 1 ? number(argv[1]) : row.units;

	main_pid = getpid();
	errno = 0;
	need(units, "UNITS is a number from 1 to 1000000");
	/* A partner that is gone is an error of a write, and not the end. */
	signal(SIGPIPE, SIG_IGN);
	if (row.start)
		row.start(argv + (argc > 1 ? 2 : 1));
	for (unsigned i = 0; i < row.warm; i++)
		row.unit();
	if (row.settle)
		row.settle();
	/* Once for the pages it touches, once for what is counted. */
	counts_read(&after);
	counts_read(&before);
	MIX_BEGIN();
	for (unsigned i = 0; i < units; i++) {
		row.unit();
		if (row.settle && i + 1 == units)
			row.settle();
		MIX_UNIT();
	}
	MIX_END();
	counts_read(&after);
	if (row.end)
		row.end();
	counts_print(row.name, units, &before, &after);
	return fflush(stdout) ? 1 : 0;
}
