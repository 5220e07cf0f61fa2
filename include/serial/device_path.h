/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device paths, as bytes: is it this port that a console is on?
 *
 * A path is a row of nodes: type, subtype, length in two bytes (the header's 4 among
 * them), data.  A multi-instance path is several paths behind one another.  Bytes may
 * be cut off or garbage, as a variable's may be: what is read stays within them.
 *
 * Source: UEFI Specification, "Device Path Protocol": "Generic Device Path Structures",
 * "UART Device Path", "Vendor-Defined Messaging Device Path", "Rules for End of Hardware
 * Device Path"; "Globally Defined Variables" (ConOut).
 */
#ifndef DEVICE_PATH_H
#define DEVICE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * device_path_bytes - the length of a path, to the end of its last instance.
 * @room: bytes that may be looked at.
 *
 * Return: with the end node's 4 bytes; 0 where it does not end within @room, or a node
 * is shorter than its header.
 */
size_t device_path_bytes(const void *path, size_t room);

/**
 * device_path_is_on - is a console on a port?
 * @console, @console_len: the console's path, of one instance or more.
 * @port, @port_len: of the handle that has the port's protocol.
 *
 * Yes if an instance of the console's begins with what leads to the port.  That is all
 * up to the port's UART node; of that node the kind alone counts, since speed and
 * parity are settings and no place.  A port that has no such node (virtio, USB) must
 * be followed by what a terminal has: a UART node or a vendor's, for its type.
 *
 * Return: false as well for a port without a path, or whose path breaks off before
 * its UART or its end.
 */
bool device_path_is_on(const void *console, size_t console_len,
		       const void *port, size_t port_len);

/* What a volume is on, by its path. */
enum device_path_volume {
	VOLUME_OTHER,			/* a whole disk, or what has no name */
	VOLUME_PARTITION,		/* of a disk or a stick */
	VOLUME_CD,
	VOLUME_FIRMWARE,		/* files that a firmware or an emulator makes up */
	VOLUME_NETWORK,			/* files that a network boot program makes up */
};

/**
 * device_path_volume - by the last node that says it.
 *
 * Source: "Media Device Path": "Hard Drive", "CD-ROM Media Device Path",
 * "Vendor-Defined Media Device Path", "PIWG Firmware File", "PIWG Firmware Volume";
 * "Messaging Device Path": "MAC Address", "IPv4", "IPv6", "URI", "iSCSI".
 */
enum device_path_volume device_path_volume(const void *path, size_t len);

#endif
