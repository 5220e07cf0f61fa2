/* SPDX-License-Identifier: GPL-2.0-only */
/* A pass: the application's text and every module's, by one backend in one mode. */
#ifndef CHECK_PASS_H
#define CHECK_PASS_H

#include "check/workload_check.h"
#include "run/run.h"

struct check_pass {
	enum backend_id backend;
	enum mode_id mode;
	enum padding_id padding;
	struct nop_table nops;
	bool again;			/* native cells, compared with the reference */
	/* What the reference leaves, by workload. */
	const struct reference *want[WORKLOAD_MAX];
	unsigned referred;		/* how many of them there are */
};

/* Of the same backend, the next.  Return: false if there is no such pass: a mode that
 * pads nothing cannot be padded otherwise. */
bool pass_begin(struct check_pass *p, const struct run *r, enum mode_id mode,
		enum padding_id padding);

/* Is a cell checked in this pass?  Poison is for every cell, whatever its own
 * padding, once. */
bool pass_has(const struct check_pass *p, const struct result *res);

#endif
