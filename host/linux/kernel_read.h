/* SPDX-License-Identifier: GPL-2.0-only */
/* Every record of an image, found and checked. */
#ifndef KERNEL_READ_H
#define KERNEL_READ_H

#include "records.h"

/**
 * kernel_read - find and check every record of an image.
 * @k: filled on success; kernel_free() gives it back.
 * @r: on failure names section, record, address and reason.
 */
bool kernel_read(struct kernel *k, struct image *im, const struct forced *f,
		 struct refusal *r);
void kernel_free(struct kernel *k);

#endif
