/* SPDX-License-Identifier: GPL-2.0-only */
/* The volume that the image came from; most often a stick. */
#ifndef VOLUME_H
#define VOLUME_H

#include <efi.h>

/* Why no report can be kept there, whatever is tried; NULL: one can. */
const char *volume_lacks(void);

/* What is to be done about a file that is spoilt, for the end of a line. */
const char *volume_advice(void);

/* Its root, to be closed; EFI_NO_MAPPING: there is no volume behind the image. */
EFI_STATUS volume_root(EFI_FILE_HANDLE *root);

/* A file of it by its path; @mode and @attributes as of the firmware's Open(). */
EFI_STATUS volume_open(EFI_FILE_HANDLE *f, const CHAR16 *path, UINT64 mode,
		       UINT64 attributes);

#endif
