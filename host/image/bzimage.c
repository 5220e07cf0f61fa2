/* SPDX-License-Identifier: GPL-2.0-only */
/* The vmlinux in a bzImage: where it is, and how it is packed. */
#include <bzlib.h>
#include <lz4.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include "image.h"

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

/* What is unpacked, and the room for it, which grows up to a limit. */
struct unpack {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t len, room, max;
};

/* Room for @more bytes, or false. */
static bool grow(struct unpack *u, size_t more)
{
	size_t room = u->room;
	uint8_t *to;

	if (more > u->max - u->len)
		return false;
	while (room - u->len < more)
		room = room ? room * 2 : 1 << 20;
	to = realloc(u->out, room);
	if (!to)
		return false;
	u->out = to;
	u->room = room;
	return true;
}

#define CHUNK	((size_t)1 << 18)

static bool unpack_gzip(struct unpack *u)
{
	z_stream z = { .next_in = (uint8_t *)u->in, .avail_in = (uInt)u->in_len };
	int got = Z_OK;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return false;
	while (got == Z_OK && grow(u, CHUNK)) {
		z.next_out = u->out + u->len;
		z.avail_out = CHUNK;
		got = inflate(&z, Z_NO_FLUSH);
		u->len += CHUNK - z.avail_out;
	}
	inflateEnd(&z);
	return got == Z_STREAM_END;
}

static bool unpack_lzma(struct unpack *u)
{
	lzma_stream z = LZMA_STREAM_INIT;
	lzma_ret got = lzma_auto_decoder(&z, UINT64_MAX, 0);

	z.next_in = u->in;
	z.avail_in = u->in_len;
	while (got == LZMA_OK && grow(u, CHUNK)) {
		z.next_out = u->out + u->len;
		z.avail_out = CHUNK;
		got = lzma_code(&z, LZMA_RUN);
		u->len += CHUNK - z.avail_out;
	}
	lzma_end(&z);
	return got == LZMA_STREAM_END;
}

static bool unpack_bzip2(struct unpack *u)
{
	bz_stream z = { .next_in = (char *)u->in, .avail_in = (unsigned)u->in_len };
	int got = BZ2_bzDecompressInit(&z, 0, 0);
	unsigned left = 0;

	while (got == BZ_OK && (z.avail_in || !left) && grow(u, CHUNK)) {
		z.next_out = (char *)u->out + u->len;
		z.avail_out = CHUNK;
		got = BZ2_bzDecompress(&z);
		left = z.avail_out;
		u->len += CHUNK - left;
	}
	BZ2_bzDecompressEnd(&z);
	return got == BZ_STREAM_END;
}

static bool unpack_zstd(struct unpack *u)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_inBuffer in = { u->in, u->in_len, 0 };
	size_t got = 1, before;

	do {
		ZSTD_outBuffer out;

		if (!z || !grow(u, CHUNK))
			break;
		before = in.pos + u->len;
		out = (ZSTD_outBuffer){ u->out + u->len, CHUNK, 0 };
		got = ZSTD_decompressStream(z, &out, &in);
		u->len += out.pos;
	} while (got && !ZSTD_isError(got) && in.pos + u->len != before);
	ZSTD_freeDStream(z);
	return !got;
}

/* The legacy frame: a magic, then blocks of at most 8 MiB behind their length.  What
 * is behind the last of them is the length of it all, which is no block's. */
#define LZ4_BLOCK	((size_t)8 << 20)

static bool unpack_lz4(struct unpack *u)
{
	size_t at = 4, len;
	int got;

	for (; u->in_len - at > 4; at += 4 + len) {
		len = get_le(u->in + at, 4);
		if (len > u->in_len - at - 4 || !len)
			break;
		if (!grow(u, u->max - u->len < LZ4_BLOCK ? u->max - u->len : LZ4_BLOCK))
			return false;
		got = LZ4_decompress_safe((const char *)u->in + at + 4,
					  (char *)u->out + u->len, (int)len,
					  (int)(u->room - u->len < LZ4_BLOCK
						? u->room - u->len : LZ4_BLOCK));
		if (got < 0)
			return false;
		u->len += got;
	}
	return u->len && u->in_len - at <= 4;
}

/* Source of the magic numbers: the same document, "payload_offset". */
static const struct packing {
	const char *name, *magic;
	unsigned len;
	bool (*unpack)(struct unpack *u);
} packings[] = {
	{ "gzip", "\x1f\x8b", 2, unpack_gzip },
	{ "gzip", "\x1f\x9e", 2, unpack_gzip },
	{ "bzip2", "BZh", 3, unpack_bzip2 },
	{ "lzma", "\x5d\x00\x00", 3, unpack_lzma },
	{ "xz", "\xfd" "7zXZ", 5, unpack_lzma },
	{ "lz4", "\x02\x21\x4c\x18", 4, unpack_lz4 },
	{ "zstd", "\x28\xb5\x2f\xfd", 4, unpack_zstd },
	{ "lzo", "\x89LZO", 4, NULL },
};

static const struct packing *packing_of(const struct unpack *u)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (u->in_len > packings[i].len
		    && !memcmp(u->in, packings[i].magic, packings[i].len))
			return &packings[i];
	return NULL;
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
		return refuse(r, "bzImage: cut short: its header says that it has %llu bytes or more, and there are %zu",
			      (unsigned long long)want, len);
	want = signed_len(bytes, len);
	if (want > len)
		return refuse(r, "bzImage: cut short: its signature ends at %llu bytes, and there are %zu",
			      (unsigned long long)want, len);
	return true;
}

static bool find_payload(const uint8_t *bytes, size_t len, struct unpack *u,
			 struct refusal *r)
{
	uint64_t at = setup_len(bytes) + get_le(bytes + PAYLOAD_OFFSET, 4);

	if (get_le(bytes + VERSION, 2) < 0x208)
		return refuse(r, "bzImage: boot protocol %u.%02u does not say where the payload is",
			      bytes[VERSION + 1], bytes[VERSION]);
	u->in_len = get_le(bytes + PAYLOAD_LENGTH, 4);
	if (at > len || u->in_len > len - at)
		return refuse(r, "bzImage: the payload is not inside the file: %#zx bytes at offset %#llx of %#zx",
			      u->in_len, (unsigned long long)at, len);
	u->in = bytes + at;
	return is_whole(bytes, len, r);
}

bool bzimage_unpack(const uint8_t *bytes, size_t len, size_t max, uint8_t **out,
		    size_t *out_len, const char **how, struct refusal *r)
{
	struct unpack u = { .max = max };
	const struct packing *p;

	if (!find_payload(bytes, len, &u, r))
		return false;
	p = packing_of(&u);
	if (!p)
		return refuse(r, "bzImage: the payload is packed in no way that is known (at offset %#zx)",
			      (size_t)(u.in - bytes));
	if (!p->unpack)
		return refuse(r, "bzImage: the payload is packed with %s, which is not read", p->name);
	*how = p->name;
	if (!p->unpack(&u)) {
		free(u.out);
		return refuse(r, "bzImage: the payload (%s, at offset %#zx) does not unpack",
			      p->name, (size_t)(u.in - bytes));
	}
	*out = u.out;
	*out_len = u.len;
	return true;
}
