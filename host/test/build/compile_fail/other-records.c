/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of another kind (Linux's alternatives) are not taken for a text's sites.
 * FAILS: incompatible pointer type */
#include "patch/text.h"

struct alt_instr {
	uint8_t *instr, *replacement;
	uint8_t cpuid, instrlen, replacementlen, pad;
};

extern const struct alt_instr alt_begin[];
extern const struct site site_begin[];
extern struct text_where where;

void find(void);

void find(void)
{
#ifdef FAIL
	where.sites = alt_begin;
#else
	where.sites = site_begin;
#endif
}
