/* SPDX-License-Identifier: GPL-2.0-only */
/* Mixes: one that is good, and one slip in it each time, with the place that is told. */
#include <stdlib.h>
#include <string.h>
#include "mix/mix.h"
#include "small_mix.h"
#include "tap.h"

static struct mix mix;
static struct mix_error e;
static int tokens[MIX_TOKENS_BYTES / sizeof(int)];

/* Of exactly so many bytes, for the sanitizer. */
static bool parse(const char *text, size_t len)
{
	char *bytes = malloc(len + !len);
	bool good;

	memcpy(bytes, text, len);
	memset(&e, 0, sizeof(e));
	good = mix_parse(&mix, bytes, len, tokens, &e);
	free(bytes);
	return good;
}

static void test_good(void)
{
	ok(parse(small_mix, strlen(small_mix)), "a good one is read");
	ok(!strcmp(mix.name, "small") && !strcmp(mix.kernel, "6.1-amd64")
	   && !strcmp(mix.unit, "ten ops") && mix.units == 2, "with its names");
	ok(mix.kernel_instructions == 150 && mix.user_instructions == 10 && mix.site_rest == 9,
	   "and instructions");
	ok(mix.ops == 4 && !strcmp(mix.op[1].name, "irq_disable") && mix.op[1].count == 3
	   && mix.op[1].sites == 1 && mix.op[0].sites == 2 && !mix.op[2].sites,
	   "and ops with their sites");
	ok(mix.pairs == 6 && mix.pair[0].from == MIX_BEGIN && mix.pair[0].to == 0
	   && mix.pair[5].to == MIX_END && mix.pair[2].from == 1 && mix.pair[2].to == 2
	   && mix.pair[2].count == 2 && mix.pair[2].sum == 80 && mix.pair[2].longest == 40
	   && mix.pair[2].buckets == 7 && mix.bucket[mix.pair[2].bucket + 6] == 2,
	   "and pairs with their buckets");
}

static const struct {
	const char *what, *from, *to;
	const char *said;
} slips[] = {
	{ "another version", "mix/1", "mix/2",
	  "1:12 format is of another version: parapatch-mix/1 is read" },
	{ "no version", "\"format\"", "\"form\"", "1:1 format is missing" },
	{ "a version that is no string", "\"parapatch-mix/1\"", "1", "1:11 format is no string" },
	{ "a name with a slash", "\"small\"", "\"sm/ll\"",
	  "2:8 mix is not of small letters, digits and _" },
	{ "a name of 16 letters", "\"small\"", "\"abcdefghijklmnop\"",
	  "2:8 mix is empty, or longer than may be" },
	{ "a kernel with a blank", "\"6.1-amd64\"", "\"6.1 amd64\"",
	  "3:11 kernel is not of small letters, digits, _, . and -" },
	{ "a unit with an escape", "ten ops", "ten\\nops", "4:9 unit is not of plain ASCII" },
	{ "a unit with a byte above", "ten ops", "t\xc3\xa9n", "4:9 unit is not of plain ASCII" },
	{ "no units", ":2,\n\"instr", ":0,\n\"instr", "5:9 units is 0" },
	{ "units below 0", ":2,\n\"instr", ":-2,\n\"instr",
	  "5:9 units is no whole number below 10^15" },
	{ "units that are half", ":2,\n\"instr", ":2.5,\n\"instr",
	  "5:9 units is no whole number below 10^15" },
	{ "units that are many", ":2,\n\"instr", ":1000000000000000,\n\"instr",
	  "5:9 units is no whole number below 10^15" },
	{ "units that are none", ":2,\n\"instr", ":null,\n\"instr",
	  "5:9 units is no whole number below 10^15" },
	{ "an op twice", "\"RDTSC\":2", "\"save_fl\":2", "7:37 this op is listed twice" },
	{ "an op that is not known", "\"RDTSC\":2", "\"RDTSK\":2",
	  "7:37 RDTSK is no op that is known" },
	{ "an op that is not listed", "\"to\":\"RDTSC\"", "\"to\":\"RDTSK\"",
	  "13:29 to is no op that ops lists" },
	{ "a site of an op that is not listed", "\"sites\":{\"save_fl\"",
	  "\"sites\":{\"sav_fl\"", "8:11 this in sites is no op that ops lists" },
	{ "more at sites than there was", "[2,1]", "[2,2]",
	  "8:11 what its sites had is more than there was of the op" },
	{ "buckets that are too few", "[0,0,0,0,0,0,2]", "[0,0,0,0,0,0,1]",
	  "13:87 buckets do not sum up to count" },
	{ "a pair that was never, without buckets",
	  "\"count\":3,\"sum\":0,\"user\":0,\"longest\":0,\"buckets\":[3]",
	  "\"count\":0,\"sum\":0,\"user\":0,\"longest\":0,\"buckets\":[]",
	  "12:1 this pair: count, sum, user, longest and buckets do not fit each other" },
	{ "a longest that is in another bucket", "\"longest\":7", "\"longest\":8",
	  "14:1 this pair: count, sum, user, longest and buckets do not fit each other" },
	{ "a sum that is more than all may be", "\"sum\":14", "\"sum\":15",
	  "14:1 this pair: count, sum, user, longest and buckets do not fit each other" },
	{ "more of user code than in all", "\"sum\":3,\"user\":3", "\"sum\":3,\"user\":4",
	  "11:1 this pair: count, sum, user, longest and buckets do not fit each other" },
	{ "a pair that is gone", "\"from\":\"irq_enable\",\"to\":\"save_fl\",\"count\":2,\"sum\":4,"
	  "\"user\":0,\"longest\":2,\"buckets\":[0,0,2]",
	  "\"from\":\"irq_enable\",\"to\":\"save_fl\",\"count\":1,\"sum\":2,"
	  "\"user\":0,\"longest\":2,\"buckets\":[0,0,1]",
	  "7:18 the count of this op is not that of its pairs" },
	{ "a count that is another", "\"irq_enable\":2}", "\"irq_enable\":3}",
	  "7:59 the count of this op is not that of its pairs" },
	{ "two begins", "\"from\":\"save_fl\",\"to\":\"irq_disable\",\"count\":3",
	  "\"from\":\"begin\",\"to\":\"irq_disable\",\"count\":3",
	  "7:18 the count of this op is not that of its pairs" },
	{ "an instruction more", "\"kernel\":150", "\"kernel\":151",
	  "6:16 instructions are not those of ops, site_rest and gaps" },
	{ "no pairs", "\"pairs\"", "\"pears\"", "1:1 pairs is missing" },
	{ "pairs that are no list", "\"pairs\"", "\"pairs\":1,\"a\"", "10:9 pairs is no list" },
	{ "a pair that is none", "\"pairs\":[\n", "\"pairs\":[7,\n", "10:10 a pair is no object" },
	{ "a key without a value", "\"units\":2", "\"units\"", "5:2 this is no key with a value" },
	{ "a key that is a number", "\"units\":2", "2:2", "5:1 this is no JSON" },
	{ "something behind it", "]}\n]}\n", "]}\n]}\n{}", "18:1 something follows the end" },
	{ "a pair that is empty", "]}\n]}\n", "]},\n{}]}\n", "17:1 from is missing" },
	{ "a list", "{\"format\":\"parapatch-mix/1\",\n", "[{", "" },
};
#define SLIPS	(sizeof(slips) / sizeof(slips[0]))

/* The first place where it is, another; its length. */
static size_t slip(char *text, const char *from, const char *to)
{
	char *at = strstr(text, from);

	if (!at)
		return 0;
	memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
	memcpy(at, to, strlen(to));
	return strlen(text);
}

static void test_slips(void)
{
	for (unsigned i = 0; i < SLIPS; i++) {
		char text[sizeof(small_mix) + 400], said[200];
		size_t len;

		strcpy(text, small_mix);
		len = slip(text, slips[i].from, slips[i].to);
		if (!ok(len && !parse(text, len), "%s is refused", slips[i].what))
			continue;
		snprintf(said, sizeof(said), "%u:%u %s", e.line, e.column, e.text);
		if (!ok(e.line && e.column && e.text[0]
			&& (!slips[i].said[0] || !strcmp(said, slips[i].said)), "with the place"))
			diag("%s", said);
	}
}

/* At every byte: never good, and always said. */
static void test_cut_short(void)
{
	size_t whole = strlen(small_mix) - 1;
	bool good = true;

	for (size_t len = 0; len < whole; len++)
		good &= !parse(small_mix, len) && e.line && e.text[0];
	ok(good, "cut short anywhere it is refused");
	parse(small_mix, whole - 1);
	ok(e.line == 17 && strstr(e.text, "cut short"), "and called that");
	ok(parse(small_mix, whole), "without the last newline it is whole");
}

/* More of something than there is room for, made of what a good one has. */
static void test_room(void)
{
	char *text = malloc(MIX_FILE_MAX + 2);
	size_t n = 0;

	memset(text, ' ', MIX_FILE_MAX + 2);
	memcpy(text, small_mix, strlen(small_mix));
	ok(parse(text, MIX_FILE_MAX), "a file of %u bytes is read", MIX_FILE_MAX);
	ok(!parse(text, MIX_FILE_MAX + 1) && !strcmp(e.text, "it is too large for a mix"),
	   "of one more it is not");
	n = (size_t)sprintf(text, "{\"x\":[");
	for (unsigned i = 0; i < MIX_TOKENS_MAX; i++)
		n += (size_t)sprintf(text + n, "1,");
	n += (size_t)sprintf(text + n, "1]}");
	ok(!parse(text, n) && !strcmp(e.text, "it has more than there is room for"),
	   "nor one with too many values");
	free(text);
}

int main(void)
{
	test_good();
	test_slips();
	test_cut_short();
	test_room();
	return done();
}
