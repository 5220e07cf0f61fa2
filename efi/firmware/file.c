/* SPDX-License-Identifier: GPL-2.0-only */
/* Files and folders of the volume, see file.h. */
#include "file.h"
#include "lib/mem.h"
#include "memory.h"
#include "volume.h"

EFI_GUID file_info_guid = EFI_FILE_INFO_ID;

static EFI_STATUS size_of(EFI_FILE_HANDLE f, size_t *len)
{
	UINT64 end;
	EFI_STATUS st = f->SetPosition(f, UINT64_MAX);

	if (!EFI_ERROR(st))
		st = f->GetPosition(f, &end);
	if (!EFI_ERROR(st))
		st = f->SetPosition(f, 0);
	if (!EFI_ERROR(st))
		*len = (size_t)end;
	return st;
}

UINT64 file_kind(EFI_FILE_HANDLE f)
{
	union {
		EFI_FILE_INFO info;
		uint8_t room[1024];
	} u;
	UINTN n = sizeof(u);

	return EFI_ERROR(f->GetInfo(f, &file_info_guid, &n, &u)) ? UINT64_MAX
		: u.info.Attribute & EFI_FILE_DIRECTORY;
}

static EFI_STATUS read_open(EFI_FILE_HANDLE f, size_t most, char **bytes, size_t *len)
{
	EFI_STATUS st = file_kind(f) == EFI_FILE_DIRECTORY ? FILE_IS_FOLDER : size_of(f, len);
	UINTN n = *len;

	if (EFI_ERROR(st))
		return st;
	if (*len > most)
		return FILE_IS_LONG;
	*bytes = pool_get(*len + 1);
	if (!*bytes)
		return EFI_OUT_OF_RESOURCES;
	st = f->Read(f, &n, *bytes);
	if (!EFI_ERROR(st) && n != *len)
		st = EFI_END_OF_FILE;
	if (EFI_ERROR(st)) {
		pool_put(*bytes);
		return st;
	}
	(*bytes)[*len] = '\0';
	return EFI_SUCCESS;
}

EFI_STATUS file_read(const CHAR16 *path, char **bytes, size_t *len)
{
	return file_read_most(path, SIZE_MAX - 1, bytes, len);
}

EFI_STATUS file_read_most(const CHAR16 *path, size_t most, char **bytes, size_t *len)
{
	EFI_FILE_HANDLE f;
	EFI_STATUS st = volume_open(&f, path, EFI_FILE_MODE_READ, 0);

	if (EFI_ERROR(st))
		return st;
	*len = 0;
	st = read_open(f, most, bytes, len);
	f->Close(f);
	return st;
}

bool folder_open(struct folder *f, const CHAR16 *path)
{
	return !EFI_ERROR(volume_open(&f->handle, path, EFI_FILE_MODE_READ, 0));
}

/* @kind: EFI_FILE_DIRECTORY, or 0: a file. */
static const CHAR16 *next_of(struct folder *f, UINT64 kind)
{
	UINTN n;

	do {
		n = sizeof(f->entry);
		if (EFI_ERROR(f->handle->Read(f->handle, &n, &f->entry)) || !n)
			return NULL;
	} while ((f->entry.info.Attribute & EFI_FILE_DIRECTORY) != kind);
	return f->entry.info.FileName;
}

const CHAR16 *folder_next(struct folder *f)
{
	return next_of(f, 0);
}

const CHAR16 *folder_next_folder(struct folder *f)
{
	return next_of(f, EFI_FILE_DIRECTORY);
}

void folder_close(struct folder *f)
{
	f->handle->Close(f->handle);
}

EFI_STATUS file_look_for(const CHAR16 *path)
{
	EFI_FILE_HANDLE f;
	EFI_STATUS st = volume_open(&f, path, EFI_FILE_MODE_READ, 0);

	if (!EFI_ERROR(st))
		f->Close(f);
	return st;
}

EFI_STATUS file_write(EFI_FILE_HANDLE f, const char *bytes, size_t len)
{
	UINTN n = len;
	EFI_STATUS st = f->Write(f, &n, (void *)bytes);

	return EFI_ERROR(st) || n == len ? st : EFI_VOLUME_FULL;
}

EFI_STATUS file_write_spaces(EFI_FILE_HANDLE f, size_t len)
{
	static char spaces[4096];
	EFI_STATUS st = EFI_SUCCESS;

	memset(spaces, ' ', sizeof(spaces));
	while (len && !EFI_ERROR(st)) {
		size_t n = len < sizeof(spaces) ? len : sizeof(spaces);

		st = file_write(f, spaces, n);
		len -= n;
	}
	return st;
}

bool file_remove(const CHAR16 *path)
{
	EFI_FILE_HANDLE h;

	if (EFI_ERROR(volume_open(&h, path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0)))
		return false;
	h->Delete(h);
	return file_look_for(path) == EFI_NOT_FOUND;
}

const char *file_error(EFI_STATUS st)
{
	switch (st) {
	case EFI_NO_MAPPING:
		return "there is no volume behind this image";
	case FILE_IS_FOLDER:
		return "it is a folder";
	case FILE_IS_LONG:
		return "it is too long";
	case FILE_NO_FOLDER:
		return "\\parapatch is a file, and reports go to a folder of that name; "
		       "remove or rename it";
	case EFI_WRITE_PROTECTED:
		return volume_lacks() ? volume_lacks() : "the stick is write protected";
	case EFI_VOLUME_FULL:
		return "the stick is full, or the folder has no room for a name";
	case EFI_VOLUME_CORRUPTED:
		return "the file system is damaged";
	case EFI_ALREADY_STARTED:
		return "all 9999 names are taken; move the reports elsewhere";
	case EFI_INVALID_PARAMETER:
		return "the firmware does not take that name";
	case EFI_NOT_FOUND:
		return "not found";
	case EFI_ACCESS_DENIED:
		return "access denied";
	case EFI_NO_MEDIA:
	case EFI_MEDIA_CHANGED:
		return "the stick was taken out";
	case EFI_UNSUPPORTED:
		return "the firmware cannot do that on this volume";
	case EFI_CRC_ERROR:
		return "it does not read back as written";
	case EFI_BUFFER_TOO_SMALL:
		return "it is larger than the room it was given";
	case EFI_OUT_OF_RESOURCES:
		return "out of memory";
	default:
		return "the device reports an error";
	}
}
