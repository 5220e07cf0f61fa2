/* SPDX-License-Identifier: GPL-2.0-only */
/* Mixes as workloads: which rows there are in ring 0 and in ring 3, and what they say. */
#include <stdlib.h>
#include <string.h>
#include "mix/row.h"
#include "small_mix.h"
#include "tap.h"
#include "workload/registry.h"

/* Of each convention: code that nobody runs, but that is told apart. */
static uint8_t bytes[CONVENTION_COUNT][MIX_PARTS + 1];
static struct mix_code codes[CONVENTION_COUNT];
const struct mix_code *const mix_code[CONVENTION_COUNT] = {
#define CONVENTION(name, sites, what)	&codes[CONVENTION_##name],
#include "list/convention.def"
#undef CONVENTION
};

static struct mix mix;

static void make_code(void)
{
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		for (unsigned p = 0; p <= MIX_PARTS; p++)
			codes[c].at[p] = &bytes[c][p];
}

static bool read_mix(const char *from, const char *to)
{
	static int tokens[MIX_TOKENS_BYTES / sizeof(int)];
	char text[sizeof(small_mix) + 200];
	struct mix_error e;
	char *at;

	strcpy(text, small_mix);
	while (from && (at = strstr(text, from))) {
		memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
		memcpy(at, to, strlen(to));
	}
	return mix_parse(&mix, text, strlen(text), tokens, &e);
}

static const struct workload *named(const char *name, unsigned *id)
{
	for (*id = WORKLOAD_COUNT; *id < workload_end(); ++*id)
		if (!strcmp(workload_of(*id)->name, name))
			return workload_of(*id);
	return NULL;
}

/* A row, and the gaps that it has beside it. */
static bool row_is(const char *name, unsigned ring, bool if_before, enum if_want after,
		   enum mix_filler filler, const char *gaps)
{
	unsigned id, gaps_id;
	const struct workload *wl = named(name, &id), *of = named(gaps, &gaps_id);
	const struct mix_row *row = mix_row_of(id);

	return wl && of && row && wl->kind == KIND_MIX && wl->ring == ring
		&& wl->if_before == if_before && wl->seen == IF_ANY && wl->after == after
		&& row->filler == filler && row->gaps == gaps_id && !mix_row_is_gaps(row)
		&& mix_row_is_gaps(mix_row_of(gaps_id)) && of->kind == KIND_GAPS
		&& of->ring == 3 && of->after == IF_SAME
		&& mix_row_of(gaps_id)->drawn == row->drawn;
}

/* IF behind the sequence, by what changes it last. */
static enum if_want after_of(const char *name)
{
	unsigned id;
	const struct mix_sequence *s;
	unsigned i;

	if (!named(name, &id))
		return IF_ANY;
	s = &mix_row_of(id)->drawn->sequence;
	for (i = s->steps; i && s->step[i - 1].part == MIX_PART_save_fl; i--)
		;
	switch (i ? s->step[i - 1].part : MIX_PART_save_fl) {
	case MIX_PART_irq_disable:
		return IF_OFF;
	case MIX_PART_irq_enable:
		return IF_ON;
	case MIX_PART_restore_fl:
		return IF_ARG;
	}
	return IF_SAME;
}

static void test_ring_0(void)
{
	unsigned before = workload_end();

	ok(read_mix(NULL, NULL) && !mix_rows_add(&mix, 0, 1, NULL), "a mix has rows in ring 0");
	ok(workload_end() == before + 4, "two, and their gaps");
	ok(row_is("6.1-amd64:small.lea", 0, true, after_of("6.1-amd64:small.lea"), MIX_LEAS,
		  "6.1-amd64:small.lea.gaps")
	   && row_is("6.1-amd64:small.chain", 0, true, after_of("6.1-amd64:small.lea"),
		     MIX_CHAIN, "6.1-amd64:small.chain.gaps"), "with gaps of either kind");
	ok(mix_rows_have(MIX_PART_save_fl) && mix_rows_have(MIX_PART_irq_enable)
	   && !mix_rows_have(MIX_PART_restore_fl), "their ops are known");
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		ok(loaded_code(c, before)->copy == &bytes[c][0]
		   && loaded_code(c, before)->copy_end == &bytes[c][MIX_PARTS],
		   "and their code in convention %s", conventions[c].name);
	ok(!mix_row_of(WORKLOAD_save_fl) && !mix_row_of(workload_end()), "no other is a mix");
}

static void test_facts(void)
{
	unsigned id;
	const struct mix_row *row = named("6.1-amd64:small.lea", &id) ? mix_row_of(id) : NULL;

	ok(row && row->facts->units == 2 && row->facts->ops == 10
	   && row->facts->part[MIX_PART_irq_disable].count == 3, "what was recorded is kept");
	ok(row && row->drawn->replayed == 8 && row->drawn->left == 1
	   && !strcmp(row->drawn->of_left[0].name, "RDTSC")
	   && row->drawn->of_left[0].count == 2, "and what is not replayed");
}

/* POPF in place of STI. */
static void test_restores(void)
{
	unsigned before = workload_end();
	const char *name = "6.1-amd64:flags.lea.if0";

	ok(read_mix("irq_enable", "restore_fl") && mix.ops == 4, "a mix with restore_fl");
	strcpy(mix.name, "flags");
	ok(!mix_rows_add(&mix, 0, 1, NULL) && workload_end() == before + 6,
	   "has rows for IF set and clear");
	ok(row_is(name, 0, false, after_of(name), MIX_LEAS, "6.1-amd64:flags.lea.gaps")
	   && row_is("6.1-amd64:flags.chain", 0, true, after_of(name), MIX_CHAIN,
		     "6.1-amd64:flags.chain.gaps"), "of the same sequence");
}

static void test_ring_3(void)
{
	unsigned before = workload_end();

	read_mix(NULL, NULL);
	strcpy(mix.name, "three");
	ok(!mix_rows_add(&mix, 3, 1, NULL) && workload_end() == before + 8,
	   "in ring 3 there are rows with what is about IF, and without");
	ok(row_is("6.1-amd64:three.lea", 0, true, after_of("6.1-amd64:three.lea"), MIX_LEAS,
		  "6.1-amd64:three.lea.gaps")
	   && row_is("6.1-amd64:three.lea.bare", 3, true, IF_SAME, MIX_LEAS,
		     "6.1-amd64:three.lea.bare.gaps"), "by their rings");
	read_mix("irq_enable", "IRET");
	for (unsigned i = 0; i < mix.ops; i++)
		if (!strcmp(mix.op[i].name, "irq_disable"))
			strcpy(mix.op[i].name, "SWAPGS");
	strcpy(mix.name, "saves");
	before = workload_end();
	ok(!mix_rows_add(&mix, 3, 1, NULL) && workload_end() == before + 4,
	   "one sequence where that makes no difference");
	ok1(!strcmp(mix_rows_add(&mix, 3, 1, NULL),
		    "a mix of that kernel and that name is there already"));
	strcpy(mix.op[0].name, "RDTSCP");
	strcpy(mix.name, "none");
	ok1(!strcmp(mix_rows_add(&mix, 3, 1, NULL), "it has no op that is replayed here"));
}

/* In ring 3, where a mix has most rows: those there are stay as they are. */
static void test_many(void)
{
	static struct workload_code code[CONVENTION_COUNT];
	const char *why = NULL;
	unsigned n = 0, end = 0, last = 0;

	read_mix("irq_enable", "restore_fl");
	while (!why && n < 2 * MIXES_MAX) {
		end = workload_end();
		sprintf(mix.name, "many%u", n);
		why = mix_rows_add(&mix, 3, 1, NULL);
		last += !why;
		n++;
	}
	ok(why && !strcmp(why, "there is no room for more mixes") && last > 16
	   && workload_end() <= WORKLOAD_MAX, "there is room for %u, and no more", n + 4);
	sprintf(mix.name, "many%u", last - 1);
	ok(workload_end() == end && !strcmp(mix_row_of(end - 1)->facts->name, mix.name),
	   "of one without room no row is there, and the last one's are its own");
	for (n = 0; loaded_add("mod", &workloads[WORKLOAD_nop], 1, code, NULL); n++)
		;
	ok(n == WORKLOADS_LOADED_MAX, "modules have their own room: %u", n);
}

int main(void)
{
	make_code();
	test_ring_0();
	test_facts();
	test_restores();
	test_ring_3();
	test_many();
	return done();
}
