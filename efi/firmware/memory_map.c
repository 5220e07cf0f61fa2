/* SPDX-License-Identifier: GPL-2.0-only */
/* The firmware's memory map, see memory_map.h. */
#include "firmware.h"
#include "memory.h"
#include "memory_map.h"

#define MAP_BYTES	65536

static struct {
	uint8_t *bytes;
	UINTN len, each;
} map;

bool memory_count_open(void)
{
	if (!map.bytes)
		map.bytes = pool_get(MAP_BYTES);
	return map.bytes;
}

void memory_count_close(void)
{
	pool_put(map.bytes);
	map.bytes = NULL;
	map.len = 0;
}

static const EFI_MEMORY_DESCRIPTOR *descriptor(UINTN i)
{
	return (const void *)(map.bytes + i * map.each);
}

static UINTN descriptors(void)
{
	return map.len / map.each;
}

bool memory_count(struct memory_count *c)
{
	UINTN key;
	UINT32 version;

	*c = (struct memory_count){ 0 };
	map.len = MAP_BYTES;
	if (!map.bytes || EFI_ERROR(firmware.bs->GetMemoryMap(&map.len, (void *)map.bytes,
							 &key, &map.each, &version))) {
		map.len = 0;
		map.each = 1;
		return false;
	}
	for (UINTN i = 0; i < descriptors(); i++) {
		const EFI_MEMORY_DESCRIPTOR *d = descriptor(i);
		uint64_t bytes = d->NumberOfPages * EFI_PAGE_SIZE;

		if (d->Type == EfiLoaderCode)
			c->loader_code += bytes;
		if (d->Type == EfiLoaderData)
			c->loader_data += bytes;
	}
	return true;
}

/* Bytes of it that are conventional add up to all of them. */
bool memory_is_free(uint64_t addr, size_t bytes)
{
	uint64_t free = 0, end = addr + bytes;

	for (UINTN i = 0; i < descriptors(); i++) {
		const EFI_MEMORY_DESCRIPTOR *d = descriptor(i);
		uint64_t from = d->PhysicalStart;
		uint64_t to = from + d->NumberOfPages * EFI_PAGE_SIZE;

		from = from > addr ? from : addr;
		to = to < end ? to : end;
		if (d->Type == EfiConventionalMemory && from < to)
			free += to - from;
	}
	return free == bytes;
}
