/* SPDX-License-Identifier: GPL-2.0-only */
/* Pseudo-random numbers for orders and places: the same seed, the same run. */
#ifndef RNG_H
#define RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

/* Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators"
 * (SplitMix64). */
static inline uint32_t rng_next(struct rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) >> 32);
}

/* From 0 to n - 1, n at least 1.  Its bias is n / 2^32: nothing here. */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)((uint64_t)rng_next(r) * n >> 32);
}

/* Puts n bytes into any order, all orders alike likely. */
static inline void rng_shuffle(struct rng *r, uint8_t *v, uint32_t n)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t k = rng_below(r, i);
		uint8_t t = v[i - 1];

		v[i - 1] = v[k];
		v[k] = t;
	}
}

#endif
