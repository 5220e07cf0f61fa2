/* SPDX-License-Identifier: GPL-2.0-only */
/* The application, as the firmware knows it. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <efi.h>
#include "config/config.h"
#include "machine/environment.h"

struct app {
	EFI_HANDLE image;
	EFI_SYSTEM_TABLE *st;
	EFI_BOOT_SERVICES *bs;
	struct config config;
	struct environment env;
};

/* The one application.  Set by efi_main before anything else runs. */
extern struct app app;

#endif
