/* SPDX-License-Identifier: GPL-2.0-only */
/* Published widths, see width.h. */
#include "stats/width.h"
#include "lib/string.h"
#include "stats/anchor.h"

enum uarch {
#define UARCH(id, name) UARCH_##id,
#include "list/anchor.def"
	UARCH_COUNT
};

static const char *const uarch_names[UARCH_COUNT] = {
#define UARCH(id, name) [UARCH_##id] = name,
#include "list/anchor.def"
};

#define WIDTH_SOURCE(id, text) static const char source_##id[] = text;
#include "list/width.def"

static const struct {
	uint32_t milli;
	const char *source;
} widths[UARCH_COUNT] = {
#define WIDTH(id, milli, source) [UARCH_##id] = { milli, source_##source },
#include "list/width.def"
};

struct width width_published(const struct cpu_id *id)
{
	const char *uarch = anchor_uarch(id);

	for (unsigned i = 0; uarch && i < UARCH_COUNT; i++)
		if (widths[i].milli && string_equal(uarch_names[i], uarch))
			return (struct width){ uarch, widths[i].milli, widths[i].source };
	return (struct width){ 0 };
}
