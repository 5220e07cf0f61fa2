/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory from the firmware. */
#include "firmware.h"
#include "memory.h"

void *pool_get(size_t bytes)
{
	void *p;

	return firmware.bs->AllocatePool(EfiLoaderData, bytes, &p) == EFI_SUCCESS
		? p : NULL;
}

void pool_put(void *p)
{
	if (p)
		firmware.bs->FreePool(p);
}

/* Of the linker script. */
extern const uint8_t __text_start[];

/* A call reaches 2 GiB.  The firmware takes the highest pages that are allowed:
 * those nearest below, or not far above, the image. */
#define REACH	(1ull << 30)

void *pages_get(EFI_MEMORY_TYPE type, size_t bytes)
{
	EFI_PHYSICAL_ADDRESS at = (uintptr_t)__text_start + REACH;

	if (sizeof(void *) == 4 && at > UINT32_MAX)
		at = UINT32_MAX;
	return firmware.bs->AllocatePages(AllocateMaxAddress, type,
				     EFI_SIZE_TO_PAGES(bytes), &at) == EFI_SUCCESS
		? (void *)(uintptr_t)at : NULL;
}

void pages_put(void *p, size_t bytes)
{
	if (p)
		firmware.bs->FreePages((uintptr_t)p, EFI_SIZE_TO_PAGES(bytes));
}
