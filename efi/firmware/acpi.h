/* SPDX-License-Identifier: GPL-2.0-only */
/* The firmware's tables: which there are, and their bytes. */
#ifndef ACPI_H
#define ACPI_H

#include <efi.h>
#include <stdint.h>

/**
 * config_table - one of the firmware's configuration tables.
 * Return: NULL where there is none of that GUID.
 */
const void *config_table(const EFI_GUID *guid);

/**
 * acpi_table - an ACPI table by its signature, four characters.
 *
 * Return: NULL where there is none; its length is the word at offset 4, at least
 * 36 bytes.
 *
 * Source: ACPI Specification, "Root System Description Pointer", "Root System
 * Description Table", "Extended System Description Table".
 */
const uint8_t *acpi_table(const char *signature);

#endif
