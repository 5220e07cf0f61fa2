/* SPDX-License-Identifier: GPL-2.0-only */
/* The volume that the image came from: the configuration, the report. */
#include "firmware.h"
#include "serial/device_path.h"
#include "lib/mem.h"
#include "report/report_name.h"

static EFI_GUID image_guid = LOADED_IMAGE_PROTOCOL;
static EFI_GUID volume_guid = SIMPLE_FILE_SYSTEM_PROTOCOL;
static EFI_GUID info_guid = EFI_FILE_INFO_ID;
static EFI_GUID volume_info_guid = EFI_FILE_SYSTEM_INFO_ID;

/* A path that is longer is none. */
#define PATH_MAX_BYTES	65536

static EFI_GUID path_guid = DEVICE_PATH_PROTOCOL;

/* What the image was loaded from; NULL: nothing that is known. */
static EFI_HANDLE device_of_image(void)
{
	EFI_LOADED_IMAGE *image;
	void *p;

	if (EFI_ERROR(app.bs->HandleProtocol(app.image, &image_guid, &p)))
		return NULL;
	image = p;
	return image->DeviceHandle;
}

/* EFI_NO_MAPPING: there is no volume behind the image. */
static EFI_STATUS open_root(EFI_FILE_HANDLE *root)
{
	EFI_HANDLE device = device_of_image();
	EFI_FILE_IO_INTERFACE *volume;
	void *p;

	if (!device || EFI_ERROR(app.bs->HandleProtocol(device, &volume_guid, &p)))
		return EFI_NO_MAPPING;
	volume = p;
	return volume->OpenVolume(volume, root);
}

static enum device_path_volume volume(void)
{
	EFI_HANDLE device = device_of_image();
	void *path;

	if (!device || EFI_ERROR(app.bs->HandleProtocol(device, &path_guid, &path)))
		return VOLUME_OTHER;
	return device_path_volume(path, PATH_MAX_BYTES);
}

bool volume_is_there(void)
{
	EFI_FILE_HANDLE root;
	EFI_STATUS st = open_root(&root);

	if (!EFI_ERROR(st))
		root->Close(root);
	return st != EFI_NO_MAPPING;
}

const char *volume_lacks(void)
{
	if (!volume_is_there())
		return "there is no writable volume behind this image";
	switch (volume()) {
	case VOLUME_NETWORK:
		return "there is no writable volume behind this image";
	case VOLUME_CD:
		return "a CD cannot be written";
	case VOLUME_FIRMWARE:
		return "the volume behind this image is the firmware's own and cannot be written";
	case VOLUME_OTHER:
	case VOLUME_PARTITION:
		break;
	}
	return NULL;
}

const char *volume_advice(void)
{
	return volume_lacks() ? "start it from a stick that was written anew"
		: "write the stick anew";
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

/* EFI_FILE_DIRECTORY or 0, if the firmware says so; else neither. */
static UINT64 kind_of(EFI_FILE_HANDLE f)
{
	union {
		EFI_FILE_INFO info;
		uint8_t room[1024];
	} u;
	UINTN n = sizeof(u);

	return EFI_ERROR(f->GetInfo(f, &info_guid, &n, &u)) ? UINT64_MAX
		: u.info.Attribute & EFI_FILE_DIRECTORY;
}

static EFI_STATUS read_open(EFI_FILE_HANDLE f, size_t most, char **bytes, size_t *len)
{
	EFI_STATUS st = kind_of(f) == EFI_FILE_DIRECTORY ? FILE_IS_FOLDER : size_of(f, len);
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

/* EFI_NOT_FOUND: there is no such file, says the firmware.  EFI_SUCCESS: there is one. */
static EFI_STATUS look_for(const CHAR16 *path)
{
	EFI_FILE_HANDLE f;
	EFI_STATUS st = open_path(&f, path, EFI_FILE_MODE_READ, 0);

	if (!EFI_ERROR(st))
		f->Close(f);
	return st;
}

static void widen(CHAR16 *to, const char *from)
{
	do
		*to++ = (CHAR16)(uint8_t)*from;
	while (*from++);
}

#define FOLDER	"\\parapatch\\"

static void name_report(char *name, CHAR16 *path, unsigned number, bool running)
{
	memcpy(name, FOLDER, sizeof(FOLDER));
	report_name(name + sizeof(FOLDER) - 1, &app.env.cpu, app.env.arch, number,
		    running);
	widen(path, name);
}

/* The first number that no report has, whole or running.  What the firmware says of
 * the first name but that it is there or not holds for all of them. */
static EFI_STATUS choose_names(struct report_file *f)
{
	EFI_STATUS st;

	for (unsigned i = 1; i <= REPORT_NUMBER_MAX; i++) {
		name_report(f->name, f->path, i, false);
		name_report(f->running_name, f->running, i, true);
		st = look_for(f->path);
		if (st == EFI_NOT_FOUND)
			st = look_for(f->running);
		if (st == EFI_NOT_FOUND)
			return EFI_SUCCESS;
		if (EFI_ERROR(st))
			return st;
	}
	return EFI_ALREADY_STARTED;
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
	if (EFI_ERROR(st))
		return st;
	if (!kind_of(d))
		st = FILE_NO_FOLDER;
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
		st = choose_names(f);
	if (!EFI_ERROR(st))
		st = open_path(&h, f->running, EFI_FILE_MODE_READ
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

static EFI_STATUS verify(const CHAR16 *path, const char *bytes, size_t len)
{
	char *back;
	size_t n;
	EFI_STATUS st = file_read(path, &back, &n);

	if (EFI_ERROR(st))
		return st;
	if (n < len || memcmp(back, bytes, len))
		st = EFI_CRC_ERROR;
	pool_put(back);
	return st;
}

/* False: it is still there. */
static bool remove_file(const CHAR16 *path)
{
	EFI_FILE_HANDLE h;

	if (EFI_ERROR(open_path(&h, path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0)))
		return false;
	h->Delete(h);
	return look_for(path) == EFI_NOT_FOUND;
}

/* A file that was not there before; the running one stays as it is meanwhile.  Where
 * it cannot be written whole it is not left behind. */
static EFI_STATUS write_new(const CHAR16 *path, const char *bytes, size_t len)
{
	EFI_FILE_HANDLE h;
	EFI_STATUS st = look_for(path);

	if (st != EFI_NOT_FOUND)
		return EFI_ERROR(st) ? st : EFI_ACCESS_DENIED;
	st = open_path(&h, path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE
		       | EFI_FILE_MODE_CREATE, 0);
	if (EFI_ERROR(st))
		return st;
	st = write_some(h, bytes, len);
	if (!EFI_ERROR(st))
		st = h->Flush(h);
	if (EFI_ERROR(st)) {
		h->Delete(h);
		return st;
	}
	h->Close(h);
	st = verify(path, bytes, len);
	if (EFI_ERROR(st))
		remove_file(path);
	return st;
}

/* In the room that the running one has. */
static EFI_STATUS rewrite(const struct report_file *f, const char *bytes, size_t len)
{
	/* The head last: until all else is there, it says "running". */
	size_t head = len < 512 ? len : 512;
	EFI_FILE_HANDLE h;
	EFI_STATUS st;

	st = open_path(&h, f->running, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0);
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
	return EFI_ERROR(st) ? st : verify(f->running, bytes, len);
}

/* To a name in the same folder that is free.  False: it has the one it had. */
static bool rename_to(const CHAR16 *from, const CHAR16 *to)
{
	union {
		EFI_FILE_INFO info;
		uint8_t room[512];
	} u;
	EFI_FILE_HANDLE h;
	UINTN n = sizeof(u), len = 0;

	if (EFI_ERROR(open_path(&h, from, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0)))
		return false;
	to += sizeof(FOLDER) - 1;
	while (to[len])
		len++;
	if (!EFI_ERROR(h->GetInfo(h, &info_guid, &n, &u))) {
		memcpy(u.info.FileName, to, (len + 1) * sizeof(*to));
		n = offsetof(EFI_FILE_INFO, FileName) + (len + 1) * sizeof(*to);
		h->SetInfo(h, &info_guid, n, &u);
	}
	h->Close(h);
	return look_for(to - (sizeof(FOLDER) - 1)) == EFI_SUCCESS;
}

/* Whatever went wrong with a new file, the running one has room for it all.  What could
 * not be removed keeps the name. */
static EFI_STATUS finish_in_place(struct report_file *f, const char *bytes, size_t len)
{
	EFI_STATUS st = rewrite(f, bytes, len);

	if (EFI_ERROR(st))
		return st;
	if (look_for(f->path) == EFI_NOT_FOUND && rename_to(f->running, f->path))
		return verify(f->path, bytes, len);
	memcpy(f->name, f->running_name, sizeof(f->name));
	return EFI_SUCCESS;
}

/*
 * QEMU's fat:rw: writes a file of the host's when the whole volume is consistent, and
 * counts a cluster that was written and is nobody's as not: where a file ends within
 * a page of the firmware's cache (64 KiB), its last page never reaches the host.  What
 * comes after the directory's entry reaches it a cluster too far.  So the report
 * goes there in one piece, with more spaces behind it than a page has, to the end of a
 * cluster; and then spaces are added, cluster by cluster, until a page was full.  A
 * file that is removed may make QEMU abort(), so the running one stays.
 *
 * Source: QEMU 7.2, block/vvfat.c: is_consistent(), commit_one_file(), do_commit().
 */
#define CACHE_PAGE	65536u

/* The cluster's bytes; 0: it is no such volume. */
static size_t emulated_cluster(void)
{
	static const CHAR16 label[] = L"QEMU VVFAT";
	union {
		EFI_FILE_SYSTEM_INFO info;
		uint8_t room[256];
	} u;
	EFI_FILE_HANDLE root;
	UINTN n = sizeof(u);
	EFI_STATUS st = open_root(&root);

	if (EFI_ERROR(st))
		return 0;
	st = root->GetInfo(root, &volume_info_guid, &n, &u);
	root->Close(root);
	if (EFI_ERROR(st) || n < offsetof(EFI_FILE_SYSTEM_INFO, VolumeLabel) + sizeof(label)
	    || memcmp(u.info.VolumeLabel, label, sizeof(label) - sizeof(*label)))
		return 0;
	n = u.info.BlockSize;
	return n < 512 || n > CACHE_PAGE ? 8192 : n;
}

/* The end at every place that a page may have it. */
static void settle(const CHAR16 *path, size_t cluster)
{
	EFI_FILE_HANDLE h;

	if (EFI_ERROR(open_path(&h, path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0)))
		return;
	h->SetPosition(h, UINT64_MAX);
	for (size_t n = 0; n < CACHE_PAGE; n += cluster)
		if (EFI_ERROR(write_spaces(h, cluster)) || EFI_ERROR(h->Flush(h)))
			break;
	h->Close(h);
}

EFI_STATUS report_file_finish(struct report_file *f, char *bytes, size_t len,
			      size_t room)
{
	size_t cluster = emulated_cluster();
	size_t spaces = cluster ? CACHE_PAGE + 3 * cluster - len % cluster : 0;

	if (len > f->room)
		return EFI_BUFFER_TOO_SMALL;
	if (spaces > room - len)
		spaces = room - len;
	memset(bytes + len, ' ', spaces);
	if (EFI_ERROR(write_new(f->path, bytes, len + spaces)))
		return finish_in_place(f, bytes, len);
	if (cluster)
		settle(f->path, cluster);
	f->left_running = cluster || !remove_file(f->running);
	return EFI_SUCCESS;
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
		return "\\parapatch is a file, and reports go to a folder of that name; remove or rename it";
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
