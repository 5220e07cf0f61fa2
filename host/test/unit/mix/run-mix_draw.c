/* SPDX-License-Identifier: GPL-2.0-only */
/* Drawing: a mix whose order is certain gives that order; shares are those of the record. */
#include <stdlib.h>
#include <string.h>
#include "mix/draw.h"
#include "small_mix.h"
#include "tap.h"

static struct mix mix;
static struct mix_sequence s;

static struct mix_rules rules_of(unsigned steps, unsigned gap)
{
	struct mix_rules r = { .seed = 7, .steps = steps, .gap = gap };

	for (unsigned p = 0; p < MIX_PARTS; p++)
		r.may[p] = true;
	return r;
}

static bool step_is(unsigned i, enum mix_part part, unsigned gap)
{
	return s.step[i].part == part && s.step[i].gap == gap;
}

/* Of what its pairs say one thing alone is open: whether RDTSC or the end comes behind
 * irq_disable. */
static void test_order(void)
{
	struct mix_rules r = rules_of(300, MIX_GAP_MAX);
	unsigned begun = 0, passed = 0, last = MIX_PARTS;
	bool good = true;

	ok(!mix_draw(&s, &mix, &r) && s.steps == 300, "as many steps as are asked for");
	ok(step_is(0, MIX_PART_save_fl, 2) || step_is(0, MIX_PART_save_fl, 3),
	   "it begins as the record does");
	for (unsigned i = 1; i < s.steps; i++) {
		const struct mix_step *k = &s.step[i];

		switch (s.step[i - 1].part) {
		case MIX_PART_save_fl:
			good &= step_is(i, MIX_PART_irq_disable, 0);
			break;
		case MIX_PART_irq_disable:
			/* RDTSC is one more; or end, and begin. */
			good &= k->part == MIX_PART_irq_enable
				? k->gap >= 32 + 4 + 1 && k->gap <= 40 + 7 + 1
				: k->part == MIX_PART_save_fl && k->gap >= 32 + 2
					&& k->gap <= 40 + 3;
			begun += k->part == MIX_PART_save_fl;
			passed += k->part == MIX_PART_irq_enable;
			last = k->part;
			break;
		default:
			good &= step_is(i, MIX_PART_save_fl, 2);
			break;
		}
	}
	ok(good, "each follows what it followed there, behind a gap of that pair");
	ok(last != MIX_PARTS && s.passed == passed, "an op that is not replayed is counted");
	/* One of three: 100 of them, with a deviation of 4.7. */
	ok(begun > 10 && passed > 30 && begun < passed, "both ways are gone");
	ok(s.count[MIX_PART_save_fl] + s.count[MIX_PART_irq_disable]
	   + s.count[MIX_PART_irq_enable] == 300, "all steps are counted");
	ok(s.kept == s.drawn && !s.cut, "no gap is cut");
}

static void test_cut(void)
{
	struct mix_rules r = rules_of(100, 16);
	uint64_t kept = 0;
	unsigned full = 0;

	mix_draw(&s, &mix, &r);
	for (unsigned i = 0; i < s.steps; i++) {
		kept += s.step[i].gap;
		full += s.step[i].gap == 16;
	}
	ok(s.kept == kept && s.drawn > kept && full == s.cut && full > 30,
	   "long gaps are cut, and counted");
}

static void test_seed(void)
{
	static struct mix_sequence first;
	struct mix_rules r = rules_of(200, 16);

	mix_draw(&first, &mix, &r);
	mix_draw(&s, &mix, &r);
	ok(!memcmp(&first, &s, sizeof(s)), "one seed draws one sequence");
	r.seed++;
	mix_draw(&s, &mix, &r);
	ok(memcmp(&first, &s, sizeof(s)), "another draws another");
}

static void test_may(void)
{
	struct mix_rules r = rules_of(50, 255);
	bool good;

	r.may[MIX_PART_irq_disable] = r.may[MIX_PART_irq_enable] = false;
	ok(!mix_draw(&s, &mix, &r) && s.count[MIX_PART_save_fl] == 50, "one op alone is replayed");
	good = true;
	for (unsigned i = 1; i < 50; i++)
		good &= s.step[i].gap >= 32 + 1 + 2;
	ok(good, "others are instructions of the gaps");
	r.may[MIX_PART_save_fl] = false;
	ok1(!strcmp(mix_draw(&s, &mix, &r), "it has no op that is replayed here"));
	r.may[MIX_PART_set_pte] = true;
	ok1(mix_draw(&s, &mix, &r));
}

/* A circle of RDTSC that is hardly left. */
static void test_rare(void)
{
	struct mix_rules r = rules_of(10, 16);
	struct mix_pair *p = mix.pair;

	memset(&mix, 0, sizeof(mix));
	mix.ops = 2;
	strcpy(mix.op[0].name, "save_fl");
	strcpy(mix.op[1].name, "RDTSC");
	mix.op[0].count = 1;
	p[0] = (struct mix_pair){ .from = MIX_BEGIN, .to = 1, .count = 1, .buckets = 1 };
	p[1] = (struct mix_pair){ .from = 1, .to = 1, .count = 1000000000, .bucket = 1,
				  .buckets = 1 };
	p[2] = (struct mix_pair){ .from = 1, .to = 0, .count = 1, .bucket = 2, .buckets = 1 };
	mix.pairs = 3;
	mix.bucket[0] = mix.bucket[2] = 1;
	mix.bucket[1] = 1000000000;
	ok1(!strcmp(mix_draw(&s, &mix, &r), "next to no op of it is replayed here"));
}

static void test_names(void)
{
	struct mix_op of;

	ok(mix_part_of("CLI") == MIX_PART_irq_disable && mix_part_of("p4d_val") == MIX_PART_pte_val
	   && mix_part_of("IRET") == MIX_PARTS && mix_part_of("") == MIX_PARTS,
	   "names of records are known, or are not");
	ok1(mix_part_workload(MIX_PART_set_pud) == WORKLOAD_set_pud);
	of = mix_part_ops(&mix, MIX_PART_save_fl);
	ok(of.count == 3 && of.sites == 2, "ops and sites of a part are summed");
}

int main(void)
{
	void *tokens = malloc(MIX_TOKENS_BYTES);
	struct mix_error e;

	ok(mix_parse(&mix, small_mix, strlen(small_mix), tokens, &e), "the mix is read");
	free(tokens);
	test_order();
	test_cut();
	test_seed();
	test_may();
	test_names();
	test_rare();
	return done();
}
