/* SPDX-License-Identifier: GPL-2.0-only */
/* The last file that a device path names; see options_program.h. */
#include "config/options_program.h"
#include "lib/bytes.h"

#define NODE_END	0x7f
#define NODE_MEDIA	4
#define NODE_FILE	4

static unsigned two(const uint8_t *p)
{
	return (unsigned)get_le(p, 2);
}

void options_program(const uint8_t *path, size_t len, char *to, size_t room)
{
	size_t at = 0, n = 0;

	while (len - at >= 4 && path[at] != NODE_END) {
		size_t node = two(path + at + 2);

		if (node < 4 || node > len - at)
			break;
		if (path[at] == NODE_MEDIA && path[at + 1] == NODE_FILE) {
			n = 0;			/* the last one has the file */
			for (size_t i = 4; i + 1 < node && n + 1 < room
			     && two(path + at + i); i += 2) {
				unsigned c = two(path + at + i);

				to[n++] = c < 0x80 ? (char)c : '?';
			}
		}
		at += node;
	}
	to[n] = '\0';
}
