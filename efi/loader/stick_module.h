/* SPDX-License-Identifier: GPL-2.0-only */
/* One module of the stick: from its file to workloads. */
#ifndef STICK_MODULE_H
#define STICK_MODULE_H

#include "arch.h"
#include "held_module.h"
#include "run/run.h"

/* Where modules are on the stick. */
#define MODULE_FOLDER	"\\modules\\" ARCH_NAME

/**
 * module_bring - load one, with its sites open and its workloads added.
 * @row: its name is set; the rest is filled, row->why where it is refused.
 * @h:   zero; what it has.
 * @cpu: whose features its alternatives ask for.
 *
 * Return: false: it has nothing then; row->why says so where it could not be given
 * back.
 */
bool module_bring(struct run_module *row, struct held_module *h,
		  const struct text_where *own, const struct nop_table *nops,
		  struct features cpu);

#endif
