/* SPDX-License-Identifier: GPL-2.0-only */
/* One value, from its text to struct config. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "config_keys.h"

/**
 * key_parse - read a key's value.
 * @v: its text, blanks around it taken off.
 * @c: is set on success, else as it was; @e then says what is wrong, but not where.
 */
bool key_parse(const struct key *k, struct span v, struct config *c,
	       struct config_error *e);

#endif
