/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching at scale, in ring 0: see scale.h. */
#include "cpu/serialise.h"
#include "firmware/console.h"
#include "firmware/memory.h"
#include "lib/mem.h"
#include "report/scale_report.h"
#include "measure/scale_run.h"
#include "scale_here.h"

/* On a CPU; an emulator's stores to what might be code are no CPU's. */
#define ROUNDS		11
#define ROUNDS_EMULATED	3

static struct serialiser serialisers[SERIALISERS_MOST];
static struct scale scale;

_Static_assert(SERIALISE_COUNT <= SERIALISERS_MOST, "a row each");

const struct scale *scale_here(const struct config *c, const struct environment *env,
			       const struct platform *m, const struct nop_table *nops,
			       uint64_t seed, struct findings *found)
{
	size_t bytes = scale_room(c->scale);
	void *memory = pool_get(bytes);
	const char *why;

	scale = (struct scale){
		.machine = m, .nops = nops, .copy = memcpy,
		/* In reach of the ops, and never run. */
		.addr = (env->text_addr + (64u << 20)) & ~4095ull,
		.serialisers = serialisers,
		.serialiser_count = serialise_list(serialisers),
		.sites = c->scale,
		.rounds = m->emulated ? ROUNDS_EMULATED : ROUNDS,
		.rng = { seed },
	};
	if (!memory) {
		sink_printf(console, "parapatch: no memory for a text of %u sites (%u MiB); "
			    "ask for a lower scale\n",
			    (unsigned)c->scale, (unsigned)(bytes >> 20));
		return NULL;
	}
	why = scale_run(&scale, memory);
	pool_put(memory);
	if (why) {
		sink_printf(console, "parapatch: scale: %s\n", why);
		found->check_failed = why;
		return NULL;
	}
	scale_print(&scale, env->tsc_hz, console);
	scale_lines(&scale, serial);
	return &scale;
}
