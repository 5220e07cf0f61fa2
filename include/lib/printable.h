/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings of firmware and of CPUs, made safe to print. */
#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <stddef.h>

/**
 * printable - copy a string from a source that cannot be trusted.
 * @to:   always terminated.
 * @room: bytes of @to, at least 1; what does not fit is cut.
 * @from, @len: the string; it ends at its first zero byte, or at @len.
 *
 * What is not printable ASCII becomes '?', and a double quote a single one, so
 * that the result can stand in quotes.  Blanks at both ends are dropped.
 */
void printable(char *to, size_t room, const void *from, size_t len);

#endif
