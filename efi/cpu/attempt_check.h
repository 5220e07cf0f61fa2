/* SPDX-License-Identifier: GPL-2.0-only */
/* The attempt, tried. */
#ifndef ATTEMPT_CHECK_H
#define ATTEMPT_CHECK_H

/**
 * attempt_check - do #UD, #DE, #BP and #DB end one?
 *
 * Before each the flags, the data segments and all registers but the stack pointer are made
 * others.
 *
 * Return: NULL: they do, with vector and address, and all is as before.  Else what is not
 * so, to follow "the guard does not".
 */
const char *attempt_check(void);

#endif
