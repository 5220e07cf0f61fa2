/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registry: every workload by its number, those of workload.def and behind them
 * those that were added.  A cell, a plan and a report have the ones as the others; this
 * is the one place that knows where they are.  What was added stays: its row outlives
 * the text it came in, for the report; its code does not.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include <stdbool.h>
#include "workload/workload.h"

struct text;

/* Rooms for the names and words of what is added; what is longer is cut. */
#define REGISTRY_NAME_ROOM	72
#define REGISTRY_COLUMN_ROOM	17
#define REGISTRY_WHAT_ROOM	160

/* The row of a workload, and how many there are: ids are less than that. */
const struct workload *workload_of(unsigned id);
unsigned workload_end(void);

/* The text a workload is in: @own, or the one it was added with; NULL: that is gone. */
const struct text *text_of(unsigned id, const struct text *own);

/**
 * loaded_add - workloads behind those there are.
 * @owner: they are called "owner:workload".
 * @row:   @count of them; copied, with their strings.
 * @code:  of convention c and row w: code[c * count + w]; copied.
 * @text:  their sites, open.
 *
 * WORKLOADS_LOADED_MAX of modules, WORKLOADS_MIX_MAX of mixes, WORKLOADS_PATH_MAX paths.  All
 * rows are of one of these.
 *
 * Return: false if there is no room for all; then none was added.
 */
bool loaded_add(const char *owner, const struct workload *row, unsigned count,
		const struct workload_code *code, const struct text *text);

/* Is it a mix, or the gaps of one? */
static inline bool workload_is_of_mix(unsigned id)
{
	return kind_is_of_mix(workload_of(id)->kind);
}

/* What a convention made of one of those; code_of() knows all. */
const struct workload_code *loaded_code(unsigned convention, unsigned id);

/* That text is gone: nothing of it is to be run any more. */
void loaded_gone(const struct text *text);

#endif
