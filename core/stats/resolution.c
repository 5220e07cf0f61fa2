/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run will be able to tell, see resolution.h. */
#include "lib/mul_div.h"
#include "stats/resolution.h"
#include "stats/stats.h"

/* From a to b, which is not smaller, by so many parts of all; INT64_MAX is far. */
static uint64_t between(int64_t a, int64_t b, uint64_t part, uint64_t all)
{
	return mul_div((uint64_t)b - (uint64_t)a, part, all);
}

/* Where rank @rank of @blocks values stands among fewer: the value there, counted from
 * the first of them. */
static uint64_t value_at(const int64_t *sorted, uint32_t n, uint32_t blocks,
			 uint32_t rank)
{
	uint64_t at = (uint64_t)rank * (n + 1), all = (uint64_t)blocks + 1;
	uint64_t below = at / all, part = at % all;
	uint64_t from_first;

	if (below < 1)
		return 0;
	if (below >= n)
		return (uint64_t)sorted[n - 1] - (uint64_t)sorted[0];
	from_first = (uint64_t)sorted[below - 1] - (uint64_t)sorted[0];
	return from_first + between(sorted[below - 1], sorted[below], part, all);
}

static int64_t to_i64(uint64_t v)
{
	return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

struct resolution resolution_of(int64_t *v, uint32_t n, uint32_t blocks,
				uint32_t rank, int64_t grain, int64_t margin)
{
	struct resolution r = { false };
	uint64_t width;

	if (n < RESOLUTION_LEAST || !rank || 2 * rank > blocks + 1)
		return r;
	r.known = true;
	median_of(v, n);	/* sorts */
	width = value_at(v, n, blocks, blocks + 1 - rank) - value_at(v, n, blocks, rank);
	r.half_width = to_i64(width / 2 + width % 2 + (uint64_t)grain);
	r.smallest = to_i64((uint64_t)r.half_width + (uint64_t)margin);
	r.same = r.half_width <= margin;
	r.spread = spread_of(v, n).mad;
	return r;
}
