/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers as text against libc's printf, and sinks. */
#include <inttypes.h>
#include <string.h>
#include "lib/number.h"
#include "lib/sink.h"
#include "tap.h"

static uint64_t seed = 0x853c49e6748fea9b;

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* With decimal digits instead of division: halves away from zero. */
static void plain_micro(char *to, size_t room, int64_t micro, unsigned decimals)
{
	static const uint64_t unit[] = { 1000000, 100000, 10000, 1000, 100, 10, 1 };
	uint64_t v = micro < 0 ? 0 - (uint64_t)micro : (uint64_t)micro;
	uint64_t up = v % unit[decimals] * 2 >= unit[decimals];
	char digits[32];
	int n;

	v = v / unit[decimals] + (unit[decimals] > 1 && up);
	n = snprintf(digits, sizeof(digits), "%0*" PRIu64, (int)decimals + 1, v);
	n -= (int)decimals;
	snprintf(to, room, "%s%.*s%s%s", micro < 0 && v ? "-" : "", n, digits,
		 decimals ? "." : "", digits + n);
}

static bool micro_agrees(int64_t v)
{
	for (unsigned d = 0; d <= 6; d++) {
		char want[40], got[40];

		plain_micro(want, sizeof(want), v, d);
		if (micro_text(got, sizeof(got), v, d) == got
		    && !strcmp(want, got))
			continue;
		diag("%" PRId64 " with %u decimals: %s, not %s", v, d, got, want);
		return false;
	}
	return true;
}

static void test_micro_text(void)
{
	int64_t v = -30000;
	unsigned i;

	while (v <= 30000 && micro_agrees(v))
		v++;
	ok(v == 30001, "all millionths from -0.03 to 0.03");
	for (v = -30000000; v <= 30000000 && micro_agrees(v); v += 997)
		;
	ok(v > 30000000, "steps of 997 from -30 to 30");
	for (i = 0; i < 100000; i++)
		if (!micro_agrees((int64_t)rnd() >> (rnd() % 64)))
			break;
	ok(i == 100000, "%u random ones of every size", i);
	ok1(micro_agrees(INT64_MAX));
	ok1(micro_agrees(INT64_MIN));
}

static const struct {
	int64_t micro;
	unsigned decimals;
	const char *want;
} by_hand[] = {
	{ 12345678, 6, "12.345678" }, { 12345678, 5, "12.34568" },
	{ 12345678, 4, "12.3457" }, { 12345678, 3, "12.346" },
	{ 12345678, 2, "12.35" }, { 12345678, 1, "12.3" }, { 12345678, 0, "12" },
	{ 12500000, 0, "13" }, { -12500000, 0, "-13" }, { 12499999, 0, "12" },
	{ 0, 6, "0.000000" }, { 0, 3, "0.000" }, { 0, 0, "0" },
	{ -1, 6, "-0.000001" }, { -1000, 3, "-0.001" },
	{ -499, 3, "0.000" }, { -500, 3, "-0.001" }, { 499, 3, "0.000" },
	{ -1, 1, "0.0" }, { -49999, 1, "0.0" }, { -50000, 1, "-0.1" },
	{ 999999, 0, "1" }, { 9995000, 2, "10.00" }, { 5000, 3, "0.005" },
};

static void test_by_hand(void)
{
	for (unsigned i = 0; i < sizeof(by_hand) / sizeof(by_hand[0]); i++) {
		char t[24];

		micro_text(t, sizeof(t), by_hand[i].micro, by_hand[i].decimals);
		ok(!strcmp(t, by_hand[i].want), "%" PRId64 " with %u decimals: %s",
		   by_hand[i].micro, by_hand[i].decimals, by_hand[i].want);
	}
}

static bool milli_is(int64_t v, const char *want)
{
	char t[24];

	return milli_text(t, sizeof(t), v) == t && !strcmp(t, want);
}

/* Where millionths of it would not fit. */
static void test_milli_text(void)
{
	unsigned i;

	for (i = 0; i < 100000; i++) {
		int64_t v = (int64_t)rnd() >> (11 + rnd() % 53);
		char want[40];

		micro_text(want, sizeof(want), v * 1000, 3);
		if (!milli_is(v, want))
			break;
	}
	ok(i == 100000, "thousandths as a thousand millionths, %u of them", i);
	ok1(milli_is(0, "0.000"));
	ok1(milli_is(-1, "-0.001"));
	ok1(milli_is(INT64_MAX, "9223372036854775.807"));
	ok1(milli_is(INT64_MIN, "-9223372036854775.808"));
}

static const struct {
	uint64_t hz;
	int64_t ticks, want;
} times[] = {
	{ 0, 123456, 0 },			/* not known */
	{ 999, 123456, 0 },			/* less than it counts in */
	{ 1000000000, 123456, 123456 },
	{ 2000000000, 123456, 61728 },
	{ 3000000000, 1000, 333 },
	{ 2899999999, 1000000, 344827 },	/* in whole kHz */
	{ 2000000000, -123456, -61728 },
	{ 1000000, 1, 1000 },
	{ 1000000000, 1000000000000000, 1000000000000000 },	/* a second an op */
	{ 2000000000, (int64_t)UINT32_MAX * 1000000, 2147483647500000 },
	{ 2000000000, -(int64_t)UINT32_MAX * 1000000, -2147483647500000 },
	{ UINT64_MAX, 1000000, 0 },
};

static void test_micro_ns(void)
{
	for (unsigned i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		ok(micro_ns(times[i].hz, times[i].ticks) == times[i].want,
		   "%" PRId64 " at %" PRIu64 " Hz: %" PRId64, times[i].ticks,
		   times[i].hz, times[i].want);
}

/* Formats that core uses, against libc's. */
#define FORMAT(...) do {						\
	char want[64], got[64];						\
	size_t len;							\
									\
	snprintf(want, sizeof(want), __VA_ARGS__);			\
	len = text_format(got, sizeof(got), __VA_ARGS__);		\
	ok(!strcmp(want, got) && len == strlen(want), "%s", #__VA_ARGS__); \
} while (0)

static void test_formats(void)
{
	FORMAT("%s", "text");
	FORMAT("%-16s %-5s %2u", "irq_disable", "seed", 10u);
	FORMAT(" %6s %5s %9s", "123.4", "-", "[+12.3%]");
	FORMAT("%llu", 18446744073709551615ull);
	FORMAT("0x%llx", 0xfffffffff0000000ull);
	FORMAT("%u", 4294967295u);
	FORMAT("%02x%02x", 0xf, 0xa5);
	FORMAT("\\u%04x", 0xe9);
	FORMAT("%llu.%0*u", 12ull, 3, 4u);
	FORMAT("%s%llu.%03u", "-", 12ull, 4u);
	FORMAT(" %14s %s%s\n", "[+2.1%+-0.4]", "same", "(2%)");
	FORMAT("%-25s %6s", "line, cold_branch", "normal");
	FORMAT("%c%%", 'c');
}

static void test_cut(void)
{
	char to[8];

	memset(to, 'x', sizeof(to));
	ok1(text_format(to, 5, "%s", "1234567") == 4);
	ok1(!strcmp(to, "1234") && to[5] == 'x');
	ok1(text_format(to, 5, "%s", "1234") == 4 && !strcmp(to, "1234"));
	ok1(text_format(to, 1, "%s", "1234") == 0 && !to[0]);
	ok1(text_format(to, 5, "%s", "") == 0 && !to[0]);
}

/* Memory: what does not fit is not there, and then nothing is any more. */
static void test_memory(void)
{
	char bytes[12];
	struct memory_sink m = memory_sink(bytes, 10);

	memset(bytes, 'x', sizeof(bytes));
	sink_put(&m.sink, "12345", 5);
	ok1(!m.sink.failed && m.len == 5);
	sink_put(&m.sink, "123456", 6);
	ok1(m.sink.failed && m.len == 5 && bytes[5] == 'x');
	sink_put(&m.sink, "1", 1);
	ok(m.sink.failed && m.len == 5, "a failure sticks");
	m = memory_sink(bytes, 10);
	sink_put(&m.sink, "1234567890", 10);
	ok(!m.sink.failed && m.len == 10 && bytes[10] == 'x', "full is not too full");
	sink_put(&m.sink, "", 0);
	ok1(!m.sink.failed);
	sink_put(&m.sink, "1", 1);
	ok1(m.sink.failed);
}

static bool printf_fits(unsigned len)
{
	static char bytes[600], text[600];
	struct memory_sink m = memory_sink(bytes, sizeof(bytes));

	memset(text, 'a', len);
	text[len] = '\0';
	sink_printf(&m.sink, "%s", text);
	return !m.sink.failed && m.len == len && !memcmp(bytes, text, len);
}

static void test_printf(void)
{
	ok1(printf_fits(0));
	ok1(printf_fits(511));
	ok1(!printf_fits(512));
	ok1(!printf_fits(599));
}

static void test_percent(void)
{
	static const struct {
		uint32_t permille;
		const char *text;
	} cases[] = { { 0, "0%" }, { 1, "0.1%" }, { 5, "0.5%" }, { 10, "1%" }, { 15, "1.5%" },
		      { 100, "10%" }, { 1000, "100%" }, { UINT32_MAX, "429496729.5%" } };
	char t[PERCENT_ROOM];

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(!strcmp(percent_text(t, cases[i].permille), cases[i].text), "%u permille: %s",
		   (unsigned)cases[i].permille, t);
}

int main(void)
{
	test_micro_text();
	test_by_hand();
	test_milli_text();
	test_percent();
	test_micro_ns();
	test_formats();
	test_cut();
	test_memory();
	test_printf();
	return done();
}
