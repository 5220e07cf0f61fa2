/* SPDX-License-Identifier: GPL-2.0-only */
/* How a complaint is put together: what is wrong, what was read, and the mend. */
#ifndef CONFIG_ERROR_H
#define CONFIG_ERROR_H

#include "config/config.h"
#include "lib/sink.h"
#include "span.h"

/**
 * config_wrong - begin: 'what "text"; ', of the text some 40 characters.
 *
 * Return: where the mend is to follow.
 */
struct memory_sink config_wrong(struct config_error *e, const char *what, struct span s);

/* End it; a mark where not all had room.  Return: false, for who returns it too. */
bool config_wrong_end(struct memory_sink *m);

#endif
