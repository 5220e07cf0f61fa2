/* SPDX-License-Identifier: GPL-2.0-only */
/* A text that nobody has validated cannot be patched.
 * FAILS: incompatible pointer type */
#include "patch/mode.h"
#include "patch/text.h"

bool patch(const struct text_where *where, const struct text *text,
	   const struct nop_table *nops, const struct text_writer *writer);

bool patch(const struct text_where *where, const struct text *text,
	   const struct nop_table *nops, const struct text_writer *writer)
{
	struct text_counts counts;
	struct text_error error;

	(void)where, (void)text;
	return text_apply(
#ifdef FAIL
			  where,
#else
			  text,
#endif
			  &native_backend, &modes[MODE_inline], nops, TEXT_ALL,
			  writer, &counts, &error);
}
