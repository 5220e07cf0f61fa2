/* SPDX-License-Identifier: GPL-2.0-only */
/* What a module may use of this image, see export.def. */
#include "lib.h"
#include "module.h"
#include "paravirt.h"

struct module_exports own_exports(void)
{
	static struct module_export list[] = {
#define EXPORT(symbol)	{ #symbol, 0 },
#include "export.def"
#undef EXPORT
	};
	const uint64_t addr[] = {
#define EXPORT(symbol)	(uintptr_t)&symbol,
#include "export.def"
#undef EXPORT
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		list[i].addr = addr[i];
	return (struct module_exports){ list, sizeof(list) / sizeof(list[0]) };
}
