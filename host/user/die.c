/* SPDX-License-Identifier: GPL-2.0-only */
/* The end, in one line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user.h"

static const char *program = "";

void user_program(const char *name)
{
	program = name;
}

_Noreturn void die(int status, const char *what, const char *why, int error)
{
	fprintf(stderr, "%s: %s: %s%s%s\n", program, what, why, error ? ": " : "",
		error ? strerror(error) : "");
	exit(status);
}
