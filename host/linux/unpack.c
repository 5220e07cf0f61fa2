/* SPDX-License-Identifier: GPL-2.0-only */
/* What is packed, unpacked; see unpack.h. */
#include <bzlib.h>
#include <lz4.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include "lib/bytes.h"
#include "unpack.h"

/* What is unpacked, and the room for it, which grows up to a limit. */
struct unpack {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t len, room, max;
	bool full;		/* the limit was reached */
};

/* Room for @more bytes, or false. */
static bool grow(struct unpack *u, size_t more)
{
	size_t room = u->room;
	uint8_t *to;

	if (more > u->max - u->len) {
		u->full = true;
		return false;
	}
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

/* Source of the magic numbers: Linux, Documentation/arch/x86/boot.rst, "The Real-Mode
 * Kernel Header", payload_offset. */
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

static const struct packing *packing_of(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (len > packings[i].len
		    && !memcmp(bytes, packings[i].magic, packings[i].len))
			return &packings[i];
	return NULL;
}

const char *packed_by(const uint8_t *bytes, size_t len)
{
	const struct packing *p = packing_of(bytes, len);

	return p ? p->name : NULL;
}

bool unpack(const uint8_t *bytes, size_t len, size_t max, const char *what,
	    uint8_t **out, size_t *out_len, struct refusal *r)
{
	struct unpack u = { .in = bytes, .in_len = len, .max = max };
	const struct packing *p = packing_of(bytes, len);

	if (!p)
		return refuse(r, "%s is packed in no way that is known", what);
	if (!p->unpack)
		return refuse(r, "%s is packed with %s, which is not read; unpack it first",
			      what, p->name);
	if (p->unpack(&u)) {
		*out = u.out;
		*out_len = u.len;
		return true;
	}
	free(u.out);
	if (u.full)
		return refuse(r, "%s (%s) unpacks to more than the %zu bytes that are read", what,
			      p->name, max);
	return refuse(r, "%s (%s) does not unpack: it is damaged or cut short", what, p->name);
}
