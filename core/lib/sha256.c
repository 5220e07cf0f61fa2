/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-256, see sha256.h.  Names are those of FIPS 180-4. */
#include "lib/mem.h"
#include "lib/sha256.h"
#include "lib/sink.h"

#define BLOCK	64

/* Source: FIPS 180-4, "SHA-224 and SHA-256 Constants". */
static const uint32_t K[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotr(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void schedule(uint32_t W[64], const uint8_t *M)
{
	for (unsigned t = 0; t < 16; t++, M += 4)
		W[t] = (uint32_t)M[0] << 24 | (uint32_t)M[1] << 16
			| (uint32_t)M[2] << 8 | M[3];
	for (unsigned t = 16; t < 64; t++) {
		uint32_t a = W[t - 2], b = W[t - 15];

		W[t] = (rotr(a, 17) ^ rotr(a, 19) ^ a >> 10) + W[t - 7]
			+ (rotr(b, 7) ^ rotr(b, 18) ^ b >> 3) + W[t - 16];
	}
}

/* v[0] to v[7] are a to h. */
static void rounds(uint32_t v[8], const uint32_t W[64])
{
	for (unsigned t = 0; t < 64; t++) {
		uint32_t a = v[0], e = v[4];
		uint32_t T1 = v[7] + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25))
			+ ((e & v[5]) ^ (~e & v[6])) + K[t] + W[t];
		uint32_t T2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22))
			+ ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += T1;
		v[0] = T1 + T2;
	}
}

static void take_block(uint32_t H[8], const uint8_t *M)
{
	uint32_t W[64], v[8];

	schedule(W, M);
	memcpy(v, H, sizeof(v));
	rounds(v, W);
	for (unsigned i = 0; i < 8; i++)
		H[i] += v[i];
}

static void put_big(uint8_t *to, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		to[i] = (uint8_t)(v >> 8 * (bytes - 1 - i));
}

/* What is left of the bytes, a one bit, zeroes, and the length in bits. */
static void take_end(uint32_t H[8], const uint8_t *rest, size_t n, uint64_t len)
{
	uint8_t end[2 * BLOCK] = { 0 };
	size_t blocks = n + 9 > BLOCK ? 2 : 1;

	memcpy(end, rest, n);
	end[n] = 0x80;
	put_big(end + blocks * BLOCK - 8, len * 8, 8);
	for (size_t i = 0; i < blocks; i++)
		take_block(H, end + i * BLOCK);
}

struct sha256 sha256(const void *bytes, size_t len)
{
	uint32_t H[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
		0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	const uint8_t *at = bytes;
	size_t left = len;
	struct sha256 h;

	for (; left >= BLOCK; left -= BLOCK, at += BLOCK)
		take_block(H, at);
	take_end(H, at, left, len);
	for (unsigned i = 0; i < 8; i++)
		put_big(h.bytes + 4 * i, H[i], 4);
	return h;
}

void sha256_text(const struct sha256 *h, char to[SHA256_TEXT_ROOM])
{
	for (unsigned i = 0; i < sizeof(h->bytes); i++)
		text_format(to + 2 * i, 3, "%02x", h->bytes[i]);
}

bool sha256_in(const struct sha256 *h, const struct sha256 *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!memcmp(h, &list[i], sizeof(*h)))
			return true;
	return false;
}
