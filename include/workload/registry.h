/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workloads of modules.  Their ids follow those of workload.def, so a cell, a plan
 * and a report have them as any other; this is the one place that knows where they
 * are.  What is added stays until loaded_clear(): its row outlives the module, for
 * the report; its code does not.
 */
#ifndef LOADED_H
#define LOADED_H

#include "module/module_info.h"
#include "patch/text.h"

struct loaded_workload {
	struct workload row;		/* its strings are the ones below */
	char name[MODULE_NAME_MAX + 1 + MODULE_WORKLOAD_MAX + 1];
	char column[17], what[160];
	const struct text *text;	/* of its module; NULL: that is unloaded */
	struct workload_code code[CONVENTION_COUNT];
};

/* In workload.c; loaded_add() fills them. */
extern struct loaded_workload loaded_workloads[WORKLOADS_LOADED_MAX];
extern unsigned loaded_count;

/**
 * loaded_add - a module's workloads behind those there are.
 * @info: as module_info_check() returned it; copied.
 * @text: the module's sites, open.
 *
 * They are called "module:workload".  Return: false if there is no room for all;
 * then none was added.
 */
bool loaded_add(const struct module_info *info, const struct text *text);

/* The module of that text is unloaded: nothing of it is to be run any more. */
void loaded_gone(const struct text *text);

/* None is left. */
void loaded_clear(void);

/* What a convention made of a workload, of the list or of a module; its pointers
 * are NULL where there is nothing. */
const struct workload_code *code_of(unsigned convention, unsigned id);

/* The text a workload is in: @own, or its module's. */
const struct text *text_of(unsigned id, const struct text *own);

#endif
