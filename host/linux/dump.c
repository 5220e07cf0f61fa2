/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of a booted kernel, see dump.h. */
#include "dump.h"

const uint8_t *dump_bytes(const struct dump *d, uint64_t addr, uint64_t len)
{
	return addr >= d->addr && len <= d->len && addr - d->addr <= d->len - len
		? d->bytes + (addr - d->addr) : NULL;
}
