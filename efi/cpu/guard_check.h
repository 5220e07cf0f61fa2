/* SPDX-License-Identifier: GPL-2.0-only */
/* The guard, tried. */
#ifndef GUARD_CHECK_H
#define GUARD_CHECK_H

/**
 * guard_check - does it do what it says?  Opens and closes a guard.
 *
 * A #UD and a #GP are made and must be caught; an INT 2 must be counted, and an
 * INT of a vector without a device too (it is not handed on, and both are taken
 * out of the counts again); IDTR must be as before.
 *
 * Return: NULL, or what the guard does not do, to follow "the guard does not".
 */
const char *guard_check(void);

#endif
