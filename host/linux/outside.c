/* SPDX-License-Identifier: GPL-2.0-only */
/* From outside to inside, see outside.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bzimage.h"
#include "lib/bytes.h"
#include "outside.h"
#include "pe.h"
#include "unpack.h"

/* One in the other; a signed bzImage in a UKI that is packed needs four. */
#define DEPTH_MAX	6

#define MACHINE_I386	0x14c
#define MACHINE_AMD64	0x8664

static uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void add_how(struct outside *o, const char *how)
{
	size_t n = strlen(o->how);

	snprintf(o->how + n, sizeof(o->how) - n, "%s%s", n ? ", " : "", how);
}

/* Go on with a part of it. */
static bool enter(struct outside *o, const uint8_t *bytes, size_t len, const char *how)
{
	o->bytes = bytes;
	o->len = len;
	add_how(o, how);
	return true;
}

static bool enter_packed(struct outside *o, const uint8_t *bytes, size_t len, size_t max,
			 const char *what, struct refusal *r)
{
	const char *how = packed_by(bytes, len);
	uint8_t *out;
	size_t out_len;

	if (!unpack(bytes, len, max, what, &out, &out_len, r))
		return false;
	free(o->unpacked);
	o->unpacked = out;
	return enter(o, out, out_len, how);
}

static bool is_elf(const struct outside *o)
{
	return o->len >= 4 && !memcmp(o->bytes, "\177ELF", 4);
}

static bool enter_bzimage(struct outside *o, size_t max, struct refusal *r)
{
	const uint8_t *payload;
	size_t len;
	char what[64];

	if (!bzimage_payload(o->bytes, o->len, &payload, &len, r))
		return false;
	snprintf(what, sizeof(what), "bzImage: the payload at offset %#zx",
		 (size_t)(payload - o->bytes));
	add_how(o, "bzImage");
	return enter_packed(o, payload, len, max, what, r);
}

/* An EFI application.  Source: UAPI Group Specifications, "Unified Kernel Image (UKI)". */
static bool enter_pe(struct outside *o, const struct pe *pe, struct refusal *r)
{
	const uint8_t *kernel;
	size_t len;
	struct refusal why;

	if (!pe_has(pe, ".linux"))
		return refuse(r, "not a kernel image: an EFI application (PE, machine %#x) "
				 "without a kernel in it: it has no section .linux, as "
				 "unified kernel images have, and is no bzImage",
			      pe->machine);
	if (!pe_section(pe, ".linux", &kernel, &len, &why))
		return refuse(r, "unified kernel image: %s", why.why);
	if (pe->machine != MACHINE_AMD64 && pe->machine != MACHINE_I386)
		return refuse(r, "not a kernel image for x86: a unified kernel image for "
				 "machine %#x",
			      pe->machine);
	return enter(o, kernel, len, "UKI");
}

/* Source: Linux, drivers/firmware/efi/libstub/zboot-header.S. */
#define ZBOOT_AT	8
#define ZBOOT_LEN	12
#define ZBOOT_HEAD	64

static bool is_zboot(const struct outside *o)
{
	return o->len >= ZBOOT_HEAD && !memcmp(o->bytes, "MZ\0\0zimg", 8);
}

static bool enter_zboot(struct outside *o, size_t max, struct refusal *r)
{
	uint64_t at = get_le(o->bytes + ZBOOT_AT, 4), len = get_le(o->bytes + ZBOOT_LEN, 4);

	if (at > o->len || len > o->len - at)
		return refuse(r, "EFI zboot image: the payload is not inside the file: "
				 "%#llx bytes at offset %#llx of %#zx",
			      (unsigned long long)len, (unsigned long long)at, o->len);
	add_how(o, "EFI zboot");
	return enter_packed(o, o->bytes + at, len, max, "EFI zboot image: the payload", r);
}

/* Source: U-Boot, include/image.h, struct legacy_img_hdr; all of it big-endian. */
#define UIMAGE_MAGIC	0x27051956
#define UIMAGE_HEAD	64
#define UIMAGE_LEN	12
#define UIMAGE_TYPE	30
#define UIMAGE_KERNEL	2
#define UIMAGE_NOLOAD	14

static bool enter_uimage(struct outside *o, struct refusal *r)
{
	uint32_t len = get_be32(o->bytes + UIMAGE_LEN);
	unsigned type = o->bytes[UIMAGE_TYPE];

	if (type != UIMAGE_KERNEL && type != UIMAGE_NOLOAD)
		return refuse(r, "not a kernel image: a U-Boot image of type %u, which is "
				 "no kernel (2)",
			      type);
	if (len > o->len - UIMAGE_HEAD)
		return refuse(r, "U-Boot image: cut short: its header says that it has %u "
				 "bytes behind it, and there are %zu",
			      len, o->len - UIMAGE_HEAD);
	return enter(o, o->bytes + UIMAGE_HEAD, len, "uImage");
}

/* Source: Android, "Boot image header": the kernel follows the header's page; its size is
 * the first field, pages have 4096 bytes from version 3 on. */
#define ANDROID_LEN	8
#define ANDROID_PAGE	36
#define ANDROID_VERSION	40
#define ANDROID_HEAD	48

static bool enter_android(struct outside *o, struct refusal *r)
{
	uint64_t len = get_le(o->bytes + ANDROID_LEN, 4);
	uint64_t version = get_le(o->bytes + ANDROID_VERSION, 4);
	uint64_t page = version == 3 || version == 4 ? 4096
		: get_le(o->bytes + ANDROID_PAGE, 4);

	if (page > o->len || len > o->len - page)
		return refuse(r, "Android boot image: the kernel is not inside the file: "
				 "%#llx bytes at offset %#llx of %#zx",
			      (unsigned long long)len, (unsigned long long)page, o->len);
	return enter(o, o->bytes + page, len, "Android boot image");
}

/* First bytes, or bytes at an offset, and what they say. */
static const struct { size_t at; unsigned len; const char *bytes, *name; } others[] = {
#define OTHER(at, bytes, name)	{ at, sizeof(bytes) - 1, bytes, name }
#define INITRAMFS	"a cpio archive, as an initramfs is; the kernel is vmlinuz beside it"
	OTHER(0, "070701", INITRAMFS),
	OTHER(0, "070702", INITRAMFS),
	OTHER(0, "070707", INITRAMFS),
	OTHER(0, "\xc7\x71", INITRAMFS),
	OTHER(0, "QFI\xfb", "a qcow2 disk image; mount it, or copy the kernel out of it "
			    "(virt-copy-out, guestfish)"),
	OTHER(0, "KDMV", "a VMDK disk image; copy the kernel out of it"),
	OTHER(0, "vhdxfile", "a VHDX disk image; copy the kernel out of it"),
	OTHER(0, "conectix", "a VHD disk image; copy the kernel out of it"),
	OTHER(64, "\x7f\x10\xda\xbe", "a VDI disk image; copy the kernel out of it"),
	OTHER(32769, "CD001", "an ISO 9660 image; mount it, or take the kernel out of it "
			      "(bsdtar -x, xorriso)"),
	OTHER(0, "hsqs", "a squashfs file system; take the kernel out of it (unsquashfs)"),
	OTHER(1080, "\x53\xef", "an ext2, ext3 or ext4 file system; mount it, or take the "
				"kernel out of it (debugfs)"),
	OTHER(512, "EFI PART", "a disk image with partitions (GPT); mount one, or copy the "
			       "kernel out of it"),
	OTHER(0, "\xd0\x0d\xfe\xed", "a FIT image or a device tree; take the kernel out of "
				     "it (dumpimage -T flat_dt)"),
	OTHER(0, "VNDRBOOT", "an Android vendor boot image; the kernel is in boot.img"),
	OTHER(0, "!<arch>\ndebian-binary", "a Debian package; unpack it (dpkg-deb -x) and "
		"take boot/vmlinuz"),
	OTHER(0, "!<arch>\n", "an archive of object files"),
	OTHER(0, "\xed\xab\xee\xdb", "an RPM package; unpack it (rpm2cpio) and take vmlinuz"),
	OTHER(257, "ustar", "a tar archive; unpack it"),
	OTHER(0, "PK\3\4", "a ZIP archive; unpack it"),
	OTHER(0, "KDUMP   ", "a kernel's crash dump (makedumpfile); the kernel is vmlinux "
			     "of the same build"),
	OTHER(0, "DISKDUMP", "a kernel's crash dump (diskdump); the kernel is vmlinux of "
			     "the same build"),
	OTHER(56, "ARM\x64", "a kernel for arm64 (Image), not for x86"),
	OTHER(56, "RSC\x05", "a kernel for RISC-V (Image), not for x86"),
	OTHER(36, "\x18\x28\x6f\x01", "a kernel for ARM (zImage), not for x86"),
	OTHER(56, "\xcd\x23\x82\x81", "a kernel for LoongArch, not for x86"),
	OTHER(0, "#!", "a script"),
	OTHER(510, "\x55\xaa", "a boot sector or a disk image; mount it, or copy the kernel "
			       "out of it"),
#undef OTHER
};

static bool is_text(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len && i < 512; i++)
		if (bytes[i] >= 0x7f || (bytes[i] < ' ' && (bytes[i] < '\t' || bytes[i] > '\r')))
			return false;
	return true;
}

/* What else a file is, and what can be done: "a qcow2 disk image: ..."; never NULL. */
static const char *outside_name(const uint8_t *bytes, size_t len)
{
	if (!len)
		return "an empty file";
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (len >= others[i].at + others[i].len
		    && !memcmp(bytes + others[i].at, others[i].bytes, others[i].len))
			return others[i].name;
	if (is_text(bytes, len))
		return "a text file";
	return "neither an ELF file nor a bzImage, a unified kernel image, a packed one, or "
	       "another thing whose first bytes are known";
}

static bool refuse_other(const struct outside *o, struct refusal *r)
{
	const char *name = outside_name(o->bytes, o->len);

	if (*o->how)
		return refuse(r, "not a kernel image: %s, and in it %s", o->how, name);
	return refuse(r, "not a kernel image: %s", name);
}

/* One layer. */
static bool go_inside(struct outside *o, size_t max, struct refusal *r)
{
	struct pe pe;
	bool is_pe = pe_open(&pe, o->bytes, o->len);

	if (is_pe && pe_has(&pe, ".linux"))
		return enter_pe(o, &pe, r);
	if (bzimage_is(o->bytes, o->len))
		return enter_bzimage(o, max, r);
	if (is_zboot(o))
		return enter_zboot(o, max, r);
	if (is_pe)
		return enter_pe(o, &pe, r);
	if (o->len > UIMAGE_HEAD && get_be32(o->bytes) == UIMAGE_MAGIC)
		return enter_uimage(o, r);
	if (o->len >= ANDROID_HEAD && !memcmp(o->bytes, "ANDROID!", 8))
		return enter_android(o, r);
	if (packed_by(o->bytes, o->len))
		return enter_packed(o, o->bytes, o->len, max, "the file", r);
	return refuse_other(o, r);
}

bool outside_open(struct outside *o, const uint8_t *bytes, size_t len, size_t max,
		  struct refusal *r)
{
	*o = (struct outside){ .bytes = bytes, .len = len };
	for (unsigned depth = 0; !is_elf(o); depth++) {
		bool good = depth < DEPTH_MAX ? go_inside(o, max, r)
			: refuse(r, "not a kernel image: %u things, one in the other, and "
				    "still no ELF file",
				 depth);

		if (good)
			continue;
		free(o->unpacked);
		o->unpacked = NULL;
		return false;
	}
	return true;
}
