/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "firmware": what UEFI gives, as the rest of efi/ uses it.  Handles, console,
 * serial ports, files, memory and its map, attributes of pages, Secure Boot, ACPI.
 *
 * This header has what all of it goes by.
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <efi.h>

struct firmware {
	EFI_HANDLE image;		/* the application's */
	EFI_SYSTEM_TABLE *st;
	EFI_BOOT_SERVICES *bs;		/* of @st */
};

/* The one that called.  Set before anything else runs, and never again. */
extern struct firmware firmware;

#endif
