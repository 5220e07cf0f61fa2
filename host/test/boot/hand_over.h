/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What applications share that stand before the application and hand over to it:
 * standin.c, starter.c.
 */
#ifndef HAND_OVER_H
#define HAND_OVER_H

#include <efi.h>
#include <stddef.h>
#include <stdint.h>
#include "lib/mem.h"

static EFI_SYSTEM_TABLE *st;
static EFI_BOOT_SERVICES *bs;
static EFI_HANDLE self;

static inline void say(const char *s)
{
	CHAR16 wide[128];
	size_t n = 0;

	for (; *s && n < 126; s++)
		wide[n++] = (CHAR16)*s;
	wide[n] = 0;
	st->ConOut->OutputString(st->ConOut, wide);
}

/* NULL: it is none. */
static inline EFI_LOADED_IMAGE *image_of(EFI_HANDLE handle)
{
	static EFI_GUID guid = LOADED_IMAGE_PROTOCOL;
	EFI_LOADED_IMAGE *image;

	return bs->HandleProtocol(handle, &guid, (void **)&image) == EFI_SUCCESS
		? image : NULL;
}

#define PATH_MOST	512

/* What ends a device's path. */
static const uint8_t path_end[] = { 0x7f, 0xff, 4, 0 };

/* Copies a device's path to @to, PATH_MOST bytes and a node at most, without its end.
 * Return: behind it; NULL: it has none. */
static inline uint8_t *copy_path(EFI_HANDLE device, uint8_t *to)
{
	static EFI_GUID guid = DEVICE_PATH_PROTOCOL;
	const uint8_t *most = to + PATH_MOST;
	uint8_t *p;

	if (bs->HandleProtocol(device, &guid, (void **)&p) != EFI_SUCCESS)
		return NULL;
	for (; (p[0] & 0x7f) != 0x7f && to < most; p += p[2] | p[3] << 8) {
		memcpy(to, p, (size_t)(p[2] | p[3] << 8));
		to += p[2] | p[3] << 8;
	}
	return to;
}

#endif
