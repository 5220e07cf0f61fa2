/* SPDX-License-Identifier: GPL-2.0-only */
/* A port that fails for a while, or for good: what gets out, and what it costs. */
#include <stdio.h>
#include <string.h>
#include "serial/port.h"
#include "lib/sink.h"
#include "tap.h"

/* A port that plays a part, and a clock that only it moves. */
static struct {
	char out[400000];
	size_t len;
	unsigned writes;
	uint64_t us;
	enum part { GOOD, HALF_ONCE, SHORT_ONE, NEVER, HUNDRED, STALLS, DEAD, LIAR, ALL_BUT_ERROR,
		    ONE_A_SECOND, HALF_ALWAYS } part;
} fake;

static bool took(const char *bytes, size_t *len, size_t n, bool good)
{
	memcpy(fake.out + fake.len, bytes, n);
	fake.len += n;
	*len = n;
	return good;
}

static bool fake_write(struct port *p, const char *bytes, size_t *len)
{
	(void)p;
	fake.writes++;
	fake.us += 10;
	switch (fake.part) {
	case GOOD:
		return took(bytes, len, *len, true);
	case HALF_ONCE:
		return took(bytes, len, fake.writes == 3 ? *len / 2 : *len, fake.writes != 3);
	case SHORT_ONE:
		return took(bytes, len, *len > 1 ? *len - 1 : 1, true);
	case HALF_ALWAYS:
		return took(bytes, len, (*len + 1) / 2, *len == 1);
	case NEVER:			/* and says nothing of how many */
		return false;
	case HUNDRED:
		return fake.writes > 100 && took(bytes, len, *len, true);
	case STALLS:
		fake.us += 1000000;
		return took(bytes, len, *len, true);
	case DEAD:
		fake.us += 1000000;
		return took(bytes, len, 0, false);
	case LIAR:			/* more than it was given */
		took(bytes, len, *len, true);
		*len += 1000;
		return true;
	case ALL_BUT_ERROR:		/* all got out, it says, and an error */
		return fake.writes > 1 && took(bytes, len, *len, true);
	case ONE_A_SECOND:
		fake.us += 1000000;
		return took(bytes, len, 1, false);
	}
	return false;
}

static uint64_t fake_us(void)
{
	return fake.us;
}

static void fake_wait(unsigned ms)
{
	fake.us += ms * 1000ull;
}

static struct port port_of(enum part part)
{
	struct port p = { .write = fake_write, .now_us = fake_us, .wait_ms = fake_wait,
			  .baud = 115200 };

	memset(&fake, 0, sizeof(fake));
	fake.part = part;
	port_open(&p);
	return p;
}

static void put(struct port *p, const char *text)
{
	port_put(p, text, strlen(text));
}

static bool out_is(const char *text)
{
	if (fake.len == strlen(text) && !memcmp(fake.out, text, fake.len))
		return true;
	diag("got \"%.*s\"", (int)fake.len, fake.out);
	return false;
}

static void decisions(void)
{
	static const struct {
		bool good;
		size_t asked, said, took;
		const char *what;
	} cases[] = {
		{ true, 10, 10, 10, "all" },
		{ true, 10, 9, 9, "all but one, and no error" },
		{ true, 10, 0, 0, "nothing, and no error" },
		{ true, 10, 11, 10, "more than it was given" },
		{ false, 10, 5, 5, "a time-out, half" },
		{ false, 10, 0, 0, "a time-out, nothing" },
		{ false, 10, 10, 0, "an error that says all" },
		{ false, 10, (size_t)-1, 0, "an error that says nonsense" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(port_took(cases[i].good, cases[i].asked, cases[i].said) == cases[i].took,
		   "taken: %s", cases[i].what);
	ok1(port_tries(0, 0));
	ok1(port_tries(10000000, 0));
	ok1(!port_tries(10000001, 0));
	ok1(port_tries(20000000, 160000000));
	ok1(!port_tries(20000001, 160000000));
}

static void passes(void)
{
	struct port p = port_of(GOOD);

	put(&p, "one\ntwo\n\nthree");
	put(&p, " and more\n");
	ok(out_is("one\r\ntwo\r\n\r\nthree and more\r\n"), "every line feed has a carriage return");
	p = port_of(HALF_ONCE);
	put(&p, "parapatch start\ncell status=ok\nparapatch end\n");
	ok(out_is("parapatch start\r\ncell status=ok\r\nparapatch end\r\n"),
	   "half of a write, and a time-out: the rest follows");
	ok1(p.lost_bytes == 0);
	p = port_of(SHORT_ONE);
	put(&p, "cell status=ok\nparapatch end\n");
	ok(out_is("cell status=ok\r\nparapatch end\r\n"),
	   "every write is one byte short: all is there");
	p = port_of(HALF_ALWAYS);
	put(&p, "cell status=ok\nparapatch end\n");
	ok(out_is("cell status=ok\r\nparapatch end\r\n"),
	   "half and an error each time: all is there");
	p = port_of(ALL_BUT_ERROR);
	put(&p, "cell status=ok\n");
	ok(out_is("cell status=ok\r\n"), "an error that says all: once more");
	p = port_of(LIAR);
	put(&p, "cell status=ok\n");
	ok(out_is("cell status=ok\r\n"), "a port that says it took more");
}

static void comes_back(void)
{
	struct port p = port_of(HUNDRED);
	const char *want = "line 49 of fifty\r\n";

	for (unsigned i = 0; i < 50; i++) {
		char line[32];

		sprintf(line, "line %u of fifty\n", i);
		put(&p, line);
	}
	ok(fake.len > strlen(want)
	   && !memcmp(fake.out + fake.len - strlen(want), want, strlen(want)),
	   "a hundred failures, then it works: the last lines are there");
	ok(!memcmp(fake.out, "line ", 5), "and the first that got out is a whole one");
	ok1(p.lost_bytes == 25 * strlen("line 1 of fifty\r\n") + 15);
	diag("%llu bytes were lost, %llu ms", (unsigned long long)p.lost_bytes,
	     (unsigned long long)p.lost_us / 1000);
}

/* A line that got out in part is ended before the next. */
static void cut(void)
{
	struct port p = port_of(ONE_A_SECOND);

	put(&p, "abcdefgh\n");
	ok(out_is("ab"), "a line has its time, and no more");
	ok1(p.lost_bytes == 8);
	fake.part = GOOD;
	put(&p, "next\n");
	ok(out_is("ab\r\nnext\r\n"), "the next line begins on its own");
	fake.part = NEVER;
	put(&p, "lost\n");
	fake.part = GOOD;
	put(&p, "there\n");
	ok(out_is("ab\r\nnext\r\nthere\r\n"),
	   "where nothing of a line got out there is no empty one");
	put(&p, "\r[#...] 10%");
	fake.part = NEVER;
	put(&p, "\r[##..] 20%");
	fake.part = GOOD;
	put(&p, "\r[###.] 30%");
	put(&p, "\n");
	ok(out_is("ab\r\nnext\r\nthere\r\n\r[#...] 10%\r[###.] 30%\r\n"),
	   "what is drawn again is tried again");
	put(&p, "half a line");
	port_put_last(&p, "end\n", 4);
	ok(out_is("ab\r\nnext\r\nthere\r\n\r[#...] 10%\r[###.] 30%\r\nhalf a line\r\nend\r\n"),
	   "a last line begins on its own as well");
}

static void cost(enum part part, const char *what, bool ends)
{
	struct port p = port_of(part);
	uint64_t lost_s;

	for (unsigned i = 0; i < 10000; i++)
		put(&p, "cell status=ok op=irq_disable\n");
	lost_s = p.lost_us / 1000000;
	ok(lost_s <= 10 + fake.us / 16000000 + 3, "%s: 10,000 lines lose %u s of %u s", what,
	   (unsigned)lost_s, (unsigned)(fake.us / 1000000));
	ok(fake.us < 120000000, "%s: and all of it is bounded", what);
	fake.us += 3600000000ull;
	p.last = false;
	for (unsigned i = 0; i < 10000; i++)
		put(&p, "cell status=ok op=irq_disable\n");
	ok(p.lost_us <= 13000000 + fake.us / 16, "%s: an hour later: a sixteenth of it", what);
	lost_s = p.lost_us;
	fake.len = 0;
	port_put_last(&p, "parapatch end\n", 14);
	ok(p.lost_us - lost_s <= 3100000, "%s: the last line has its bound", what);
	ok((fake.len >= 15 && !memcmp(fake.out + fake.len - 15, "parapatch end\r\n", 15)) == ends,
	   "%s: %s", what, ends ? "and gets out" : "and does not get out");
}

/* The last line is tried for longer than others are. */
static void last(void)
{
	struct port p = port_of(HUNDRED);

	fake.writes = 85;
	put(&p, "lost\n");
	ok1(fake.len == 0);
	port_put_last(&p, "end\n", 4);
	ok(out_is("end\r\n"), "a last line is tried for longer");
	ok1(p.lost_bytes == 6);
	put(&p, "and one more\n");
	ok(out_is("end\r\nand one more\r\n"), "and others go on as before");
}

/* Sinks: a device's failure passes, and what is too long is cut. */
static unsigned puts_seen;
static char seen[600];

static bool failing_put(struct sink *s, const char *bytes, size_t len)
{
	(void)s;
	puts_seen++;
	memcpy(seen, bytes, len);
	seen[len] = '\0';
	return false;
}

static void sinks(void)
{
	struct sink device = { failing_put, false, true }, stream = { failing_put, false, false };
	char text[700];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	sink_printf(&device, "a\n");
	sink_printf(&device, "b\n");
	ok(puts_seen == 2 && !device.failed, "a device is tried again");
	sink_printf(&device, "%s\n", text);
	ok(strlen(seen) == 511 && !strcmp(seen + 507, "...\n"),
	   "a line that is too long is cut, and ends");
	sink_printf(&device, "%s", text);
	ok(strlen(seen) == 511 && !strcmp(seen + 508, "..."), "so is one without an end");
	sink_printf(&device, "c\n");
	ok(!strcmp(seen, "c\n"), "and the next is as it should be");
	puts_seen = 0;
	sink_printf(&stream, "a\n");
	sink_printf(&stream, "b\n");
	ok(puts_seen == 1 && stream.failed, "a stream's first failure sticks");
}

int main(void)
{
	decisions();
	passes();
	comes_back();
	cut();
	cost(NEVER, "never", false);
	cost(DEAD, "a second, and nothing", false);
	cost(STALLS, "a second a write", true);
	cost(ONE_A_SECOND, "a byte a second", false);
	last();
	sinks();
	return done();
}
