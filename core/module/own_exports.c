/* SPDX-License-Identifier: GPL-2.0-only */
/* What a module may use of this image, see export.def. */
#include "lib/mem.h"
#include "module/module.h"
#include "paravirt/ops.h"

struct module_exports own_exports(void)
{
	static struct module_export list[] = {
#define EXPORT(symbol)	{ #symbol, 0 },
#include "list/export.def"
#undef EXPORT
	};
	const uint64_t addr[] = {
#define EXPORT(symbol)	(uintptr_t)&symbol,
#include "list/export.def"
#undef EXPORT
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		list[i].addr = addr[i];
	return (struct module_exports){ list, sizeof(list) / sizeof(list[0]) };
}
