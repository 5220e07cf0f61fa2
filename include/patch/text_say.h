/* SPDX-License-Identifier: GPL-2.0-only */
/* The line that says why a text was refused, the same for whoever opened or patched it. */
#ifndef TEXT_SAY_H
#define TEXT_SAY_H

#include <stddef.h>
#include "patch/text.h"

/**
 * text_error_say - "WHAT: record 3, site at 0x1000, type 2, 6 bytes: WHY".
 * @to, @room: the line; what has no room is cut.
 * @what: what could not be done.
 *
 * "WHAT: WHY" where it is about no record.
 */
void text_error_say(char *to, size_t room, const char *what, const struct text_error *e);

#endif
