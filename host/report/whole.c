/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole numbers stated against computed, see whole.h. */
#include <inttypes.h>
#include <stdio.h>
#include "whole.h"

void check_whole(struct checked *sum, const char *name, const json_t *o, const char *key,
		 uint64_t want)
{
	const json_t *v = json_object_get(o, key);
	char is[24] = "missing", wanted[24];

	sum->numbers++;
	if (json_is_integer(v) && (uint64_t)json_integer_value(v) == want)
		return;
	sum->wrong++;
	if (json_is_number(v))
		snprintf(is, sizeof(is), "%.*f", json_is_integer(v) ? 0 : 6,
			 json_number_value(v));
	snprintf(wanted, sizeof(wanted), "%" PRIu64, want);
	differences_add(&sum->differences, name, key, is, wanted);
}
