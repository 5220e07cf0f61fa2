/* SPDX-License-Identifier: GPL-2.0-only */
/* The vmlinux in a bzImage: where it is. */
#include <string.h>
#include "bzimage.h"
#include "lib/bytes.h"

/* Offsets of the setup header.  Source: Linux, Documentation/arch/x86/boot.rst,
 * "The Real-Mode Kernel Header". */
#define SETUP_SECTS	0x1f1
#define SYSSIZE		0x1f4		/* of what is behind the setup, in 16 bytes */
#define MAGIC		0x202
#define VERSION		0x206
#define PAYLOAD_OFFSET	0x248
#define PAYLOAD_LENGTH	0x24c
#define HEADER_END	0x250
#define SECTOR		512

bool bzimage_is(const uint8_t *bytes, size_t len)
{
	return len >= HEADER_END && !memcmp(bytes + MAGIC, "HdrS", 4);
}

/* 0 setup sectors means 4. */
static size_t setup_len(const uint8_t *bytes)
{
	return ((bytes[SETUP_SECTS] ? bytes[SETUP_SECTS] : 4) + 1) * SECTOR;
}

/* Offsets of a PE file.  Source: Microsoft, PE Format, "MS-DOS Stub", "COFF File Header",
 * "Optional Header Data Directories". */
#define PE_AT		0x3c
#define OPTIONAL	24		/* from the signature */
#define CERTIFICATES	4		/* number of the directory entry, 8 bytes each */

/* Where signatures end, by the header that makes a kernel an EFI application; 0: it has
 * none.  They are behind everything else, and belong to no section. */
static uint64_t signed_len(const uint8_t *bytes, size_t len)
{
	uint64_t pe = get_le(bytes + PE_AT, 4), at = pe + OPTIONAL, entry;

	if (memcmp(bytes, "MZ", 2) || at + 2 > len || memcmp(bytes + pe, "PE\0", 4))
		return 0;
	/* PE32+ has the longer header. */
	at += get_le(bytes + at, 2) == 0x20b ? 112 : 96;
	entry = at + 8 * CERTIFICATES;
	if (entry + 8 > len || get_le(bytes + at - 4, 4) <= CERTIFICATES
	    || !get_le(bytes + entry + 4, 4))
		return 0;
	return get_le(bytes + entry, 4) + get_le(bytes + entry + 4, 4);
}

/* Is all of the file there that its headers speak of?  The payload is not the last. */
static bool is_whole(const uint8_t *bytes, size_t len, struct refusal *r)
{
	uint64_t want = setup_len(bytes) + 16 * get_le(bytes + SYSSIZE, 4);

	if (want > len)
		return refuse(r, "bzImage: cut short: its header says that it has %llu "
				 "bytes or more, and there are %zu",
			      (unsigned long long)want, len);
	want = signed_len(bytes, len);
	if (want > len)
		return refuse(r, "bzImage: cut short: its signature ends at %llu bytes, and "
				 "there are %zu",
			      (unsigned long long)want, len);
	return true;
}

bool bzimage_payload(const uint8_t *bytes, size_t len, const uint8_t **payload,
		     size_t *payload_len, struct refusal *r)
{
	uint64_t at = setup_len(bytes) + get_le(bytes + PAYLOAD_OFFSET, 4);

	if (get_le(bytes + VERSION, 2) < 0x208)
		return refuse(r, "bzImage: boot protocol %u.%02u does not say where the payload is",
			      bytes[VERSION + 1], bytes[VERSION]);
	*payload_len = get_le(bytes + PAYLOAD_LENGTH, 4);
	if (at > len || *payload_len > len - at)
		return refuse(r, "bzImage: the payload is not inside the file: %#zx bytes "
				 "at offset %#llx of %#zx",
			      *payload_len, (unsigned long long)at, len);
	*payload = bytes + at;
	return is_whole(bytes, len, r);
}
