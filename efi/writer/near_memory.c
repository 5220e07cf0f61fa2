/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory for bodies, see near_memory.h. */
#include "code_pages.h"
#include "firmware/console.h"
#include "firmware/memory.h"
#include "near_memory.h"
#include "run/arena.h"

bool near_get(struct near_memory *near)
{
	const char *why;

	near->code_len = ARENA_NEAR_BYTES;
	near->data_len = ARENA_DATA_BYTES;
	near->code = pages_get(EfiLoaderCode, near->code_len);
	near->data = pages_get(EfiLoaderData, near->data_len);
	if (!near->code || !near->data)
		return false;
	why = code_pages_take(near->code, near->code_len);
	if (why)
		sink_printf(console, "parapatch: the memory for bodies cannot be executed: %s\n",
			    why);
	return !why;
}

void near_put(struct near_memory *near)
{
	if (code_pages_forget(near->code))
		pages_put(near->code, near->code_len);
	pages_put(near->data, near->data_len);
}
