/* SPDX-License-Identifier: GPL-2.0-only */
/* The sections of a PE file.  Source: Microsoft, PE Format, "MS-DOS Stub", "COFF File
 * Header", "Section Table (Section Headers)". */
#include <string.h>
#include "lib/bytes.h"
#include "pe.h"

#define DOS_LEN		0x40
#define PE_AT		0x3c
#define COFF_LEN	24		/* with the signature before it */
#define MACHINE		4
#define SECTIONS	6
#define OPTIONAL_LEN	20

/* A section header. */
#define HEADER_LEN	40
#define NAME_LEN	8
#define VIRTUAL_LEN	8
#define RAW_LEN		16
#define RAW_AT		20

bool pe_open(struct pe *pe, const uint8_t *bytes, size_t len)
{
	uint64_t at;

	*pe = (struct pe){ .bytes = bytes, .len = len };
	if (len < DOS_LEN || memcmp(bytes, "MZ", 2))
		return false;
	at = get_le(bytes + PE_AT, 4);
	if (at > len || len - at < COFF_LEN || memcmp(bytes + at, "PE\0", 4))
		return false;
	pe->machine = (unsigned)get_le(bytes + at + MACHINE, 2);
	pe->count = get_le(bytes + at + SECTIONS, 2);
	pe->sections = at + COFF_LEN + get_le(bytes + at + OPTIONAL_LEN, 2);
	return pe->sections <= len && pe->count * HEADER_LEN <= len - pe->sections;
}

static const uint8_t *header(const struct pe *pe, const char *name)
{
	char padded[NAME_LEN] = { 0 };

	memcpy(padded, name, strnlen(name, NAME_LEN));
	for (size_t i = 0; i < pe->count; i++) {
		const uint8_t *h = pe->bytes + pe->sections + i * HEADER_LEN;

		if (!memcmp(h, padded, NAME_LEN))
			return h;
	}
	return NULL;
}

bool pe_has(const struct pe *pe, const char *name)
{
	return header(pe, name);
}

bool pe_section(const struct pe *pe, const char *name, const uint8_t **bytes, size_t *len,
		struct refusal *r)
{
	const uint8_t *h = header(pe, name);
	uint64_t at, raw, virtual;

	if (!h)
		return refuse(r, "there is no section %s", name);
	at = get_le(h + RAW_AT, 4);
	raw = get_le(h + RAW_LEN, 4);
	virtual = get_le(h + VIRTUAL_LEN, 4);
	if (at > pe->len || raw > pe->len - at)
		return refuse(r, "its section %s is not inside the file: %#llx bytes at "
				 "offset %#llx of %#zx",
			      name, (unsigned long long)raw, (unsigned long long)at, pe->len);
	/* In the file it is padded. */
	*bytes = pe->bytes + at;
	*len = virtual && virtual < raw ? virtual : raw;
	return true;
}
