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

/**
 * struct loading - what there is of a module on its way from its file to workloads.
 * @row:    its line in the report; why it is refused is put there.
 * @held:   what it has by now, to be given back where it is refused.
 * @own:    the application's text, whose tables its sites call by.
 * @nops:   what its sites are padded with.
 * @cpu:    whose features its alternatives ask for.
 * @file:   its bytes, as many as @len.
 * @staged: its text, put together beside the pages where it is stored afterwards.
 */
struct loading {
	struct run_module *row;
	struct held_module *held;
	const struct text_where *own;
	const struct nop_table *nops;
	struct features cpu;
	char *file;
	size_t len;
	uint8_t *staged;
	struct module module;
	struct module_sections sections;
};

/* False, and why: the row's. */
#define refuse(l, ...)							\
	(text_format((l)->row->why, sizeof((l)->row->why), __VA_ARGS__), false)

#endif
