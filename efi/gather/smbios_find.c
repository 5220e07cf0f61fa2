/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the firmware has its SMBIOS tables; smbios.h reads them. */
#include "firmware/acpi.h"
#include "gather.h"
#include "machine/smbios.h"

static const EFI_GUID smbios3 = { 0xf2fd1544, 0x9794, 0x4a2c,
	{ 0x99, 0x2e, 0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94 } };
static const EFI_GUID smbios2 = { 0xeb9d2d31, 0x2d88, 0x11d3,
	{ 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };

/* NULL, or why there is nothing in it. */
static const char *gather_from(const EFI_GUID *guid, struct smbios *s)
{
	const uint8_t *entry = config_table(guid);
	struct smbios_table t;
	const char *why;

	if (!entry)
		return "the firmware names no SMBIOS table";
	why = smbios_entry(entry, SMBIOS_ENTRY_MAX, &t);
	if (!why && t.addr > UINTPTR_MAX - t.len)
		why = "the SMBIOS table is out of reach";
	if (!why)
		smbios_parse((const uint8_t *)(uintptr_t)t.addr, t.len, s);
	return why;
}

void smbios_gather(struct smbios *s)
{
	const char *why = gather_from(&smbios3, s);

	if (why)
		why = gather_from(&smbios2, s);
	if (why)
		*s = (struct smbios){ .why = why };
}
