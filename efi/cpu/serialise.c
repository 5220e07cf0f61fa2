/* SPDX-License-Identifier: GPL-2.0-only */
/* The serialising instructions, see serialise.h and serialise.def. */
#include "cpu.h"
#include "machine/serialise_insn.h"
#include "measure/scale.h"
#include "serialise.h"

static void serialise_mov_cr2(void)
{
	unsigned long v;

	asm volatile("mov %%cr2, %0\n\tmov %0, %%cr2" : "=r" (v) : : "memory");
}

static void serialise_cpuid(void)
{
	uint32_t r[4];

	cpu_cpuid(0, 0, r);
}

static bool has_serialize(void)
{
	return cpu_has_serialize(cpu_cpuid);
}

static bool has_none(void)
{
	return true;
}

static const struct {
	void (*run)(void);
	bool (*has)(void);
} ways[SERIALISE_COUNT] = {
#define SERIALISE(name, feature, what) { serialise_##name, has_##feature },
#include "list/serialise.def"
#undef SERIALISE
};

static enum serialise_id chosen_way = SERIALISE_cpuid;

void serialise_choose(void)
{
	for (unsigned i = SERIALISE_COUNT; i-- > 0; )
		if (ways[i].has())
			chosen_way = i;
}

unsigned serialise_list(struct serialiser to[SERIALISE_COUNT])
{
	unsigned n = 0;

	for (unsigned i = 0; i < SERIALISE_COUNT; i++)
		if (ways[i].has())
			to[n++] = (struct serialiser){ serialise_names[i], ways[i].run };
	return n;
}

enum serialise_id serialise_chosen(void)
{
	return chosen_way;
}

void (*serialise_way(enum serialise_id id))(void)
{
	return ways[id].has() ? ways[id].run : NULL;
}

void cpu_serialise(void)
{
	ways[chosen_way].run();
}
