/* SPDX-License-Identifier: GPL-2.0-only */
/* Device paths: which port a console is on, whatever the bytes. */
#include <stdlib.h>
#include <string.h>
#include "serial/device_path.h"
#include "tap.h"

/* Nodes, as bytes. */
#define PCI_ROOT	"\x02\x01\x0c\x00\xd0\x41\x03\x0a\x00\x00\x00\x00"
#define PCI(dev)	"\x01\x01\x06\x00\x00" dev
#define ISA(uid)	"\x02\x01\x0c\x00\xd0\x41\x01\x05" uid "\x00\x00\x00"
#define ISA_UID_STR	"\x02\x02\x14\x00\xd0\x41\x01\x05\x00\x00\x00\x00" \
			"\x00\x00\x00\x00\x00\x00\x00\x00"
#define CTRL(n)		"\x01\x05\x08\x00" n "\x00\x00\x00"
#define USB(port)	"\x03\x05\x06\x00" port "\x00"
#define UART(speed)	"\x03\x0e\x13\x00\x00\x00\x00\x00\x00" speed "\x01\x00\x00\x00\x00\x00" \
			"\x08\x01\x01"
#define FAST		"\xc2"
#define SLOW		"\x25"
#define FLOW		"\x03\x0a\x18\x00" "FLOW_CONTROL_IDS" "\x00\x00\x00\x00"
#define TERMINAL	"\x03\x0a\x14\x00" "TERMINAL_TYPE_ID"
#define VENDOR_HW	"\x01\x04\x14\x00" "SERIAL_DXE_OF_FW"
#define VIDEO		"\x02\x03\x08\x00\x00\x01\x01\x80"
#define NEXT		"\x7f\x01\x04\x00"
#define END		"\x7f\xff\x04\x00"
#define OLD_END		"\xff\xff\x04\x00"

#define COM1		PCI_ROOT PCI("\x1f") ISA("\x00") UART(FAST)
#define COM2		PCI_ROOT PCI("\x1f") ISA("\x01") UART(FAST)
#define PCI_PORT	PCI_ROOT PCI("\x03") UART(FAST)
#define SCREEN		PCI_ROOT PCI("\x01") VIDEO

#define BYTES(s)	(s), sizeof(s) - 1

static const struct {
	const char *what;
	const char *console;
	size_t console_len;
	const char *port;
	size_t port_len;
	bool is_on;
} cases[] = {
	{ "the only console", BYTES(COM1 TERMINAL END), BYTES(COM1 END), true },
	{ "an older end", BYTES(COM1 TERMINAL OLD_END), BYTES(COM1 OLD_END), true },
	{ "another UID", BYTES(COM1 TERMINAL END), BYTES(COM2 END), false },
	{ "the first of three", BYTES(COM1 TERMINAL NEXT COM2 TERMINAL NEXT SCREEN END),
	  BYTES(COM1 END), true },
	{ "the second of three", BYTES(COM1 TERMINAL NEXT COM2 TERMINAL NEXT SCREEN END),
	  BYTES(COM2 END), true },
	{ "the last", BYTES(SCREEN NEXT COM2 TERMINAL END), BYTES(COM2 END), true },
	{ "none of three", BYTES(COM1 TERMINAL NEXT COM2 TERMINAL NEXT SCREEN END),
	  BYTES(PCI_PORT END), false },
	{ "a screen alone", BYTES(SCREEN END), BYTES(COM1 END), false },
	{ "PCI-serial", BYTES(SCREEN NEXT PCI_PORT TERMINAL END), BYTES(PCI_PORT END), true },
	{ "PCI-serial in another slot", BYTES(PCI_ROOT PCI("\x04") UART(FAST) TERMINAL END),
	  BYTES(PCI_PORT END), false },
	{ "one of two ports of a card",
	  BYTES(PCI_ROOT PCI("\x03") CTRL("\x01") UART(FAST) TERMINAL END),
	  BYTES(PCI_ROOT PCI("\x03") CTRL("\x01") UART(FAST) END), true },
	{ "the other one of them", BYTES(PCI_ROOT PCI("\x03") CTRL("\x01") UART(FAST) TERMINAL END),
	  BYTES(PCI_ROOT PCI("\x03") CTRL("\x00") UART(FAST) END), false },
	{ "another speed is the same port",
	  BYTES(PCI_ROOT PCI("\x1f") ISA("\x00") UART(SLOW) TERMINAL END),
	  BYTES(COM1 END), true },
	{ "flow control in the console's", BYTES(COM1 FLOW TERMINAL END), BYTES(COM1 END), true },
	{ "flow control in the port's", BYTES(COM1 TERMINAL END), BYTES(COM1 FLOW END), true },
	{ "a firmware's own port", BYTES(VENDOR_HW UART(FAST) TERMINAL END),
	  BYTES(VENDOR_HW UART(FAST) END), true },
	{ "a long UID is another node",
	  BYTES(PCI_ROOT PCI("\x1f") ISA_UID_STR UART(FAST) TERMINAL END),
	  BYTES(COM1 END), false },
	{ "USB, without a UART node", BYTES(PCI_ROOT PCI("\x14") USB("\x02") TERMINAL END),
	  BYTES(PCI_ROOT PCI("\x14") USB("\x02") END), true },
	{ "USB, a UART node in the console's",
	  BYTES(PCI_ROOT PCI("\x14") USB("\x02") UART(FAST) TERMINAL END),
	  BYTES(PCI_ROOT PCI("\x14") USB("\x02") END), true },
	{ "USB, another socket", BYTES(PCI_ROOT PCI("\x14") USB("\x01") TERMINAL END),
	  BYTES(PCI_ROOT PCI("\x14") USB("\x02") END), false },
	{ "a hub is no port of what is behind it",
	  BYTES(PCI_ROOT PCI("\x14") USB("\x02") USB("\x01") UART(FAST) TERMINAL END),
	  BYTES(PCI_ROOT PCI("\x14") USB("\x02") END), false },
	{ "a root is no port of a screen", BYTES(SCREEN END), BYTES(PCI_ROOT END), false },
	{ "a UART alone", BYTES(UART(FAST) TERMINAL END), BYTES(UART(FAST) END), true },
	{ "a port without a path", BYTES(COM1 TERMINAL END), BYTES(END), false },
	{ "a port of no bytes", BYTES(COM1 TERMINAL END), BYTES(""), false },
	{ "a console of no bytes", BYTES(""), BYTES(COM1 END), false },
	{ "an empty console", BYTES(END), BYTES(COM1 END), false },
	{ "empty instances before it", BYTES(NEXT NEXT COM1 TERMINAL END), BYTES(COM1 END), true },
	{ "cut behind the UART", BYTES(COM1), BYTES(COM1 END), true },
	{ "cut before the UART", BYTES(PCI_ROOT PCI("\x1f") ISA("\x00")), BYTES(COM1 END), false },
	{ "cut in a header", BYTES(PCI_ROOT "\x01\x01"), BYTES(COM1 END), false },
	{ "a node shorter than its header", BYTES("\x01\x01\x03\x00" COM1 END), BYTES(COM1 END),
	  false },
	{ "a node of no length", BYTES("\x00\x00\x00\x00" COM1 END), BYTES(COM1 END), false },
	{ "a node longer than the rest", BYTES("\x01\x01\xff\xff" COM1 END), BYTES(COM1 END),
	  false },
	{ "garbage", BYTES("\xde\xad\xbe\xef\xde\xad\xbe\xef"), BYTES(COM1 END), false },
	{ "a port that breaks off", BYTES(COM1 TERMINAL END), BYTES(PCI_ROOT PCI("\x1f")), false },
};

#define DISK		"\x04\x01\x2a\x00" "PART_START_AND_SIZE_AND_SIGNATURE____" "\x02"
#define CD		"\x04\x02\x18\x00" "BOOT_ENTRY_AND_PLACE"
#define FV		"\x04\x07\x14\x00" "NAME_OF_A_VOLUME"
#define FV_FILE		"\x04\x06\x14\x00" "NAME_OF_A_MODULE"
#define FILE_PATH	"\x04\x04\x08\x00\\\x00\x00\x00"
#define MAC		"\x03\x0b\x25\x00" "ADDRESS_PADDED_TO_32_BYTES_OF_IT" "\x01"
#define IPV4		"\x03\x0c\x1b\x00" "ADDRESSES_AND_PORTS_IPV"
#define URI		"\x03\x18\x0c\x00http://x"
#define ISCSI		"\x03\x13\x12\x00TARGET_OF_DISK"
#define SATA		"\x03\x12\x0a\x00\x00\x00\xff\xff\x00\x00"

static const struct {
	const char *what;
	const char *path;
	size_t len;
	enum device_path_volume is;
} volumes[] = {
	{ "a partition of a USB stick", BYTES(PCI_ROOT PCI("\x14") USB("\x01") DISK END),
	  VOLUME_PARTITION },
	{ "a USB stick without partitions", BYTES(PCI_ROOT PCI("\x14") USB("\x01") END),
	  VOLUME_OTHER },
	{ "a CD in a SATA drive", BYTES(PCI_ROOT PCI("\x1f") SATA CD END), VOLUME_CD },
	{ "the files of an emulator", BYTES("\x04\x03\x14\x00" "LOADER_FS_OF_QEM" END),
	  VOLUME_FIRMWARE },
	{ "a firmware volume", BYTES(FV END), VOLUME_FIRMWARE },
	{ "a file in a firmware volume", BYTES(FV FV_FILE END), VOLUME_FIRMWARE },
	{ "a network card", BYTES(PCI_ROOT PCI("\x02") MAC END), VOLUME_NETWORK },
	{ "PXE", BYTES(PCI_ROOT PCI("\x02") MAC IPV4 END), VOLUME_NETWORK },
	{ "HTTP", BYTES(PCI_ROOT PCI("\x02") MAC IPV4 URI END), VOLUME_NETWORK },
	{ "a partition of an iSCSI disk", BYTES(PCI_ROOT PCI("\x02") MAC IPV4 ISCSI DISK END),
	  VOLUME_PARTITION },
	{ "an iSCSI disk without partitions", BYTES(PCI_ROOT PCI("\x02") MAC IPV4 ISCSI END),
	  VOLUME_OTHER },
	{ "a file's path is no volume's kind",
	  BYTES(PCI_ROOT PCI("\x1f") SATA DISK FILE_PATH END), VOLUME_PARTITION },
	{ "nothing", BYTES(END), VOLUME_OTHER },
	{ "no bytes", BYTES(""), VOLUME_OTHER },
	{ "garbage", BYTES("\x04\x02\x03\x00" END), VOLUME_OTHER },
	{ "cut off", BYTES(PCI_ROOT PCI("\x1f") SATA "\x04\x02\x18\x00"), VOLUME_OTHER },
};

static void volume_kinds(void)
{
	for (size_t i = 0; i < sizeof(volumes) / sizeof(volumes[0]); i++)
		ok(device_path_volume(volumes[i].path, volumes[i].len) == volumes[i].is,
		   "volume: %s", volumes[i].what);
}

/* In memory of its own, so that a byte read beyond it is seen. */
static void *copy(const char *bytes, size_t len)
{
	void *p = malloc(len ? len : 1);

	memcpy(p, bytes, len);
	return p;
}

static void tables(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		void *c = copy(cases[i].console, cases[i].console_len);
		void *p = copy(cases[i].port, cases[i].port_len);

		ok(device_path_is_on(c, cases[i].console_len, p, cases[i].port_len)
		   == cases[i].is_on, "%s", cases[i].what);
		free(c);
		free(p);
	}
}

/* A hundred screens before the port: more than a kilobyte. */
static void long_paths(void)
{
	static const char screen[] = SCREEN NEXT, port[] = COM2 TERMINAL END;
	const size_t n = sizeof(screen) - 1;
	char path[100 * (sizeof(screen) - 1) + sizeof(port) - 1];

	for (size_t i = 0; i < 100; i++)
		memcpy(path + i * n, screen, n);
	memcpy(path + 100 * n, port, sizeof(port) - 1);
	ok1(sizeof(path) > 1024);
	ok(device_path_is_on(path, sizeof(path), BYTES(COM2 END)), "the last of 101");
	ok(!device_path_is_on(path, sizeof(path), BYTES(COM1 END)), "none of 101");
	ok(device_path_bytes(path, sizeof(path)) == sizeof(path), "the length of 101 instances");
	ok(device_path_bytes(path, sizeof(path) - 1) == 0, "its end is cut off");
}

static void lengths(void)
{
	ok1(device_path_bytes(BYTES(COM1 END)) == sizeof(COM1 END) - 1);
	ok1(device_path_bytes(COM1 END "behind it", 1000) == sizeof(COM1 END) - 1);
	ok1(device_path_bytes(BYTES(COM1)) == 0);
	ok1(device_path_bytes(BYTES(END)) == 4);
	ok1(device_path_bytes(BYTES("")) == 0);
	ok1(device_path_bytes(BYTES("\x01\x01\x03\x00" END)) == 0);
}

/* Every cut and every byte changed: it ends, and reads nothing beyond. */
static void spoilt(void)
{
	static const char whole[] = SCREEN NEXT COM1 FLOW TERMINAL NEXT COM2 TERMINAL END;
	const size_t len = sizeof(whole) - 1;
	unsigned found = 0;

	for (size_t n = 0; n <= len; n++) {
		uint8_t *p = copy(whole, n);

		found += device_path_is_on(p, n, BYTES(COM2 END));
		device_path_bytes(p, n);
		free(p);
	}
	ok(found == sizeof(TERMINAL END), "a cut behind the UART's node leaves it there: %u",
	   found);
	for (size_t i = 0; i < len; i++)
		for (unsigned v = 0; v < 256; v++) {
			uint8_t *p = copy(whole, len);

			p[i] = (uint8_t)v;
			device_path_is_on(p, len, BYTES(COM2 END));
			device_path_is_on(whole, len, p, len);
			free(p);
		}
	ok(true, "no change of a byte makes it read beyond");
}

int main(void)
{
	tables();
	volume_kinds();
	long_paths();
	lengths();
	spoilt();
	return done();
}
