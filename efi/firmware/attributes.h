/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EFI_MEMORY_ATTRIBUTE_PROTOCOL: the firmware's own way to protect pages.
 *
 * Source: UEFI Specification 2.10, "Memory Attribute Protocol".
 */
#ifndef ATTRIBUTES_H
#define ATTRIBUTES_H

#include <efi.h>
#include <stdbool.h>
#include <stdint.h>

#define ATTRIBUTE_RP	0x2000ull	/* may not be read */
#define ATTRIBUTE_XP	0x4000ull	/* may not be executed */
#define ATTRIBUTE_RO	0x20000ull	/* may not be stored to */

#define ATTRIBUTE_PROTOCOL_GUID						\
	{ 0xf4560cf6, 0x40ec, 0x4b4a,					\
	  { 0xa1, 0x92, 0xbf, 0x1d, 0x57, 0xd0, 0xb1, 0x89 } }

/* gnu-efi 3.0.15 has it not. */
struct attribute_protocol {
	EFI_STATUS (EFIAPI *get)(struct attribute_protocol *p,
				 EFI_PHYSICAL_ADDRESS base, UINT64 len,
				 UINT64 *attributes);
	EFI_STATUS (EFIAPI *set)(struct attribute_protocol *p,
				 EFI_PHYSICAL_ADDRESS base, UINT64 len,
				 UINT64 attributes);
	EFI_STATUS (EFIAPI *clear)(struct attribute_protocol *p,
				   EFI_PHYSICAL_ADDRESS base, UINT64 len,
				   UINT64 attributes);
};

/* Has the firmware got it? */
bool attributes_there(void);

/*
 * Of whole pages.  IF is as it was afterwards, whatever the firmware does.
 *
 * Return: false if the firmware refuses; attributes_get() also where the pages
 * differ.
 */
bool attributes_get(uint64_t at, uint64_t len, uint64_t *attributes);
bool attributes_set(uint64_t at, uint64_t len, uint64_t attributes);
bool attributes_clear(uint64_t at, uint64_t len, uint64_t attributes);

#endif
