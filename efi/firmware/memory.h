/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory from the firmware; NULL where there is none. */
#ifndef MEMORY_H
#define MEMORY_H

#include <efi.h>
#include <stddef.h>

void *pool_get(size_t bytes);
void pool_put(void *p);
/* Whole pages, in a call's reach of the application where there are any. */
void *pages_get(EFI_MEMORY_TYPE type, size_t bytes);
void pages_put(void *p, size_t bytes);

#endif
