/* SPDX-License-Identifier: GPL-2.0-only */
/* Passes over the application's text, see check_pass.h. */
#include "check_pass.h"

bool pass_begin(struct check_pass *p, const struct run *r, enum mode_id mode,
		enum padding_id padding)
{
	p->mode = mode;
	p->padding = padding;
	p->nops = nop_padding(r->nops, padding);
	return padding == PADDING_long || modes[mode].pads;
}

bool pass_has(const struct check_pass *p, const struct result *res)
{
	const struct cell *c = &res->cell;

	return c->backend == p->backend && c->mode == p->mode && !res->refused
		&& (c->padding == p->padding || p->padding == PADDING_poison);
}
