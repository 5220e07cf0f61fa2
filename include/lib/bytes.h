/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers in memory at any address: little-endian, as x86 has them.
 *
 * Those of 2, 4 and 8 bytes are one instruction, those of a length that is only known at
 * run time a loop.  What runs here is x86 too, so its own loads are little-endian.
 */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stdint.h>

static inline uint16_t get_le16(const uint8_t *p)
{
	uint16_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t get_le32(const uint8_t *p)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t get_le64(const uint8_t *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

static inline void put_le32(uint8_t *p, uint32_t v)
{
	__builtin_memcpy(p, &v, sizeof(v));
}

/* A number of @bytes, 8 at most. */
static inline uint64_t get_le(const uint8_t *p, unsigned bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

/* The lowest @bytes of @v. */
static inline void put_le(uint8_t *p, unsigned bytes, uint64_t v)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* A number of 4 bytes with a sign, as wide as an address. */
static inline uint64_t get_s32(const uint8_t *p)
{
	return (uint64_t)(int64_t)(int32_t)get_le32(p);
}

/* Is a distance one that 32 bits, sign-extended, can say? */
static inline bool fits_s32(uint64_t v)
{
	return v + 0x80000000u <= 0xffffffffu;
}

#endif
