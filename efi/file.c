/* SPDX-License-Identifier: GPL-2.0-only */
/* The stick: reading the configuration, keeping the report. */
#include "app.h"
#include "lib.h"

static EFI_GUID image_guid = LOADED_IMAGE_PROTOCOL;
static EFI_GUID volume_guid = SIMPLE_FILE_SYSTEM_PROTOCOL;
static EFI_GUID info_guid = EFI_FILE_INFO_ID;

static EFI_STATUS open_root(EFI_FILE_HANDLE *root)
{
	EFI_LOADED_IMAGE *image;
	EFI_FILE_IO_INTERFACE *volume;
	void *p;
	EFI_STATUS st;

	st = app.bs->HandleProtocol(app.image, &image_guid, &p);
	if (EFI_ERROR(st))
		return st;
	image = p;
	st = app.bs->HandleProtocol(image->DeviceHandle, &volume_guid, &p);
	if (EFI_ERROR(st))
		return st;
	volume = p;
	return volume->OpenVolume(volume, root);
}

static EFI_STATUS open_path(EFI_FILE_HANDLE *f, const CHAR16 *path,
			    UINT64 mode, UINT64 attributes)
{
	EFI_FILE_HANDLE root;
	EFI_STATUS st = open_root(&root);

	if (EFI_ERROR(st))
		return st;
	st = root->Open(root, f, (CHAR16 *)path, mode, attributes);
	root->Close(root);
	return st;
}

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

static bool is_folder(EFI_FILE_HANDLE f)
{
	union {
		EFI_FILE_INFO info;
		uint8_t room[1024];
	} u;
	UINTN n = sizeof(u);

	return !EFI_ERROR(f->GetInfo(f, &info_guid, &n, &u))
		&& u.info.Attribute & EFI_FILE_DIRECTORY;
}

static EFI_STATUS read_open(EFI_FILE_HANDLE f, size_t most, char **bytes, size_t *len)
{
	EFI_STATUS st = is_folder(f) ? FILE_IS_FOLDER : size_of(f, len);
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
	EFI_STATUS st = open_path(&f, path, EFI_FILE_MODE_READ, 0);

	if (EFI_ERROR(st))
		return st;
	*len = 0;
	st = read_open(f, most, bytes, len);
	f->Close(f);
	return st;
}

bool folder_open(struct folder *f, const CHAR16 *path)
{
	return !EFI_ERROR(open_path(&f->handle, path, EFI_FILE_MODE_READ, 0));
}

const CHAR16 *folder_next(struct folder *f)
{
	UINTN n;

	do {
		n = sizeof(f->entry);
		if (EFI_ERROR(f->handle->Read(f->handle, &n, &f->entry)) || !n)
			return NULL;
	} while (f->entry.info.Attribute & EFI_FILE_DIRECTORY);
	return f->entry.info.FileName;
}

void folder_close(struct folder *f)
{
	f->handle->Close(f->handle);
}

/* Free only if the firmware says that there is none: whatever else is wrong, an
 * older report may be there. */
static bool is_free(const CHAR16 *path)
{
	EFI_FILE_HANDLE f;
	EFI_STATUS st = open_path(&f, path, EFI_FILE_MODE_READ, 0);

	if (!EFI_ERROR(st))
		f->Close(f);
	return st == EFI_NOT_FOUND;
}

static void widen(CHAR16 *to, const char *from)
{
	do
		*to++ = (CHAR16)(uint8_t)*from;
	while (*from++);
}

/* \parapatch\GenuineIntel-06-9e-a-x86_64-0001.json; the first number free. */
static EFI_STATUS choose_name(struct report_file *f)
{
	const struct cpu_id *id = &app.env.cpu;

	for (unsigned i = 1; i < 10000; i++) {
		text_format(f->name, sizeof(f->name),
			    "\\parapatch\\%s-%02x-%02x-%x-%s-%04u.json",
			    id->vendor, id->family, id->model, id->stepping,
			    app.env.arch, i);
		widen(f->path, f->name);
		if (is_free(f->path))
			return EFI_SUCCESS;
	}
	return EFI_VOLUME_FULL;
}

static EFI_STATUS make_directory(void)
{
	EFI_FILE_HANDLE d;
	EFI_STATUS st = open_path(&d, (const CHAR16 *)L"\\parapatch",
				  EFI_FILE_MODE_READ, 0);

	if (EFI_ERROR(st))
		st = open_path(&d, (const CHAR16 *)L"\\parapatch",
			       EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE
			       | EFI_FILE_MODE_CREATE, EFI_FILE_DIRECTORY);
	if (!EFI_ERROR(st))
		d->Close(d);
	return st;
}

static EFI_STATUS write_some(EFI_FILE_HANDLE f, const char *bytes, size_t len)
{
	UINTN n = len;
	EFI_STATUS st = f->Write(f, &n, (void *)bytes);

	return EFI_ERROR(st) || n == len ? st : EFI_VOLUME_FULL;
}

static EFI_STATUS write_spaces(EFI_FILE_HANDLE f, size_t len)
{
	static char spaces[4096];
	EFI_STATUS st = EFI_SUCCESS;

	memset(spaces, ' ', sizeof(spaces));
	while (len && !EFI_ERROR(st)) {
		size_t n = len < sizeof(spaces) ? len : sizeof(spaces);

		st = write_some(f, spaces, n);
		len -= n;
	}
	return st;
}

EFI_STATUS report_file_make(struct report_file *f, const char *running, size_t len,
			    size_t room)
{
	EFI_FILE_HANDLE h;
	EFI_STATUS st = make_directory();

	f->made = false;
	f->room = room > len ? room : len;
	if (!EFI_ERROR(st))
		st = choose_name(f);
	if (!EFI_ERROR(st))
		st = open_path(&h, f->path, EFI_FILE_MODE_READ
			       | EFI_FILE_MODE_WRITE | EFI_FILE_MODE_CREATE, 0);
	if (EFI_ERROR(st))
		return st;
	st = write_some(h, running, len);
	if (!EFI_ERROR(st))
		st = write_spaces(h, f->room - len);
	if (!EFI_ERROR(st))
		st = h->Flush(h);
	if (EFI_ERROR(st)) {
		h->Delete(h);		/* closes it too */
		return st;
	}
	f->made = true;
	return h->Close(h);
}

/* Gives back the room that was not needed.  Where the firmware refuses, the
 * file keeps its trailing spaces, which JSON allows. */
static void shrink(EFI_FILE_HANDLE h, size_t len)
{
	union {
		EFI_FILE_INFO info;
		uint8_t room[512];
	} u;
	UINTN n = sizeof(u);

	if (EFI_ERROR(h->GetInfo(h, &info_guid, &n, &u)))
		return;
	u.info.FileSize = len;
	h->SetInfo(h, &info_guid, n, &u);
}

static EFI_STATUS verify(const struct report_file *f, const char *bytes,
			 size_t len)
{
	char *back;
	size_t n;
	EFI_STATUS st = file_read(f->path, &back, &n);

	if (EFI_ERROR(st))
		return st;
	if (n < len || memcmp(back, bytes, len))
		st = EFI_CRC_ERROR;
	pool_put(back);
	return st;
}

EFI_STATUS report_file_finish(struct report_file *f, const char *bytes,
			      size_t len)
{
	/* The head last: until all else is there, it says "running". */
	size_t head = len < 512 ? len : 512;
	EFI_FILE_HANDLE h;
	EFI_STATUS st;

	if (len > f->room)
		return EFI_BUFFER_TOO_SMALL;
	st = open_path(&h, f->path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0);
	if (EFI_ERROR(st))
		return st;
	st = h->SetPosition(h, head);
	if (!EFI_ERROR(st))
		st = write_some(h, bytes + head, len - head);
	if (!EFI_ERROR(st))
		st = write_spaces(h, f->room - len);
	if (!EFI_ERROR(st))
		st = h->SetPosition(h, 0);
	if (!EFI_ERROR(st))
		st = write_some(h, bytes, head);
	if (!EFI_ERROR(st))
		shrink(h, len);
	if (!EFI_ERROR(st))
		st = h->Flush(h);
	h->Close(h);
	return EFI_ERROR(st) ? st : verify(f, bytes, len);
}

const char *file_error(EFI_STATUS st)
{
	switch (st) {
	case FILE_IS_FOLDER:
		return "it is a folder";
	case FILE_IS_LONG:
		return "it is too long";
	case EFI_WRITE_PROTECTED:
		return "the stick is write protected";
	case EFI_VOLUME_FULL:
		return "the stick is full";
	case EFI_NOT_FOUND:
		return "not found";
	case EFI_ACCESS_DENIED:
		return "access denied";
	case EFI_NO_MEDIA:
	case EFI_MEDIA_CHANGED:
		return "the stick was taken out";
	case EFI_UNSUPPORTED:
		return "it is no file, or in no file system that the firmware reads";
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
