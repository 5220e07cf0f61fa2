/* SPDX-License-Identifier: GPL-2.0-only */
/* The volume that the image came from, see volume.h. */
#include <stdbool.h>
#include "firmware.h"
#include "serial/device_path.h"
#include "volume.h"

static EFI_GUID image_guid = LOADED_IMAGE_PROTOCOL;
static EFI_GUID volume_guid = SIMPLE_FILE_SYSTEM_PROTOCOL;
static EFI_GUID path_guid = DEVICE_PATH_PROTOCOL;

/* A path that is longer is none. */
#define PATH_MAX_BYTES	65536

/* What the image was loaded from; NULL: nothing that is known. */
static EFI_HANDLE device_of_image(void)
{
	EFI_LOADED_IMAGE *image;
	void *p;

	if (EFI_ERROR(firmware.bs->HandleProtocol(firmware.image, &image_guid, &p)))
		return NULL;
	image = p;
	return image->DeviceHandle;
}

EFI_STATUS volume_root(EFI_FILE_HANDLE *root)
{
	EFI_HANDLE device = device_of_image();
	EFI_FILE_IO_INTERFACE *volume;
	void *p;

	if (!device || EFI_ERROR(firmware.bs->HandleProtocol(device, &volume_guid, &p)))
		return EFI_NO_MAPPING;
	volume = p;
	return volume->OpenVolume(volume, root);
}

static enum device_path_volume volume(void)
{
	EFI_HANDLE device = device_of_image();
	void *path;

	if (!device || EFI_ERROR(firmware.bs->HandleProtocol(device, &path_guid, &path)))
		return VOLUME_OTHER;
	return device_path_volume(path, PATH_MAX_BYTES);
}

/* Not where the image came from the network, memory or flash. */
static bool volume_is_there(void)
{
	EFI_FILE_HANDLE root;
	EFI_STATUS st = volume_root(&root);

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

EFI_STATUS volume_open(EFI_FILE_HANDLE *f, const CHAR16 *path,
			    UINT64 mode, UINT64 attributes)
{
	EFI_FILE_HANDLE root;
	EFI_STATUS st = volume_root(&root);

	if (EFI_ERROR(st))
		return st;
	st = root->Open(root, f, (CHAR16 *)path, mode, attributes);
	root->Close(root);
	return st;
}
