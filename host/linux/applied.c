/* SPDX-License-Identifier: GPL-2.0-only */
/* What patching came to, see applied.h. */
#include <stdlib.h>
#include <string.h>
#include "applied.h"

bool is_trap(const struct applied *a, size_t i)
{
	return a->outcomes[i] == PATCHED_INLINE && !memcmp(a->paras[i], "\x0f\x0b", 2);
}

const char *outcome_word(unsigned outcome)
{
	return outcome < PATCHED_COUNT ? patched_names[outcome] : "ud2";
}

size_t outcome_count(const struct patching *c, unsigned outcome)
{
	if (outcome == PATCHED_COUNT)
		return c->traps;
	return c->paras.outcome[outcome] - (outcome == PATCHED_INLINE ? c->traps : 0);
}

void applied_free(struct applied *a)
{
	free(a->paras);
	free(a->outcomes);
	free(a->alts);
	*a = (struct applied){ 0 };
}
