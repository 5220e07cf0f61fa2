/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a clock count instructions?  On made-up ticks: counted ones at every shift, and
 * what silicon, an emulator without such a clock, and a disturbed one would give.
 */
#include <string.h>
#include "measure/body.h"
#include "measure/clock_count.h"
#include "tap.h"

enum { BODIES = 3, BATCHES = 5 };

static struct batch batch[BODIES][BATCHES];
static struct clock_body body[BODIES];

/* Bodies of so many instructions more, each taking so many thousandths of a tick. */
static void take(const uint32_t more[BODIES], const uint32_t milli[BODIES])
{
	static const char *const names[BODIES] = { "imul_chain", "add_chain", "nop" };

	for (unsigned i = 0; i < BODIES; i++) {
		body[i] = (struct clock_body){ names[i], more[i], batch[i], BATCHES };
		for (unsigned k = 0; k < BATCHES; k++) {
			uint32_t once = (uint32_t)((uint64_t)more[i] * milli[i] / 1000);

			batch[i][k] = (struct batch){ 300 + once, 300 + 2 * once };
		}
	}
}

static const uint32_t alike[BODIES] = { 24, 24, 24 }, apart[BODIES] = { 24, 48, 96 };

static bool is_time(const char *why)
{
	struct clock c = clock_count(body, BODIES);

	if (!strstr(c.why, why))
		diag("%s", c.why);
	return c.id == CLOCK_tsc && strstr(c.why, why);
}

static void test_counted(void)
{
	for (unsigned shift = 0; shift <= 10; shift++) {
		uint32_t milli = 1000u << shift;
		struct clock a, b;

		take(alike, (uint32_t[]){ milli, milli, milli });
		a = clock_count(body, BODIES);
		take(apart, (uint32_t[]){ milli, milli, milli });
		b = clock_count(body, BODIES);
		ok(a.id == CLOCK_instructions && a.step == 1u << shift && !a.why[0]
		   && b.id == CLOCK_instructions && b.step == a.step,
		   "shift %u: each instruction takes %u ticks", shift, 1u << shift);
	}
}

/* Ticks of a CPU are as constant as can be, and no chain is another's. */
static void test_silicon(void)
{
	static const uint32_t cpus[][BODIES] = {
		{ 3000, 1000, 250 }, { 3000, 1000, 1000 }, { 4000, 1000, 500 },
		{ 2380, 810, 165 }, { 10000, 1000, 350 }, { 1000, 1000, 250 },
		{ 1000, 500, 1000 }, { 26000, 26000, 0 }, { 0, 0, 0 },
	};

	for (unsigned i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++) {
		take(alike, cpus[i]);
		ok(clock_count(body, BODIES).id == CLOCK_tsc,
		   "a CPU: %u, %u and %u thousandths of a tick", cpus[i][0], cpus[i][1],
		   cpus[i][2]);
	}
	/* Chains of one kind at one rate: that all take the same is what tells. */
	take(apart, (uint32_t[]){ 4000, 2000, 1000 });
	ok(clock_count(body, BODIES).id == CLOCK_tsc, "as many ticks a body are not as many "
	   "an instruction");
}

static void test_others(void)
{
	take(alike, (uint32_t[]){ 3000, 3000, 3000 });
	ok1(is_time("imul_chain, batch 1: 72 ticks for 24 instructions more"));
	take(alike, (uint32_t[]){ 2048000, 2048000, 2048000 });
	ok1(is_time("imul_chain, batch 1"));
	for (unsigned i = 0; i < BODIES; i++)
		for (unsigned k = 0; k < BATCHES; k++) {
			char where[40];

			take(apart, (uint32_t[]){ 8000, 8000, 8000 });
			batch[i][k].n2 += i || k ? 1 : 8;
			snprintf(where, sizeof(where), "%s, batch %u",
				 i || k ? body[i].name : "imul_chain", i || k ? k + 1 : 1);
			ok(is_time(where), "one tick more: %s", where);
		}
	take(alike, (uint32_t[]){ 1000, 1000, 1000 });
	batch[1][4] = (struct batch){ 500, 400 };
	ok1(is_time("add_chain, batch 5: 0 ticks"));
	batch[1][4] = (struct batch){ 500, UINT32_MAX };
	ok1(is_time("add_chain, batch 5: 0 ticks"));
	take(alike, (uint32_t[]){ 1000, 1000, 1000 });
	ok(clock_count(body, 1).id == CLOCK_tsc, "one body tells nothing");
	body[2].n = 0;
	ok1(is_time("nothing was timed"));
	take((uint32_t[]){ 24, 0, 24 }, (uint32_t[]){ 1000, 1000, 1000 });
	ok1(is_time("nothing was timed"));
}

static bool counts(uint32_t n, uint32_t n2, uint32_t reps, uint64_t step, uint32_t want)
{
	uint32_t got = 12345;

	return clock_instructions(&(struct batch){ n, n2 }, WORKLOAD_N * reps, step, &got)
		&& got == want;
}

static void test_instructions(void)
{
	const uint32_t one = WORKLOAD_N * 128;
	uint32_t got;

	ok1(counts(1000, 1000 + 5 * one, 1, 128, 5));
	ok1(counts(1000, 1000 + 15 * one, 3, 128, 5));
	ok1(counts(1000, 1000 + WORKLOAD_N, 1, 1, 1));
	ok1(counts(77, 77, 1, 1024, 0));
	ok1(!counts(1000, 1001 + 5 * one, 1, 128, 5));
	ok1(!counts(1000, 1000 + one / 2, 1, 128, 0));
	ok1(!clock_instructions(&(struct batch){ 2, 1 }, 1, 1, &got));
	ok1(!clock_instructions(&(struct batch){ 0, UINT32_MAX }, 1, 1, &got));
	ok1(!clock_instructions(&(struct batch){ 0, 24 }, 0, 1, &got));
	ok1(!clock_instructions(&(struct batch){ 0, 24 }, 1, 0, &got));
}

int main(void)
{
	test_counted();
	test_silicon();
	test_others();
	test_instructions();
	return done();
}
