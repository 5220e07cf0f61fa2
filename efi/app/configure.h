/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be done: presets, \parapatch.cfg, what the starter hands over. */
#ifndef CONFIGURE_H
#define CONFIGURE_H

enum configured {
	CONFIGURED,		/* app.config is what is asked for */
	CONFIGURED_BADLY,	/* a line says why; of app.config exit counts */
	CONFIGURED_HELP,	/* the keys were printed; of app.config exit counts */
};

enum configured configure(void);

#endif
