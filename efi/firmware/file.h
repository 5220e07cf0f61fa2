/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files and folders of the volume that the image came from.
 *
 * Each is named by its whole path.  What goes wrong is the firmware's word for it, or
 * one of our own.
 */
#ifndef FILE_H
#define FILE_H

#include <efi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of our own: those with the two highest bits are not the specification's.
 * Source: UEFI Specification, "Status Codes". */
#define FILE_OWN(n)	(((EFI_STATUS)-1 - (EFI_STATUS)-1 / 4 + (n)))
#define FILE_IS_FOLDER	FILE_OWN(1)
#define FILE_IS_LONG	FILE_OWN(2)
#define FILE_NO_FOLDER	FILE_OWN(3)

/**
 * file_read - a whole file from the volume the application came from.
 * @bytes: from the firmware's pool; the caller frees it.
 *
 * Return: EFI_NOT_FOUND where there is none, FILE_IS_FOLDER where it is one,
 * EFI_NO_MAPPING where there is no volume.
 */
EFI_STATUS file_read(const CHAR16 *path, char **bytes, size_t *len);

/* The same of one that has @most bytes; FILE_IS_LONG where it has more. */
EFI_STATUS file_read_most(const CHAR16 *path, size_t most, char **bytes, size_t *len);

/* A folder of the stick, one name after the other. */
struct folder {
	EFI_FILE_HANDLE handle;
	union {
		EFI_FILE_INFO info;
		uint8_t room[1024];
	} entry;
};

/* False: there is none. */
bool folder_open(struct folder *f, const CHAR16 *path);
/* The next file's name, valid until the next call; NULL: there is no other. */
const CHAR16 *folder_next(struct folder *f);
/* The same of the folders in it. */
const CHAR16 *folder_next_folder(struct folder *f);
void folder_close(struct folder *f);

/* EFI_SUCCESS: there is such a file.  EFI_NOT_FOUND: there is none, says the firmware. */
EFI_STATUS file_look_for(const CHAR16 *path);

/* False: it is still there. */
bool file_remove(const CHAR16 *path);

/* EFI_FILE_DIRECTORY or 0, if the firmware says so; else neither. */
UINT64 file_kind(EFI_FILE_HANDLE f);

/* All of the bytes at the file's position; EFI_VOLUME_FULL where not all were taken. */
EFI_STATUS file_write(EFI_FILE_HANDLE f, const char *bytes, size_t len);
EFI_STATUS file_write_spaces(EFI_FILE_HANDLE f, size_t len);

/* For GetInfo() and SetInfo() of a file. */
extern EFI_GUID file_info_guid;

/* A status in words, for one line of text. */
const char *file_error(EFI_STATUS status);

#endif
