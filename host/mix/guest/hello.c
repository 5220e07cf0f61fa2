// SPDX-License-Identifier: GPL-2.0-only
/*
 * hello.c: the small program that "exec" and "sh" start: it writes 12 bytes to a standard
 * output that is closed, and exits with 0 if just that happened.
 */
#include <errno.h>
#include <unistd.h>

int main(void)
{
	return !(write(1, "hello there\n", 12) == -1 && errno == EBADF);
}
