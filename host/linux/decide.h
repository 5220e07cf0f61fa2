/* SPDX-License-Identifier: GPL-2.0-only */
/* Which alternatives are copied to their sites, by the features of a CPU. */
#ifndef DECIDE_H
#define DECIDE_H

#include "applied.h"
#include "patch/nop.h"

/* The alternatives, into a->alts; stores nothing. */
bool alternatives_decide(const struct kernel *k, const struct features *f,
			 const struct nop_table *nops, struct applied *a,
			 struct refusal *r);

/* One of them, from @bytes, which are its replacement, into s->bytes.  NULL, or why it
 * cannot be copied. */
const char *replacement_decide(const struct kernel *k, const struct alt *a,
			       const uint8_t *bytes, const struct nop_table *nops,
			       struct alt_site *s);

#endif
