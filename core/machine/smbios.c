/* SPDX-License-Identifier: GPL-2.0-only */
/* SMBIOS tables, see smbios.h. */
#include "lib/bytes.h"
#include "lib/mem.h"
#include "lib/printable.h"
#include "machine/smbios.h"

enum { TYPE_BIOS = 0, TYPE_SYSTEM = 1, TYPE_BOARD = 2, TYPE_END = 127 };
#define HEADER	4	/* type, length, handle */

static bool sums_to_0(const uint8_t *p, size_t len)
{
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *p++);
	return !sum;
}

static void place(struct smbios_table *t, uint64_t addr, uint64_t len)
{
	t->addr = addr;
	t->len = len < SMBIOS_TABLE_MAX ? (size_t)len : SMBIOS_TABLE_MAX;
}

static const char *entry64(const uint8_t *p, size_t room, struct smbios_table *t)
{
	if (room < 24 || p[6] < 24 || p[6] > room)
		return "the entry point's length is wrong";
	if (!sums_to_0(p, p[6]))
		return "the entry point's checksum is wrong";
	place(t, get_le(p + 16, 8), get_le(p + 12, 4));
	return NULL;
}

/* The length may be 1Eh: version 2.1 of the specification had it so. */
static const char *entry32(const uint8_t *p, size_t room, struct smbios_table *t)
{
	if (room < 31 || p[5] < 30 || p[5] > room)
		return "the entry point's length is wrong";
	if (!sums_to_0(p, p[5]) || memcmp(p + 16, "_DMI_", 5)
	    || !sums_to_0(p + 16, 15))
		return "the entry point's checksum is wrong";
	place(t, get_le(p + 24, 4), get_le(p + 22, 2));
	return NULL;
}

const char *smbios_entry(const uint8_t *p, size_t room, struct smbios_table *t)
{
	const char *why = "the entry point has no anchor";

	if (room >= 5 && !memcmp(p, "_SM3_", 5))
		why = entry64(p, room, t);
	else if (room >= 4 && !memcmp(p, "_SM_", 4))
		why = entry32(p, room, t);
	if (!why && (!t->addr || !t->len))
		why = "the entry point names no table";
	return why;
}

/* One structure: its formatted part and the strings behind it. */
struct structure {
	const uint8_t *p;
	uint8_t len;
	const uint8_t *strings;
	size_t strings_len;	/* with the two zeros that end them */
};

/* False: it does not fit into @len bytes. */
static bool read_structure(const uint8_t *p, size_t len, struct structure *s)
{
	size_t end;

	if (len < HEADER || p[1] < HEADER || p[1] > len)
		return false;
	for (end = p[1]; ; end++) {
		if (len - end < 2)
			return false;
		if (!p[end] && !p[end + 1])
			break;
	}
	*s = (struct structure){ p, p[1], p + p[1], end + 2 - p[1] };
	return true;
}

/* The string whose number is at offset @at; numbers begin with 1, 0 is none.
 * The last string ends at the end of the structure, whatever its bytes are. */
static void get_string(const struct structure *s, uint8_t at, char *to,
		       size_t room)
{
	const uint8_t *p = s->strings, *end = p + s->strings_len;
	unsigned nth = at < s->len ? s->p[at] : 0;

	while (nth > 1 && p < end && *p) {
		while (p < end && *p)
			p++;
		p++;
		nth--;
	}
	if (nth == 1 && p < end)
		printable(to, room, p, (size_t)(end - p));
}

#define GET(s, at, field)	get_string(s, at, field, sizeof(field))

static void take(const struct structure *s, struct smbios *out)
{
	switch (s->p[0]) {
	case TYPE_BIOS:
		GET(s, 4, out->bios_vendor);
		GET(s, 5, out->bios_version);
		GET(s, 8, out->bios_date);
		break;
	case TYPE_SYSTEM:
		GET(s, 4, out->system_maker);
		GET(s, 5, out->system_product);
		break;
	case TYPE_BOARD:
		GET(s, 4, out->board_maker);
		GET(s, 5, out->board_product);
		GET(s, 6, out->board_version);
		break;
	}
}

void smbios_parse(const uint8_t *p, size_t len, struct smbios *out)
{
	bool seen[3] = { false };
	struct structure s;

	*out = (struct smbios){ .why = NULL };
	while (read_structure(p, len, &s)) {
		uint8_t type = s.p[0];

		if (type == TYPE_END)
			return;
		if (type < 3 && !seen[type]) {
			take(&s, out);
			seen[type] = true;
		}
		p = s.strings + s.strings_len;
		len -= s.len + s.strings_len;
	}
	/* Of version 2.1, a table may end with its last structure. */
	if (len)
		out->why = "a structure does not fit into the table";
}
