/* SPDX-License-Identifier: GPL-2.0-only */
/* A report on the stick, see report_file.h. */
#include "file.h"
#include "lib/mem.h"
#include "memory.h"
#include "report/report_name.h"
#include "report_file.h"
#include "volume.h"
#include "vvfat.h"

static void widen(CHAR16 *to, const char *from)
{
	do
		*to++ = (CHAR16)(uint8_t)*from;
	while (*from++);
}

#define FOLDER	"\\parapatch\\"

static void name_report(const struct environment *env, char *name, CHAR16 *path,
			unsigned number, bool running)
{
	memcpy(name, FOLDER, sizeof(FOLDER));
	report_name(name + sizeof(FOLDER) - 1, &env->cpu, env->arch, number, running);
	widen(path, name);
}

/* The first number that no report has, whole or running.  What the firmware says of
 * the first name but that it is there or not holds for all of them. */
static EFI_STATUS choose_names(struct report_file *f, const struct environment *env)
{
	EFI_STATUS st;

	for (unsigned i = 1; i <= REPORT_NUMBER_MAX; i++) {
		name_report(env, f->name, f->path, i, false);
		name_report(env, f->running_name, f->running, i, true);
		st = file_look_for(f->path);
		if (st == EFI_NOT_FOUND)
			st = file_look_for(f->running);
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
	EFI_STATUS st = volume_open(&d, (const CHAR16 *)L"\\parapatch",
				  EFI_FILE_MODE_READ, 0);

	if (EFI_ERROR(st))
		st = volume_open(&d, (const CHAR16 *)L"\\parapatch",
			       EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE
			       | EFI_FILE_MODE_CREATE, EFI_FILE_DIRECTORY);
	if (EFI_ERROR(st))
		return st;
	if (!file_kind(d))
		st = FILE_NO_FOLDER;
	d->Close(d);
	return st;
}

EFI_STATUS report_file_make(struct report_file *f, const struct environment *env,
			    const char *running, size_t len, size_t room)
{
	EFI_FILE_HANDLE h;
	EFI_STATUS st = make_directory();

	f->made = false;
	f->room = room > len ? room : len;
	if (!EFI_ERROR(st))
		st = choose_names(f, env);
	if (!EFI_ERROR(st))
		st = volume_open(&h, f->running, EFI_FILE_MODE_READ
			       | EFI_FILE_MODE_WRITE | EFI_FILE_MODE_CREATE, 0);
	if (EFI_ERROR(st))
		return st;
	st = file_write(h, running, len);
	if (!EFI_ERROR(st))
		st = file_write_spaces(h, f->room - len);
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

	if (EFI_ERROR(h->GetInfo(h, &file_info_guid, &n, &u)))
		return;
	u.info.FileSize = len;
	h->SetInfo(h, &file_info_guid, n, &u);
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

/* A file that was not there before; the running one stays as it is meanwhile.  Where
 * it cannot be written whole it is not left behind. */
static EFI_STATUS write_new(const CHAR16 *path, const char *bytes, size_t len)
{
	EFI_FILE_HANDLE h;
	EFI_STATUS st = file_look_for(path);

	if (st != EFI_NOT_FOUND)
		return EFI_ERROR(st) ? st : EFI_ACCESS_DENIED;
	st = volume_open(&h, path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE
		       | EFI_FILE_MODE_CREATE, 0);
	if (EFI_ERROR(st))
		return st;
	st = file_write(h, bytes, len);
	if (!EFI_ERROR(st))
		st = h->Flush(h);
	if (EFI_ERROR(st)) {
		h->Delete(h);
		return st;
	}
	h->Close(h);
	st = verify(path, bytes, len);
	if (EFI_ERROR(st))
		file_remove(path);
	return st;
}

/* In the room that the running one has. */
static EFI_STATUS rewrite(const struct report_file *f, const char *bytes, size_t len)
{
	/* The head last: until all else is there, it says "running". */
	size_t head = len < 512 ? len : 512;
	EFI_FILE_HANDLE h;
	EFI_STATUS st;

	st = volume_open(&h, f->running, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0);
	if (EFI_ERROR(st))
		return st;
	st = h->SetPosition(h, head);
	if (!EFI_ERROR(st))
		st = file_write(h, bytes + head, len - head);
	if (!EFI_ERROR(st) && f->room > len)
		st = file_write_spaces(h, f->room - len);
	if (!EFI_ERROR(st))
		st = h->SetPosition(h, 0);
	if (!EFI_ERROR(st))
		st = file_write(h, bytes, head);
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

	if (EFI_ERROR(volume_open(&h, from, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0)))
		return false;
	to += sizeof(FOLDER) - 1;
	while (to[len])
		len++;
	if (!EFI_ERROR(h->GetInfo(h, &file_info_guid, &n, &u))) {
		memcpy(u.info.FileName, to, (len + 1) * sizeof(*to));
		n = offsetof(EFI_FILE_INFO, FileName) + (len + 1) * sizeof(*to);
		h->SetInfo(h, &file_info_guid, n, &u);
	}
	h->Close(h);
	return file_look_for(to - (sizeof(FOLDER) - 1)) == EFI_SUCCESS;
}

/* Whatever went wrong with a new file, the running one has room, or grows.  What could
 * not be removed keeps the name. */
static EFI_STATUS finish_in_place(struct report_file *f, const char *bytes, size_t len)
{
	EFI_STATUS st = rewrite(f, bytes, len);

	if (EFI_ERROR(st))
		return st;
	if (file_look_for(f->path) == EFI_NOT_FOUND && rename_to(f->running, f->path))
		return verify(f->path, bytes, len);
	memcpy(f->name, f->running_name, sizeof(f->name));
	return EFI_SUCCESS;
}

EFI_STATUS report_file_finish(struct report_file *f, char *bytes, size_t len,
			      size_t room)
{
	size_t cluster = vvfat_cluster();
	size_t spaces = cluster ? VVFAT_CACHE_PAGE + 3 * cluster - len % cluster : 0;

	if (spaces > room - len)
		spaces = room - len;
	memset(bytes + len, ' ', spaces);
	if (EFI_ERROR(write_new(f->path, bytes, len + spaces)))
		return finish_in_place(f, bytes, len);
	if (cluster)
		vvfat_settle(f->path, cluster);
	f->left_running = cluster || !file_remove(f->running);
	return EFI_SUCCESS;
}
