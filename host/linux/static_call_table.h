/* SPDX-License-Identifier: GPL-2.0-only */
/* Where static calls are, and their trampolines. */
#ifndef STATIC_CALL_TABLE_H
#define STATIC_CALL_TABLE_H

#include "spots.h"
#include "image.h"

void list_static_calls(const struct image *im, struct spots *s);
void list_trampolines(const struct image *im, struct spots *s);

#endif
