/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways in which a text of many sites is changed: what is timed, see scale.def. */
#ifndef SCALE_WAYS_H
#define SCALE_WAYS_H

#include "scale_text.h"

/* Each changes every site; @with: the instruction of a way that takes one. */
extern bool (*const scale_ways[SCALE_COUNT])(struct bench *k, const struct serialiser *with);

/* The text as the way is to find it: different from what it leaves. */
bool way_prepare(struct bench *k, enum scale_way way);

/* Does the text hold what the way is to leave? */
bool way_is_left(const struct bench *k, enum scale_way way);

#endif
