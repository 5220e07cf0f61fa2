/* SPDX-License-Identifier: GPL-2.0-only */
/* A module that is being loaded.  Private to loader/. */
#ifndef LOADING_H
#define LOADING_H

#include "held_module.h"
#include "lib/sink.h"
#include "machine/feature.h"
#include "module/module.h"
#include "patch/nop.h"
#include "run/run.h"

struct loading {
	struct run_module *row;
	struct held_module *held;
	const struct text_where *own;
	const struct nop_table *nops;
	struct features cpu;
	char *file;
	size_t len;
	uint8_t *staged;		/* its text, before it is stored */
	struct module module;
	struct module_sections sections;
};

/* False, and why: the row's. */
#define refuse(l, ...)							\
	(text_format((l)->row->why, sizeof((l)->row->why), __VA_ARGS__), false)

#endif
