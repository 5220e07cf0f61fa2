/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be done: presets, \parapatch.cfg, what the starter hands over. */
#ifndef CONFIGURE_H
#define CONFIGURE_H

#include "config/config.h"

enum configured {
	CONFIGURED,		/* the configuration is what is asked for */
	CONFIGURED_BADLY,	/* a line says why; of the configuration exit counts */
	CONFIGURED_HELP,	/* the keys were printed; of the configuration exit counts */
};

/**
 * configure - fill @c: presets, then the file, then the load options; and say it.
 *
 * The console knows whether a program reads along (console_is_read()).
 */
enum configured configure(struct config *c);

#endif
