/* SPDX-License-Identifier: GPL-2.0-only */
/* A module's alternatives are not taken for its records, as the patch of 2006 took them
 * in module_finalize().
 * FAILS: incompatible type for argument */
#include "module/module.h"

struct text_where sites_of(const struct module *m, const struct module_memory *mem,
			   const struct module_sections *s,
			   const struct text_where *own);

struct text_where sites_of(const struct module *m, const struct module_memory *mem,
			   const struct module_sections *s,
			   const struct text_where *own)
{
#ifdef FAIL
	return module_text(m, mem, s->alt, own);
#else
	return module_text(m, mem, s->para, own);
#endif
}
