/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Secure Boot, see secure_boot.h.
 *
 * Source: UEFI Specification 2.10, "Globally Defined Variables": SecureBoot is
 * one byte, 1 where the firmware operates in Secure Boot mode, 0 where it does
 * not; in setup mode it is 0.
 */
#include "firmware.h"
#include "secure_boot.h"

bool secure_boot_on(void)
{
	static EFI_GUID global = { 0x8be4df61, 0x93ca, 0x11d2,
		{ 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c } };
	uint8_t on = 0;
	UINTN len = sizeof(on);
	EFI_STATUS st = firmware.st->RuntimeServices->GetVariable(
		(CHAR16 *)L"SecureBoot", &global, NULL, &len, &on);

	if (st == EFI_NOT_FOUND)
		return false;
	return EFI_ERROR(st) || len != sizeof(on) || on;
}
