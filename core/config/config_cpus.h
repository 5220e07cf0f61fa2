/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs as a value of a key. */
#ifndef CONFIG_CPUS_H
#define CONFIG_CPUS_H

#include "config_keys.h"

/**
 * cpus_parse - boot, all, or numbers.
 * @out: CONFIG_NAMES_ROOM bytes: the words as they are, a blank between two.
 *
 * Return: false: @out is as it was; @e says what is wrong.
 */
bool cpus_parse(const struct key *k, struct span v, char *out, struct config_error *e);

#endif
