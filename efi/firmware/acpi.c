/* SPDX-License-Identifier: GPL-2.0-only */
/* The firmware's tables, see acpi.h. */
#include "acpi.h"
#include "firmware.h"
#include "lib/bytes.h"
#include "lib/mem.h"

/* A root table with more entries is corrupt. */
#define TABLES_MAX	1024
#define HEADER		36	/* bytes before the entries, or a table's own */

static const EFI_GUID acpi2 = { 0x8868e871, 0xe4f1, 0x11d3,
	{ 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 } };
static const EFI_GUID acpi1 = { 0xeb9d2d30, 0x2d88, 0x11d3,
	{ 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };

const void *config_table(const EFI_GUID *guid)
{
	for (UINTN i = 0; i < firmware.st->NumberOfTableEntries; i++) {
		const EFI_CONFIGURATION_TABLE *t = &firmware.st->ConfigurationTable[i];

		if (!memcmp(&t->VendorGuid, guid, sizeof(*guid)))
			return t->VendorTable;
	}
	return NULL;
}

/* An address in a table; NULL where this application cannot reach it. */
static const uint8_t *pointer(const uint8_t *p, unsigned width)
{
	uint64_t v = get_le(p, width);

	return v <= UINTPTR_MAX ? (const uint8_t *)(uintptr_t)v : NULL;
}

/* The XSDT with its 8-byte pointers, else the RSDT with 4-byte ones. */
static const uint8_t *find_root(unsigned *width)
{
	const uint8_t *rsdp = config_table(&acpi2);

	if (!rsdp)
		rsdp = config_table(&acpi1);
	if (!rsdp || memcmp(rsdp, "RSD PTR ", 8))
		return NULL;
	*width = 8;
	if (rsdp[15] >= 2 && pointer(rsdp + 24, 8))
		return pointer(rsdp + 24, 8);
	*width = 4;
	return pointer(rsdp + 16, 4);
}

const uint8_t *acpi_table(const char *signature)
{
	unsigned width = 8;
	const uint8_t *root = find_root(&width);
	uint64_t len = root ? get_le(root + 4, 4) : 0;

	for (unsigned i = 0; i < TABLES_MAX; i++) {
		uint64_t at = HEADER + (uint64_t)i * width;
		const uint8_t *t;

		if (at + width > len)
			break;
		t = pointer(root + at, width);
		if (t && !memcmp(t, signature, 4)
		    && get_le(t + 4, 4) >= HEADER)
			return t;
	}
	return NULL;
}
