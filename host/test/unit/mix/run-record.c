/* SPDX-License-Identifier: GPL-2.0-only */
/* What is counted of a made-up sequence of instructions; the list of what is where; the file. */
#include <stdlib.h>
#include <string.h>
#include "tap.h"
#include "mix/opcode.c"
#include "mix/record.c"
#include "mix/sites.c"
#include "mix/write.c"

#define KERNEL	0xffffffff80000000ull

static struct sites sites;
static struct record r;

static const char list[] =
	"# a comment, and an empty line\n"
	"\n"
	"site ffffffff80001000 irq_disable 6	# and one behind a line\n"
	"site 0xffffffff80001006 irq_enable 6\n"
	"site FFFFFFFF80001100 irq_disable 2\n"
	"entry interrupt timer ffffffff80002000\n"
	"entry interrupt table ffffffff80003000 0x100\n"
	"entry fault page_fault ffffffff80004000\n"
	"entry call syscall ffffffff80005000\n"
	"watch switch ffffffff80006000\n"
	"mark begin ffffffff80007000\n"
	"mark unit ffffffff80007001\n"
	"mark end ffffffff80007002\n";

/* A file that has @text. */
static FILE *file_of(const char *text)
{
	return fmemopen((void *)(uintptr_t)text, strlen(text) + !*text, "r");
}

static void refuses(const char *text, const char *why)
{
	struct sites s;
	char error[SITE_ERROR_MAX] = "";
	FILE *from = file_of(text);
	bool good = sites_read(&s, from, "list", error);

	fclose(from);
	sites_free(&s);
	if (!ok(!good && !strcmp(error, why), "refused: %s", why))
		diag("got %s", error);
}

static void bad_lists(void)
{
	refuses("site 1000 cli\n", "list:1: site wants ADDRESS OP LENGTH");
	refuses("\nsite 1000 cli 2 3\n", "list:2: site wants ADDRESS OP LENGTH");
	refuses("site here cli 2\n", "list:1: not a hexadecimal address: here");
	refuses("site -1 cli 2\n", "list:1: not a hexadecimal address: -1");
	refuses("site 10000000000000000 cli 2\n",
		"list:1: not a hexadecimal address: 10000000000000000");
	refuses("site 1000 cli 0\n", "list:1: not a length in bytes, of 1 to 1048576: 0");
	refuses("site 1000 c\"i 2\n", "list:1: not a name: c\"i");
	refuses("entry trap x 1000\n",
		"list:1: not a kind of entry (interrupt, fault, call): trap");
	refuses("entry fault x\n", "list:1: entry wants KIND NAME ADDRESS [LENGTH]");
	refuses("watch 1000\n", "list:1: watch wants NAME ADDRESS");
	refuses("mark start 1000\n", "list:1: not a mark (begin, unit, end): start");
	refuses("mark begin\n", "list:1: mark wants begin, unit or end, and ADDRESS");
	refuses("sites 1000 cli 2\n",
		"list:1: not a kind of line (site, entry, watch, mark): sites");
	refuses("a b c d e f g\n", "list:1: too many words: g");
	refuses("site 1001 cli 2\nsite 1000 sti 2\n", "list: two sites overlap at 0x1001");
	refuses("watch a 1000\nwatch b 1000\n", "list: two watches overlap at 0x1000");
	refuses("entry fault a 1000 8\nentry fault b 1007\n",
		"list: two entries overlap at 0x1007");
}

/* An instruction, as the plugin describes it: the same place is the same one. */
static const struct code *at(uint64_t where, const char *bytes, unsigned len)
{
	static struct code all[256];
	static unsigned count;
	struct code c;

	code_describe(&c, &sites, where, (const uint8_t *)bytes, len, KERNEL);
	for (unsigned i = 0; i < count; i++)
		if (!memcmp(&all[i], &c, sizeof(c)))
			return &all[i];
	if (count == 256)
		abort();
	memcpy(&all[count], &c, sizeof(c));
	return &all[count++];
}

static uint64_t next;		/* where the instruction that is executed next is */

/* Control comes to @where, wherever it was. */
static void go(uint64_t where)
{
	next = where;
}

static enum step run(const char *bytes, unsigned len)
{
	const struct code *c = at(next, bytes, len);

	next += len;
	return record_step(&r, c);
}

#define RUN(bytes)	run(bytes, sizeof(bytes) - 1)
#define NOP()		RUN("\x90")
#define BEGIN()		RUN("\x0f\x1f\x80\x01\x72\x61\x70")
#define END()		RUN("\x0f\x1f\x80\x02\x72\x61\x70")
#define UNIT()		RUN("\x0f\x1f\x80\x03\x72\x61\x70")

static uint64_t n(enum group g, unsigned i)
{
	return *counter(&r, g, i);
}

static uint64_t kernel(void) { return n(GROUP_INSTRUCTIONS, INSTRUCTIONS_KERNEL); }
static uint64_t user(void) { return n(GROUP_INSTRUCTIONS, INSTRUCTIONS_USER); }
static uint64_t event(unsigned i) { return n(GROUP_EVENTS, i); }

static void begin_at(uint64_t where)
{
	go(where);
	ok1(BEGIN() == STEP_ON);
}

static void orders_of_marks(void)
{
	go(KERNEL);
	ok1(UNIT() == STEP_ERROR && strstr(r.error, "unit outside"));
	ok1(END() == STEP_ERROR && strstr(r.error, "none has begun"));
	NOP();
	begin_at(KERNEL);
	ok1(BEGIN() == STEP_ERROR && strstr(r.error, "within one"));
	ok1(END() == STEP_ENDED && r.region == 1);
	ok1(kernel() == 0);
}

static void branches(void)
{
	begin_at(KERNEL);
	NOP();
	RUN("\x74\x10");		/* not taken, and taken */
	RUN("\x74\x10");
	go(next + 0x10);
	NOP();
	RUN("\xeb\xf0");
	go(next - 0x10);
	RUN("\xe8\xfb\xff\xff\xff");	/* CALL to itself, twice */
	go(next - 5);
	RUN("\xe8\xfb\xff\xff\xff");
	go(next - 5);
	RUN("\xe8\xfb\xff\xff\xff");
	go(next - 5);
	RUN("\xc3");
	go(KERNEL + 0x9000);
	NOP();
	ok1(kernel() == 10);
	ok1(!event(EVENT_UNLISTED) && !event(EVENT_RESTARTS));
	go(KERNEL + 0x9100);		/* nothing leads here */
	NOP();
	go(KERNEL + 0x9100);		/* the emulator starts it again */
	NOP();
	go(KERNEL + 0xa000);
	NOP();
	go(KERNEL + 0x9100);
	NOP();
	ok1(kernel() == 13 && event(EVENT_UNLISTED) == 3 && event(EVENT_RESTARTS) == 1);
	ok1(r.unlisted_count == 2 && r.unlisted[0].at == KERNEL + 0x9100 &&
	    r.unlisted[0].count == 2 && r.unlisted[1].count == 1);
	ok1(END() == STEP_ENDED);
}

static void events(void)
{
	begin_at(0x1000);
	NOP();
	go(KERNEL + 0x2000);		/* a timer */
	NOP();
	RUN("\x48\xcf");
	go(0x1008);
	RUN("\x8b\x00");		/* a load that faults */
	go(KERNEL + 0x4000);
	RUN("\x48\xcf");
	go(0x1008);
	RUN("\x8b\x00");
	RUN("\xc3");			/* behind RET and IRET it comes as well */
	go(KERNEL + 0x3088);
	NOP();
	RUN("\x48\xcf");
	go(KERNEL + 0x2000);
	RUN("\x48\xcf");
	go(0x2000);
	RUN("\x0f\x05");		/* a system call is none of the two */
	go(KERNEL + 0x5000);
	RUN("\x48\x0f\x07");
	go(0x2002);
	RUN("\xcc");
	go(KERNEL + 0x4000);
	RUN("\xe9\xfb\x0f\0\0");	/* a branch leads to the entry: nothing came */
	go(KERNEL + 0x5000);
	NOP();
	ok1(event(EVENT_INTERRUPTS) == 3 && event(EVENT_FAULTS) == 1 && event(EVENT_CALLS) == 2);
	ok1(!event(EVENT_UNLISTED));
	ok1(n(GROUP_ENTRIES, 0) == 2 && n(GROUP_ENTRIES, 1) == 1 && n(GROUP_ENTRIES, 2) == 2 &&
	    n(GROUP_ENTRIES, 3) == 1);
	ok1(user() == 6 && kernel() == 9);
	ok1(n(GROUP_OPCODES_USER, OPCODE_SYSCALL) == 1 &&
	    n(GROUP_OPCODES_KERNEL, OPCODE_IRET) == 4);
	ok1(END() == STEP_ENDED);
}

static void repeat(const char *bytes, uint64_t from, unsigned times, bool store, unsigned size)
{
	for (unsigned i = 0; i < times; i++) {
		go(from);
		run(bytes, 2);
		record_access(&r, r.last, !store, size);
		record_access(&r, r.last, store, size);
	}
	go(from);
	run(bytes, 2);
}

static void repeats(void)
{
	begin_at(KERNEL);
	repeat("\xf3\xa5", KERNEL + 7, 100, true, 4);
	repeat("\xf3\xaa", KERNEL + 9, 0, true, 1);
	ok1(n(GROUP_REPEATS, REPEATS_RUNS) == 2 && n(GROUP_REPEATS, REPEATS_ITERATIONS) == 100 &&
	    n(GROUP_REPEATS, REPEATS_BYTES) == 400 && kernel() == 2);
	ok1(!event(EVENT_RESTARTS));
	/* An iteration of CMPS is two loads: one of them faults once. */
	RUN("\xf3\xa6");
	record_access(&r, r.last, false, 1);
	go(KERNEL + 0x4000);
	RUN("\x48\xcf");
	go(KERNEL + 11);
	RUN("\xf3\xa6");
	record_access(&r, r.last, false, 1);
	record_access(&r, r.last, false, 1);
	NOP();
	ok1(n(GROUP_REPEATS, REPEATS_RUNS) == 4 && n(GROUP_REPEATS, REPEATS_ITERATIONS) == 101 &&
	    n(GROUP_REPEATS, REPEATS_BYTES) == 401 && kernel() == 6);
	record_access(&r, at(KERNEL + 7, "\xf3\xa5", 2), true, 4);
	ok(n(GROUP_REPEATS, REPEATS_ITERATIONS) == 101, "an access of another one is not its own");
	ok1(END() == STEP_ENDED);
}

static const struct gap *gap(const char *from, const char *to)
{
	static const struct gap none;

	for (size_t i = 0; i < (size_t)record_ops(&r) * record_ops(&r); i++)
		if (r.gaps[i] &&
		    !strcmp(record_op_name(&r, (unsigned)(i / record_ops(&r))), from) &&
		    !strcmp(record_op_name(&r, (unsigned)(i % record_ops(&r))), to))
			return r.gaps[i];
	return &none;
}

static void ops(void)
{
	begin_at(KERNEL + 0x1000 - 8);
	NOP();
	RUN("\xfa");			/* irq_disable, and its rest */
	RUN("\x0f\x1f\x44\0\0");
	RUN("\xfb");
	RUN("\x0f\x1f\x44\0\0");
	NOP();
	NOP();
	NOP();
	RUN("\xfa");			/* an op by itself */
	UNIT();
	RUN("\xff\xe0");
	go(0x1000);
	RUN("\x9c");			/* user code's is none */
	NOP();
	RUN("\x0f\x05");
	go(KERNEL + 0x6000);
	NOP();
	RUN("\xc3");
	go(KERNEL + 0x1100);
	RUN("\x2e\xfa");
	UNIT();
	ok1(END() == STEP_ENDED);
	ok1(kernel() == 13 && user() == 3);
	ok1(n(GROUP_INSTRUCTIONS, INSTRUCTIONS_REST) == 2);
	ok1(n(GROUP_OPS, OPCODE_COUNT) == 2 && n(GROUP_OPS, OPCODE_COUNT + 1) == 1 &&
	    n(GROUP_OPS, OPCODE_CLI) == 1 && !n(GROUP_OPS, OPCODE_PUSHF));
	ok1(n(GROUP_OPCODES_KERNEL, OPCODE_CLI) == 3 && n(GROUP_OPCODES_SITES, OPCODE_CLI) == 2 &&
	    n(GROUP_OPCODES_USER, OPCODE_PUSHF) == 1);
	ok1(n(GROUP_WATCHES, 0) == 1);
	ok1(r.site_n[0] == 1 && r.site_n[1] == 1 && r.site_n[2] == 1);
	ok1(gap("begin", "irq_disable")->sum == 1 &&
	    gap("irq_disable", "irq_enable")->bucket[0] == 1);
	ok1(gap("irq_enable", "CLI")->longest == 3 && gap("irq_enable", "CLI")->bucket[2] == 1);
	ok1(gap("CLI", "irq_disable")->sum == 6 && gap("CLI", "irq_disable")->user_sum == 3 &&
	    gap("CLI", "irq_disable")->bucket[3] == 1);
	ok1(gap("irq_disable", "end")->count == 1);
	ok1(r.units_count == 2);
	ok1(r.units[0] == 9 && r.units[r.first[GROUP_COUNT]] == 4);
	ok1(r.units[r.first[GROUP_COUNT] + 1] == 3);
}

static void listed_marks(void)
{
	begin_at(KERNEL);
	ok1(END() == STEP_ENDED);
	go(KERNEL + 0x7000);
	ok1(NOP() == STEP_ON && r.active);
	NOP();
	ok1(r.units_count == 1);
	ok1(NOP() == STEP_ENDED);
	ok(r.units[0] == 1 && kernel() == 2,
	   "an instruction that marks is counted: a begin's behind it, an end's not");
}

static void buckets(void)
{
	ok1(gap_bucket(0) == 0 && gap_bucket(1) == 1 && gap_bucket(2) == 2 && gap_bucket(3) == 2);
	ok1(gap_bucket(4) == 3 && gap_bucket(~0ull) == GAP_BUCKETS - 1);
}

/* What does not add up is not written. */
static void doubts(void)
{
	begin_at(KERNEL);
	NOP();
	++*counter(&r, GROUP_INSTRUCTIONS, INSTRUCTIONS_KERNEL);
	ok1(END() == STEP_ERROR && strstr(r.error, "do not add up"));
	begin_at(KERNEL);
	++*counter(&r, GROUP_OPS, 0);
	ok1(END() == STEP_ERROR && strstr(r.error, "do not add up"));
}

static void file(void)
{
	char *command[] = { (char[]){ "q\"\\\n\xc3" }, NULL }, *text;
	const struct record_about about = { "name", "QEMU", command, KERNEL };
	size_t len;
	FILE *to = open_memstream(&text, &len);

	record_write(&r, &about, to);
	fclose(to);
	ok1(strstr(text, "\"format\": \"parapatch-record/1\",\n \"mix\": \"name\""));
	ok1(strstr(text, "\"command\": [\"q\\u0022\\u005c\\u000a\\u00c3\"]"));
	ok1(strstr(text, "\"unit_count\": 2,"));
	ok1(strstr(text, "{\"at\": \"0xffffffff80001100\", "
			 "\"op\": \"irq_disable\", \"count\": 1}"));
	ok1(strstr(text, "{\"from\": \"CLI\", \"to\": \"irq_disable\", \"count\": 1, \"sum\": 6, "
			 "\"user\": 3, \"longest\": 6, \"buckets\": [0,0,0,1]}"));
	ok1(strstr(text, "\"kernel\": [9,4]") && strstr(text, "\"switch\": [0,1]"));
	free(text);
}

int main(void)
{
	char error[SITE_ERROR_MAX];
	FILE *from = file_of(list);

	if (!ok(sites_read(&sites, from, "list", error), "a list is read"))
		diag("%s", error);
	fclose(from);
	ok1(sites.sites.count == 3 && sites.ops.count == 2 && sites.entries.count == 4);
	ok1(place_at(&sites.entries, KERNEL + 0x30ff) &&
	    !place_at(&sites.entries, KERNEL + 0x3100));
	ok1(!place_at(&sites.entries, 0) && place_at(&sites.sites, KERNEL + 0x1006)->what == 1);
	bad_lists();
	record_open(&r, &sites);
	orders_of_marks();
	branches();
	events();
	repeats();
	listed_marks();
	buckets();
	doubts();
	record_close(&r);
	record_open(&r, &sites);
	ops();
	file();
	record_close(&r);
	sites_free(&sites);
	return done();
}
