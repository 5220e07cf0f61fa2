/* SPDX-License-Identifier: GPL-2.0-only */
/* Every number of the report file, against the structures it was printed from. */
#include "made_up_report.h"

/* Every number of every cell, printed here in whole thousandths or millionths,
 * is what the file has. */

/* Halves away from zero. */
static int64_t in_units(int64_t micro, int64_t unit)
{
	return micro < 0 ? -((-micro + unit / 2) / unit) : (micro + unit / 2) / unit;
}

struct number {
	const char *key;
	int64_t value;
};

/* " key value" where it is told, and " key" where it must not be. */
static void want(FILE *f, const char *key, bool is, int64_t micro, int64_t unit)
{
	if (is)
		fprintf(f, " %s=%" PRId64, key, in_units(micro, unit));
	else
		fprintf(f, " %s=-", key);
}

static void want_comparison(FILE *f, const struct result *r)
{
	const struct comparison *vs = &r->vs;
	bool is = r->has_vs && !r->refused, in = is && vs->has_ratio && vs->ratio_95.known;

	want(f, "vs.ratio", is && vs->has_ratio, vs->ratio, 1);
	want(f, "vs.ratio_lo", in, vs->ratio_95.lo, 1);
	want(f, "vs.ratio_hi", in, vs->ratio_95.hi, 1);
	want(f, "vs.margin", is && vs->margin != INT64_MAX, vs->margin, 1);
	want(f, "vs.difference", is, vs->difference, 1000);
	want(f, "vs.difference_lo", in, vs->difference_95.lo, 1000);
	want(f, "vs.difference_hi", in, vs->difference_95.hi, 1000);
}

static void want_cell(FILE *f, const struct result *r)
{
	const struct number ticks[] = {
		{ "median_ticks", r->ticks.median }, { "offset_min_ticks", r->offset_min },
		{ "offset_max_ticks", r->offset_max }, { "gross_ticks", r->gross },
		{ "min_ticks", r->ticks.min }, { "p5_ticks", r->ticks.p5 },
		{ "p25_ticks", r->ticks.p25 }, { "p75_ticks", r->ticks.p75 },
		{ "p95_ticks", r->ticks.p95 }, { "max_ticks", r->ticks.max },
		{ "mad_ticks", r->ticks.mad },
	};

	for (unsigned i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++)
		want(f, ticks[i].key, !r->refused, ticks[i].value, 1000);
	want(f, "low_half_ticks", !r->refused && r->has_low_half, r->low_half, 1000);
	want(f, "high_half_ticks", !r->refused && r->has_high_half, r->high_half, 1000);
	want(f, "cycles", !r->refused && r->has_cycles, r->cycles, 1000);
	want_comparison(f, r);
	fprintf(f, "\n");
}

/* One of a key's values, in the file, as want() has it. */
#define GOT(key, unit) \
	"\\(.\"" key "\" | if . == null then \"-\" else . * " unit " | round end)"
#define GOT_TICKS(key)	" " key "=" GOT(key, "1000")
#define GOT_VS(key, unit) " vs." key "=\\(.vs.\"" key "\" | if . == null" \
	" then \"-\" else . * " unit " | round end)"

static const char got[] =
	"jq -r '.benchmarks[] | \""
	GOT_TICKS("median_ticks") GOT_TICKS("offset_min_ticks")
	GOT_TICKS("offset_max_ticks") GOT_TICKS("gross_ticks")
	GOT_TICKS("min_ticks") GOT_TICKS("p5_ticks") GOT_TICKS("p25_ticks")
	GOT_TICKS("p75_ticks") GOT_TICKS("p95_ticks") GOT_TICKS("max_ticks")
	GOT_TICKS("mad_ticks") GOT_TICKS("low_half_ticks")
	GOT_TICKS("high_half_ticks") GOT_TICKS("cycles")
	GOT_VS("ratio", "1000000") GOT_VS("ratio_lo", "1000000")
	GOT_VS("ratio_hi", "1000000") GOT_VS("margin", "1000000")
	GOT_VS("difference", "1000") GOT_VS("difference_lo", "1000")
	GOT_VS("difference_hi", "1000") "\"' %s | diff - %s.want >&2";

static bool numbers_agree(void)
{
	char command[4000], name[sizeof(path) + 10];
	bool agree;
	FILE *f;

	save(&run);
	snprintf(name, sizeof(name), "%s.want", path);
	f = fopen(name, "w");
	for (size_t i = 0; f && i < run.plan.cells; i++)
		want_cell(f, &results[i]);
	if (!f || fclose(f))
		return false;
	snprintf(command, sizeof(command), got, path, path);
	agree = !system(command);
	unlink(name);
	return agree;
}

/* Values that no run has: their digits are all that is asked for.  A double
 * holds 15. */
static void any_numbers(void)
{
	for (size_t i = 0; i < run.plan.cells; i++) {
		struct result *r = &results[i];
		int64_t *const v[] = {
			&r->ticks.median, &r->offset_min, &r->offset_max, &r->gross,
			&r->ticks.min, &r->ticks.p5, &r->ticks.p25, &r->ticks.p75,
			&r->ticks.p95, &r->ticks.max, &r->ticks.mad, &r->cycles,
			&r->vs.ratio, &r->vs.ratio_95.lo, &r->vs.ratio_95.hi,
			&r->vs.margin, &r->vs.difference, &r->vs.difference_95.lo,
			&r->vs.difference_95.hi, &r->low_half, &r->high_half,
		};

		r->has_cycles = rnd(2);
		r->has_low_half = rnd(2);
		r->has_high_half = rnd(2);
		r->has_vs = rnd(2);
		r->vs.has_ratio = rnd(2);
		r->vs.ratio_95.known = r->vs.difference_95.known
			= r->vs.has_ratio && rnd(2);
		for (unsigned k = 0; k < sizeof(v) / sizeof(v[0]); k++)
			*v[k] = ((int64_t)rnd(1 << 30) - (1 << 29)) * (1 + rnd(1000));
		if (!rnd(4))
			r->vs.margin = INT64_MAX;
	}
}

/* Bytes of the raw counts, from the file and from memory. */
static bool raw_agrees(void)
{
	char command[200];
	bool same = true;
	FILE *f;

	snprintf(command, sizeof(command),
		 "jq '.benchmarks[] | .ticks_n[][], .ticks_2n[][], .address[0] %% 1' %s", path);
	f = popen(command, "r");
	for (size_t i = 0; f && i < run.plan.cells * (2 * OFFSETS * EACH + 1); i++) {
		size_t cell = i / (2 * OFFSETS * EACH + 1);
		size_t at = i % (2 * OFFSETS * EACH + 1);
		const struct batch *b = results[cell].series.ticks;
		unsigned long long v;

		if (fscanf(f, "%llu", &v) != 1)
			same = false;
		else if (at < OFFSETS * EACH)
			same &= v == b[at].n;
		else if (at < 2 * OFFSETS * EACH)
			same &= v == b[at - OFFSETS * EACH].n2;
	}
	return f && !pclose(f) && same;
}

static void test_equal(void)
{
	int fd = mkstemp(strcpy(path, "/tmp/run-report.XXXXXX"));
	unsigned good = 0;

	build();
	ok(numbers_agree(), "every number of every cell is the structure's");
	ok(raw_agrees(), "so are the raw counts, at each offset and batch");
	tool();
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow"),
	   "and the report tool confirms them from those");
	refuse(4);
	while (good < 5) {
		any_numbers();
		if (!numbers_agree())
			break;
		good++;
	}
	ok(good == 5, "numbers of every size, with any of them missing");
	close(fd);
	unlink(path);
}

int main(void)
{
	test_equal();
	free(batches);
	free(scratch);
	return done();
}
