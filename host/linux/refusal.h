/* SPDX-License-Identifier: GPL-2.0-only */
/* Why something was refused. */
#ifndef REFUSAL_H
#define REFUSAL_H

#include <stdbool.h>

/* Why something was refused: one line without file name and line end. */
struct refusal {
	char why[256];
};

/* Writes @r; returns false, for "return refuse(...)". */
__attribute__((format(printf, 2, 3)))
bool refuse(struct refusal *r, const char *format, ...);

/* Names of sections are the file's: is it one of ASCII that is seen? */
bool is_printable(char c);

#endif
