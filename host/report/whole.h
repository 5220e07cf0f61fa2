/* SPDX-License-Identifier: GPL-2.0-only */
/* A member that must be a certain whole number. */
#ifndef WHOLE_H
#define WHOLE_H

#include <jansson.h>
#include <stdint.h>
#include "checked.h"

/* @name: of what @o is. */
void check_whole(struct checked *sum, const char *name, const json_t *o, const char *key,
		 uint64_t want);

#endif
