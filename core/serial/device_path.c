/* SPDX-License-Identifier: GPL-2.0-only */
/* Which port a console is on, see device_path.h. */
#include "serial/device_path.h"
#include "lib/bytes.h"
#include "lib/mem.h"

#define HEADER		4

#define TYPE_MESSAGING	3
#define SUBTYPE_VENDOR	10
#define SUBTYPE_MAC	11
#define SUBTYPE_IPV4	12
#define SUBTYPE_IPV6	13
#define SUBTYPE_UART	14
#define SUBTYPE_URI	24
#define TYPE_MEDIA	4
#define SUBTYPE_DISK	1
#define SUBTYPE_CD	2
#define SUBTYPE_MADE_UP	3		/* a vendor's */
#define SUBTYPE_FV_FILE	6
#define SUBTYPE_FV	7
#define TYPE_END	0x7f
#define SUBTYPE_END	0xff		/* of all; else of an instance */

/* A node, within the bytes that there are. */
struct node {
	const uint8_t *at;
	size_t len;			/* 0: there is no whole node */
};

static struct node node_at(const uint8_t *p, size_t len)
{
	size_t n = len < HEADER ? 0 : get_le16(p + 2);

	return (struct node){ p, n < HEADER || n > len ? 0 : n };
}

static bool is_messaging(struct node n, uint8_t subtype)
{
	return n.len && n.at[0] == TYPE_MESSAGING && n.at[1] == subtype;
}

static bool is_end(struct node n)
{
	return (n.at[0] & TYPE_END) == TYPE_END;	/* EFI 1.02 had 0xff too */
}

static bool is_last(struct node n)
{
	return is_end(n) && n.at[1] == SUBTYPE_END;
}

size_t device_path_bytes(const void *path, size_t room)
{
	size_t at = 0;

	for (;;) {
		struct node n = node_at((const uint8_t *)path + at, room - at);

		if (!n.len)
			return 0;
		at += n.len;
		if (is_last(n))
			return at;
	}
}

static bool is_same(struct node a, struct node b)
{
	if (is_messaging(a, SUBTYPE_UART))
		return is_messaging(b, SUBTYPE_UART);
	return a.len == b.len && !memcmp(a.at, b.at, a.len);
}

/* Is one instance, which begins with @c, on the port? */
static bool instance_is_on(const uint8_t *c, size_t len, const uint8_t *port,
			   size_t port_len)
{
	struct node on = node_at(c, len), to = node_at(port, port_len);
	bool any = false;

	while (on.len && to.len && !is_end(on) && !is_end(to) && is_same(on, to)) {
		any = true;
		if (is_messaging(to, SUBTYPE_UART))
			return true;
		c += on.len, len -= on.len;
		port += to.len, port_len -= to.len;
		on = node_at(c, len);
		to = node_at(port, port_len);
	}
	return any && to.len && is_end(to)
		&& (is_messaging(on, SUBTYPE_UART) || is_messaging(on, SUBTYPE_VENDOR));
}

bool device_path_is_on(const void *console, size_t console_len,
		       const void *port, size_t port_len)
{
	const uint8_t *c = console;
	struct node n;

	for (;;) {
		if (instance_is_on(c, console_len, port, port_len))
			return true;
		do {
			n = node_at(c, console_len);
			if (!n.len || is_last(n))
				return false;
			c += n.len, console_len -= n.len;
		} while (!is_end(n));
	}
}

static enum device_path_volume of_media(uint8_t subtype, enum device_path_volume before)
{
	switch (subtype) {
	case SUBTYPE_DISK:
		return VOLUME_PARTITION;
	case SUBTYPE_CD:
		return VOLUME_CD;
	case SUBTYPE_MADE_UP:
	case SUBTYPE_FV_FILE:
	case SUBTYPE_FV:
		return VOLUME_FIRMWARE;
	}
	return before;
}

/* A disk that is reached by the network is a disk. */
static enum device_path_volume of_messaging(uint8_t subtype)
{
	switch (subtype) {
	case SUBTYPE_MAC:
	case SUBTYPE_IPV4:
	case SUBTYPE_IPV6:
	case SUBTYPE_URI:
		return VOLUME_NETWORK;
	}
	return VOLUME_OTHER;
}

static enum device_path_volume volume_of(struct node n, enum device_path_volume before)
{
	if (n.at[0] == TYPE_MEDIA)
		return of_media(n.at[1], before);
	return n.at[0] == TYPE_MESSAGING ? of_messaging(n.at[1]) : before;
}

enum device_path_volume device_path_volume(const void *path, size_t len)
{
	enum device_path_volume v = VOLUME_OTHER;
	const uint8_t *p = path;
	struct node n = node_at(p, len);

	while (n.len && !is_end(n)) {
		v = volume_of(n, v);
		p += n.len, len -= n.len;
		n = node_at(p, len);
	}
	return v;
}
