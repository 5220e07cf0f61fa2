/* SPDX-License-Identifier: GPL-2.0-only */
/* Boot entries, as far as options are in them; see options_data.h. */
#include <stdbool.h>
#include "lib/bytes.h"
#include "lib/mem.h"
#include "options_data.h"

/* What a boot entry is marked with that the firmware itself made. */
static const uint8_t made_by_firmware[16] = {
	0x4e, 0xac, 0x08, 0x81, 0x11, 0x9f, 0x59, 0x4d,
	0x85, 0x0e, 0xe2, 0x1a, 0x52, 0x2c, 0x59, 0xb2,
};

#define NODE_END	0x7f
#define NODE_END_ALL	0xff

/* The bytes of a device path, with its end node; 0 if they are none. */
static size_t path_length(const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (len - at >= 4) {
		size_t node = get_le16(p + at + 2);

		if (node < 4 || node > len - at)
			return 0;
		if (p[at] == NODE_END && p[at + 1] == NODE_END_ALL)
			return at + node;
		at += node;
	}
	return 0;
}

/* Some firmware hands over the whole variable of the boot entry: attributes, the
 * length of the paths, a description, the paths, and only then the optional data. */
static struct bytes optional_data(struct bytes b)
{
	size_t len = length_of(b), at = 6, paths;

	if (len < 6 + 2 + 4)
		return b;
	paths = get_le16(b.at + 4);
	while (at + 2 <= len && get_le16(b.at + at))
		at += 2;
	at += 2;
	if (at > len || paths > len - at || !paths
	    || path_length(b.at + at, paths) != paths)
		return b;
	return (struct bytes){ b.at + at + paths, b.end };
}

static struct bytes without_mark(struct bytes b)
{
	if (length_of(b) >= sizeof(made_by_firmware)
	    && !memcmp(b.end - sizeof(made_by_firmware), made_by_firmware,
		       sizeof(made_by_firmware)))
		b.end -= sizeof(made_by_firmware);
	return b;
}

static bool all_zero(struct bytes b)
{
	while (b.at < b.end && !*b.at)
		b.at++;
	return b.at == b.end;
}

struct bytes options_data(struct bytes b)
{
	b = without_mark(optional_data(without_mark(b)));
	if (all_zero(b))
		b.end = b.at;
	return b;
}
