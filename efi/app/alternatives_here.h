/* SPDX-License-Identifier: GPL-2.0-only */
/* The application's own alternatives, for as long as it measures. */
#ifndef ALTERNATIVES_HERE_H
#define ALTERNATIVES_HERE_H

#include "machine/environment.h"
#include "patch/text.h"
#include "run/findings.h"

/**
 * alternatives_begin - apply the application's alternatives, for the CPU that is here.
 * @t: its text, open and as built; needed until alternatives_end().
 * @env: whose CPU it is.
 * @found: how many there are, and what fails, is put there.
 *
 * Return: false: nothing was changed, and a line says why.
 */
bool alternatives_begin(const struct text *t, const struct environment *env,
			struct findings *found);

/* Puts the built bytes back.  Return: NULL, or what went wrong. */
const char *alternatives_end(void);

/* Gives its memory back where alternatives_end() did not come to it; the text stays as it
 * is then. */
void alternatives_put(void);

#endif
