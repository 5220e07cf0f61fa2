/* SPDX-License-Identifier: GPL-2.0-only */
/* A folder of the host's that QEMU shows as a volume, see vvfat.h. */
#include "file.h"
#include "lib/mem.h"
#include "volume.h"
#include "vvfat.h"

static EFI_GUID volume_info_guid = EFI_FILE_SYSTEM_INFO_ID;

size_t vvfat_cluster(void)
{
	static const CHAR16 label[] = L"QEMU VVFAT";
	union {
		EFI_FILE_SYSTEM_INFO info;
		uint8_t room[256];
	} u;
	EFI_FILE_HANDLE root;
	UINTN n = sizeof(u);
	EFI_STATUS st = volume_root(&root);

	if (EFI_ERROR(st))
		return 0;
	st = root->GetInfo(root, &volume_info_guid, &n, &u);
	root->Close(root);
	if (EFI_ERROR(st) || n < offsetof(EFI_FILE_SYSTEM_INFO, VolumeLabel) + sizeof(label)
	    || memcmp(u.info.VolumeLabel, label, sizeof(label) - sizeof(*label)))
		return 0;
	n = u.info.BlockSize;
	return n < 512 || n > VVFAT_CACHE_PAGE ? 8192 : n;
}

void vvfat_settle(const CHAR16 *path, size_t cluster)
{
	EFI_FILE_HANDLE h;

	if (EFI_ERROR(volume_open(&h, path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0)))
		return;
	h->SetPosition(h, UINT64_MAX);
	for (size_t n = 0; n < VVFAT_CACHE_PAGE; n += cluster)
		if (EFI_ERROR(file_write_spaces(h, cluster)) || EFI_ERROR(h->Flush(h)))
			break;
	h->Close(h);
}
