/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of a booted kernel: a file that begins at an address. */
#ifndef DUMP_H
#define DUMP_H

#include <stddef.h>
#include <stdint.h>

struct dump {
	const uint8_t *bytes;
	size_t len;
	uint64_t addr;
};

/* @len bytes of it, or NULL. */
const uint8_t *dump_bytes(const struct dump *d, uint64_t addr, uint64_t len);

#endif
