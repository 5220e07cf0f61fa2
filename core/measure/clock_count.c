/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether the clock counts instructions, see clock_count.h. */
#include "lib/sink.h"
#include "measure/body.h"
#include "measure/clock_count.h"

/* What a batch's long timing has more; 0: nothing that can be told. */
static uint32_t surplus(const struct batch *b)
{
	return b->n2 > b->n && b->n2 < UINT32_MAX ? b->n2 - b->n : 0;
}

static bool is_step(uint64_t ticks)
{
	return ticks && ticks <= CLOCK_STEP_MOST && !(ticks & (ticks - 1));
}

static struct clock time_for(const struct clock_body *b, uint32_t batch)
{
	struct clock c = { .id = CLOCK_tsc };

	text_format(c.why, sizeof(c.why), "%s, batch %u: %u ticks for %u instructions more",
		    b->name, (unsigned)batch + 1, (unsigned)surplus(&b->batch[batch]),
		    (unsigned)b->more);
	return c;
}

struct clock clock_count(const struct clock_body *b, unsigned count)
{
	struct clock c = { .id = CLOCK_tsc, .why = "nothing was timed to tell" };

	for (unsigned i = 0; i < count; i++)
		if (!b[i].n || !b[i].more)
			return c;
	if (count < 2)
		return c;
	c.step = surplus(&b->batch[0]) / b->more;
	for (unsigned i = 0; i < count; i++)
		for (uint32_t k = 0; k < b[i].n; k++)
			if (!is_step(c.step)
			    || surplus(&b[i].batch[k]) != c.step * b[i].more)
				return time_for(&b[i], k);
	c.id = CLOCK_instructions;
	c.why[0] = '\0';
	return c;
}

bool clock_instructions(const struct batch *b, uint64_t ops, uint64_t step, uint32_t *n)
{
	uint64_t one = ops * step;

	/* An empty body's long timing is as long as its short one. */
	if (!one || one > UINT32_MAX || b->n2 < b->n || b->n2 == UINT32_MAX
	    || (b->n2 - b->n) % (uint32_t)one)
		return false;
	*n = (b->n2 - b->n) / (uint32_t)one;
	return true;
}
