/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SMBIOS: what board this is.  From bytes that the firmware's maker wrote and
 * nobody checked.
 *
 * Serial numbers, asset tags and UUIDs are not read: reports are collected.
 *
 * Source: DMTF DSP0134, "System Management BIOS (SMBIOS) Reference
 * Specification", "Structure table entry point", "Text strings", types 0 to 2.
 */
#ifndef SMBIOS_H
#define SMBIOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each is printable, and empty where nothing says it. */
struct smbios {
	char bios_vendor[64], bios_version[64], bios_date[16];
	char system_maker[64], system_product[64];
	char board_maker[64], board_product[64], board_version[64];
	const char *why;	/* why there is none of it, or NULL */
};

/* Where the structures are. */
struct smbios_table {
	uint64_t addr;
	size_t len;		/* at most this many bytes */
};

/* Bytes of the longer of the two entry points; what smbios_entry() is given. */
#define SMBIOS_ENTRY_MAX	32
/* A longer table is cut. */
#define SMBIOS_TABLE_MAX	(1u << 20)

/**
 * smbios_entry - an entry point, 64-bit ("_SM3_") or 32-bit ("_SM_").
 * @p, @room: its bytes.
 * @t:        filled on success.
 *
 * Return: NULL, or why it is not one: anchor, length or checksum.
 */
const char *smbios_entry(const uint8_t *p, size_t room, struct smbios_table *t);

/**
 * smbios_parse - the strings of the first structure of each of types 0, 1, 2.
 * @p, @len: the structures.
 * @s:       filled; @s->why says what is wrong where the table ends before its
 *           end marker or a structure does not fit.  What came before is kept.
 *
 * Reads nothing outside of @p[0..@len).
 */
void smbios_parse(const uint8_t *p, size_t len, struct smbios *s);

#endif
