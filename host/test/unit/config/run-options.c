/* SPDX-License-Identifier: GPL-2.0-only */
/* What starters hand over: every form, and bytes that are not for us. */
#include <stdlib.h>
#include <string.h>
#include "plan/cell.h"
#include "config/options.h"
#include "config/options_program.h"
#include "lib/sink.h"
#include "tap.h"

/* Copies that end where the bytes end, so that the sanitizer sees steps beyond. */
static struct options handed(const void *bytes, size_t len, const char *program,
			     char **room)
{
	struct options o;
	char *copy = malloc(len ? len : 1);

	memcpy(copy, bytes, len);
	*room = malloc(OPTIONS_ROOM(len));
	options_read(&o, copy, len, program, *room);
	free(copy);
	return o;
}

static size_t widen(const char *text, uint8_t *to)
{
	size_t n = 0;

	for (; *text; text++) {
		to[n++] = (uint8_t)*text;
		to[n++] = 0;
	}
	return n;
}

static const char *const own = "\\EFI\\BOOT\\BOOTX64.EFI";

/* ---- what is read: as the configuration that it comes to */

static const struct {
	const char *text, *file;
} goods[] = {
	/* The Shell: the program first. */
	{ "parapatch.efi workloads=nop exit=shutdown", "workloads = nop\nexit = shutdown" },
	{ "fs0:\\parapatch.efi offsets=2", "offsets = 2" },
	{ "FS0:\\EFI\\BOOT\\BOOTX64.EFI offsets=2", "offsets = 2" },
	{ "BOOTX64 offsets=2", "offsets = 2" },
	{ "fs0:bootx64 offsets=2", "offsets = 2" },
	{ "\\some\\where offsets=2", "offsets = 2" },
	{ "\"fs0:\\my dir\\parapatch.efi\" offsets=2", "offsets = 2" },
	/* Without it: GRUB, systemd-boot, a boot entry, -append, U-Boot. */
	{ "workloads=nop exit=shutdown", "workloads = nop\nexit = shutdown" },
	{ "  workloads=nop\t exit=shutdown  ", "workloads = nop\nexit = shutdown" },
	{ "offsets=2\r\nbatches=3\n", "offsets = 2\nbatches = 3" },
	/* Several names. */
	{ "modes=native,inline", "modes = native inline" },
	{ "modes=native,inline,", "modes = native inline" },
	{ "modes=native, inline exit=key", "modes = native inline\nexit = key" },
	{ "modes=\"native inline\" exit=return", "modes = native inline\nexit = return" },
	{ "\"modes=native inline\" exit=return", "modes = native inline\nexit = return" },
	{ "modes='native inline' exit=return", "modes = native inline\nexit = return" },
	{ "modes=native inline exit=return", "modes = native inline\nexit = return" },
	{ "modes=all", "modes = all" },
	{ "modules=hot_path,x-1", "modules = hot_path x-1" },
	{ "modules=hot_path x-1 offsets=2", "modules = hot_path x-1\noffsets = 2" },
	/* As in the file. */
	{ "offsets = 2 exit = return", "offsets = 2\nexit = return" },
	{ "offsets =2 batches= 3", "offsets = 2\nbatches = 3" },
	{ "modes = native inline offsets = 2", "modes = native inline\noffsets = 2" },
	{ "\"offsets = 2\" \"batches = 3\"", "offsets = 2\nbatches = 3" },
	/* Prefixes. */
	{ "--offsets=2 -batches=3 /exit=return", "offsets = 2\nbatches = 3\nexit = return" },
	{ "--offsets 2 --exit return", "offsets = 2\nexit = return" },
	{ "parapatch.efi -offsets 2", "offsets = 2" },
	{ "--modes native inline --offsets 2", "modes = native inline\noffsets = 2" },
	{ "--offsets = 2", "offsets = 2" },
	/* Other words for the same. */
	{ "random_seed=7", "seed = 7" },
	{ "randomseed=7", NULL },
	{ "workloads=cli+sti,irq_save+restore", "workloads = cli_sti irq_save_restore" },
	{ "workloads=cli+sti string", "workloads = cli_sti_string" },
	{ "--workloads imul chain nop --offsets 2", "workloads = imul_chain nop\noffsets = 2" },
	/* The last counts. */
	{ "offsets=2 offsets=3", "offsets = 3" },
	{ "offsets=2 # 3", NULL },
};

static bool values_same(const struct config *a, const struct config *b)
{
	return !memcmp(a, b, offsetof(struct config, from));
}

/* In both widths, with and without an end, with half a character too many, with other
 * bytes behind the end. */
static const struct {
	const char *what, *behind;
	size_t len;
	bool wide, mark;
} shapes[] = {
	{ "UTF-16", "", 0, true, false },
	{ "UTF-16, its end", "\0\0", 2, true, false },
	{ "UTF-16, its end and the Shell's folder", "\0\0f\0s\0000\0:\0\\\0\0\0", 14, true, false },
	{ "UTF-16, an odd size", "\0", 1, true, false },
	{ "UTF-16, its end and an odd size", "\0\0\0", 3, true, false },
	{ "UTF-16, its end and junk", "\0\0\xde\xad\xbe\xef\x01", 7, true, false },
	{ "UTF-16, the firmware's own mark",
	  "\0\0\x4e\xac\x08\x81\x11\x9f\x59\x4d\x85\x0e\xe2\x1a\x52\x2c\x59\xb2", 18, true, false },
	{ "UTF-16, that mark without an end",
	  "\x4e\xac\x08\x81\x11\x9f\x59\x4d\x85\x0e\xe2\x1a\x52\x2c\x59\xb2", 16, true, false },
	{ "UTF-16 with a byte order mark", "", 0, true, true },
	{ "8 bits", "", 0, false, false },
	{ "8 bits, its end", "\0", 1, false, false },
	{ "8 bits, its end and junk", "\0\xff\x01", 3, false, false },
	{ "8 bits with a byte order mark", "", 0, false, true },
};

static size_t shape(unsigned i, const char *text, uint8_t *bytes)
{
	size_t n = 0;

	if (shapes[i].mark) {
		n = shapes[i].wide ? 2 : 3;
		memcpy(bytes, shapes[i].wide ? "\xff\xfe" : "\xef\xbb\xbf", n);
	}
	if (shapes[i].wide) {
		n += widen(text, bytes + n);
	} else {
		memcpy(bytes + n, text, strlen(text));
		n += strlen(text);
	}
	memcpy(bytes + n, shapes[i].behind, shapes[i].len);
	return n + shapes[i].len;
}

static bool comes_to(const uint8_t *bytes, size_t len, const char *file)
{
	struct config want, got;
	struct config_error e = { .line = 0 };
	char *room;
	struct options o = handed(bytes, len, own, &room);
	bool good;

	config_preset(&want);
	got = want;
	good = config_parse(&want, file, strlen(file), &e) && o.kind == OPTIONS_WORDS
		&& options_apply(&o, &got, &e) && values_same(&want, &got);
	if (!good)
		diag("kind %d, words %u, line %u: %s", o.kind, o.words, e.line, e.text);
	free(room);
	return good;
}

static void test_good(void)
{
	uint8_t bytes[400];

	for (unsigned g = 0; goods[g].file; g++) {
		unsigned i = 0;

		for (; i < sizeof(shapes) / sizeof(shapes[0]); i++)
			if (!comes_to(bytes, shape(i, goods[g].text, bytes), goods[g].file))
				break;
		ok(i == sizeof(shapes) / sizeof(shapes[0]), "%.*s%s%s",
		   (int)strcspn(goods[g].text, "\r"), goods[g].text,
		   i < sizeof(shapes) / sizeof(shapes[0]) ? ": not as " : ", in every shape",
		   i < sizeof(shapes) / sizeof(shapes[0]) ? shapes[i].what : "");
	}
}

/* ---- what is refused: the word's number, and what is said */

static const struct {
	const char *text;
	unsigned word;
	const char *says, *mend;
	uint32_t exit;
} bads[] = {
	{ "workload=nop", 1, "unknown key \"workload\"", "keys are plan, offsets", EXIT_KEY },
	{ "parapatch.efi exit=shutdown workload=nop", 2, "unknown key \"workload\"", "keys are",
	  EXIT_SHUTDOWN },
	{ "parapatch.efi workload=nop exit=shutdown", 1, "unknown key \"workload\"", "keys are",
	  EXIT_SHUTDOWN },
	{ "parapatch.efi nonsense", 1, "not a setting: \"nonsense\"", "write key = value",
	  EXIT_KEY },
	{ "parapatch.efi nonsense exit=return", 1, "not a setting: \"nonsense\"", "write",
	  EXIT_RETURN },
	{ "offsets=2 nonsense exit=return", 2, "not a setting: \"nonsense\"", "write",
	  EXIT_RETURN },
	{ "offsets=17 exit=return", 1, "bad number \"17\"",
	  "offsets takes a whole number from 1 to 16", EXIT_RETURN },
	{ "offsets=2,3", 1, "bad number \"2,3\"", "offsets takes", EXIT_KEY },
	{ "offsets=2 3", 2, "not a setting: \"3\"", "write key", EXIT_KEY },
	{ "offsets=2#3", 1, "bad number \"2#3\"", "offsets takes", EXIT_KEY },
	{ "offsets=", 1, "bad number \"\"", "offsets takes", EXIT_KEY },
	{ "batches=3 offsets=", 2, "bad number \"\"", "offsets takes", EXIT_KEY },
	{ "offsets==2", 1, "bad number \"=2\"", "offsets takes", EXIT_KEY },
	{ "modes=native,inlined", 1, "unknown name \"inlined\"",
	  "modes takes all or some of native,", EXIT_KEY },
	{ "modes=native inlined exit=return", 1, "unknown name \"inlined\"", "modes takes",
	  EXIT_RETURN },
	{ "modes=", 1, "unknown name \"\"", "modes takes", EXIT_KEY },
	{ "exit=halt", 1, "unknown name \"halt\"", "exit takes one of key, return, shutdown",
	  EXIT_KEY },
	{ "exit=return exit=halt", 2, "unknown name \"halt\"", "exit takes", EXIT_RETURN },
	{ "exit=halt exit=return", 1, "unknown name \"halt\"", "exit takes", EXIT_RETURN },
	{ "offsets=2 modes=\"native inline exit=return", 2,
	  "a quote is not closed: \"modes=native inline exit=return\"", "close it", EXIT_KEY },
	{ "exit=return offsets=\"2", 2, "a quote is not closed: \"offsets=2\"", "close it",
	  EXIT_RETURN },
	{ "Offsets=2", 1, "unknown key \"Offsets\"", "keys are", EXIT_KEY },
	{ "root=/dev/sda1", 1, "unknown key \"root\"", "keys are", EXIT_KEY },
	{ "root=/dev/sda1 ro exit=return", 1, "unknown key \"root\"", "keys are", EXIT_RETURN },
	{ "mode=native inline", 1, "unknown key \"mode\"", "keys are", EXIT_KEY },
	{ "quiet wokrloads=nop", 1, "not a setting: \"quiet\"", "write", EXIT_KEY },
	{ "offset = 2", 1, "unknown key \"offset\"", "keys are", EXIT_KEY },
	{ "nonsense=1 more=2", 1, "unknown key \"nonsense\"", "keys are", EXIT_KEY },
	{ "--nonsense=1", 1, "unknown key \"nonsense\"", "keys are", EXIT_KEY },
	{ "offsets=2 --exit", 2, "not a setting: \"exit\"", "write key", EXIT_KEY },
	{ "offsets=2 =", 2, "unknown key \"\"", "keys are", EXIT_KEY },
};

static void test_bad(void)
{
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		uint8_t bytes[400];
		struct config before, got;
		struct config_error e = { .line = 0 };
		char *room;
		struct options o = handed(bytes, widen(bads[i].text, bytes), own, &room);
		bool good;

		config_preset(&before);
		got = before;
		good = o.kind == OPTIONS_WORDS && !options_apply(&o, &got, &e);
		before.exit = bads[i].exit;
		if (!ok(good && e.line == bads[i].word && strstr(e.text, bads[i].says)
			&& strstr(e.text, "; ") && strstr(strstr(e.text, "; "), bads[i].mend)
			&& values_same(&before, &got), "refused: %s", bads[i].text))
			diag("kind %d, exit %u, word %u: %s", o.kind, got.exit, e.line, e.text);
		free(room);
	}
}

/* A word with characters of its own. */
static void test_shown(void)
{
	static const uint8_t wide[] = "o\0f\0f\0s\0e\0t\0s\0=\0\x13\x20\0\0";
	static const uint8_t nbsp[] = "o\0f\0f\0s\0e\0t\0s\0=\0002\0\xa0\0b\0a\0t\0c\0h\0e\0s\0="
				      "\0003\0\0";
	static const uint8_t latin[] = "offsets=2\xf6";
	struct config_error e;
	struct config c;
	struct options o;
	char *room;

	config_preset(&c);
	o = handed(wide, sizeof(wide) - 1, own, &room);
	ok(o.kind == OPTIONS_WORDS && !options_apply(&o, &c, &e)
	   && strstr(e.text, "bad number \"<U+2013>\""), "a dash of typography is named");
	free(room);
	o = handed(latin, sizeof(latin) - 1, own, &room);
	ok(o.kind == OPTIONS_WORDS && !options_apply(&o, &c, &e)
	   && strstr(e.text, "bad number \"2<byte F6>\""), "so is a byte of Latin 1");
	free(room);
	o = handed(nbsp, sizeof(nbsp) - 1, own, &room);
	ok(o.kind == OPTIONS_WORDS && options_apply(&o, &c, &e) && c.offsets == 2
	   && c.batches == 3, "a no-break space is a blank");
	free(room);
}

/* ---- help */

static void test_help(void)
{
	static const char *const asks[] = {
		"-h", "--help", "/?", "-?", "?", "help", "/h", "-help", "--h", "/help", "-H",
		"parapatch.efi -h", "fs0:\\parapatch.efi /?", "offsets=2 -h", "-h exit=return",
		"parapatch.efi nonsense --help",
	};
	static const char *const asks_not[] = {
		"parapatch.efi -hx", "helpme=1", "offsets=2 \"-h offsets\"", "exit=help",
	};
	uint8_t bytes[100];
	char *room;

	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		ok(handed(bytes, widen(asks[i], bytes), own, &room).kind == OPTIONS_HELP,
		   "help: %s", asks[i]);
		free(room);
	}
	for (size_t i = 0; i < sizeof(asks_not) / sizeof(asks_not[0]); i++) {
		ok(handed(bytes, widen(asks_not[i], bytes), own, &room).kind == OPTIONS_WORDS,
		   "no help: %s", asks_not[i]);
		free(room);
	}
}

static void test_help_exit(void)
{
	uint8_t bytes[100];
	struct config_error e;
	struct config c;
	char *room;
	struct options o = handed(bytes, widen("offsets=2 -h exit=return", bytes), own, &room);

	config_preset(&c);
	ok(o.kind == OPTIONS_HELP && !options_apply(&o, &c, &e) && c.exit == EXIT_RETURN
	   && c.offsets == 16, "of words with -h among them only exit counts");
	free(room);
}

/* ---- what is not for us */

#define BYTES(s)	s, sizeof(s) - 1

static const struct {
	const char *what, *bytes;
	size_t len;
	enum options_kind kind;
	const char *shown;
} others[] = {
	{ "nothing", BYTES(""), OPTIONS_NONE, "" },
	{ "an end", BYTES("\0\0"), OPTIONS_NONE, "" },
	{ "zeros, an odd number", BYTES("\0\0\0\0\0"), OPTIONS_NONE, "" },
	{ "blanks", BYTES(" \0 \0\0\0"), OPTIONS_NONE, "" },
	{ "the program's name", BYTES("p\0.\0e\0f\0i\0\0\0"), OPTIONS_NONE, "" },
	{ "its name, 8 bits", BYTES("bootx64"), OPTIONS_NONE, "" },
	{ "the firmware's mark alone",
	  BYTES("\x4e\xac\x08\x81\x11\x9f\x59\x4d\x85\x0e\xe2\x1a\x52\x2c\x59\xb2"),
	  OPTIONS_NONE, "" },
	{ "two letters of a maker", BYTES("RC"), OPTIONS_IGNORED, "\"RC\"" },
	{ "two letters and zeros", BYTES("\0\0BO"), OPTIONS_IGNORED, "00 00 42 4f" },
	{ "two letters and an end", BYTES("FJ\0"), OPTIONS_IGNORED, "\"FJ\"" },
	{ "Windows's", BYTES("WINDOWS\0\1\0\0\0\x88\0\0\0x\0\0\0B\0C\0D\0O\0B\0J\0"),
	  OPTIONS_IGNORED, "57 49 4e 44 4f 57 53 00 01 00 00 00 88 00 00 00 ..." },
	{ "another GUID", BYTES("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"),
	  OPTIONS_IGNORED, "01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10" },
	{ "one byte", BYTES("\1"), OPTIONS_IGNORED, "01" },
	{ "text that sets nothing", BYTES("quiet splash"), OPTIONS_IGNORED, "\"quiet splash\"" },
	{ "the same of 16 bits", BYTES("q\0u\0\0\0"), OPTIONS_IGNORED, "\"qu\"" },
	{ "long text that sets nothing",
	  BYTES("a123456789b123456789c123456789d123456789e123456789f123456"), OPTIONS_IGNORED,
	  "\"a123456789b123456789c123456789d123456789e123456789f123456\"" },
	{ "longer text", BYTES("a123456789b123456789c123456789d123456789e123456789f123456789g1"),
	  OPTIONS_IGNORED, "\"a123456789b123456789c123456789d123456789e123456789f1234567\"..." },
	{ "U-Boot's bootargs", BYTES("r\0o\0o\0t\0=\0a\0 \0r\0o\0\0\0"), OPTIONS_IGNORED,
	  "\"root=a ro\"" },
	{ "a kernel's line", BYTES("BOOT_IMAGE=/vmlinuz root=/dev/sda1 init=/bin/sh ro quiet"),
	  OPTIONS_IGNORED, "\"BOOT_IMAGE=/vmlinuz root=/dev/sda1 init=/bin/sh ro quiet\"" },
	{ "a bare =", BYTES("= =="), OPTIONS_IGNORED, "\"= ==\"" },
	{ "base64", BYTES("cGFyYXBhdGNo="), OPTIONS_IGNORED, "\"cGFyYXBhdGNo=\"" },
	{ "a key of ours without a value", BYTES("offsets"), OPTIONS_IGNORED, "\"offsets\"" },
	{ "options with a control character", BYTES("offsets=\x01"), OPTIONS_IGNORED,
	  "6f 66 66 73 65 74 73 3d 01" },
	{ "Chinese", BYTES("\x2d\x4e\x87\x65"), OPTIONS_IGNORED, "2d 4e 87 65" },
	{ "half of a pair", BYTES("a\0=\0" "1\0\x3d\xd8"), OPTIONS_IGNORED,
	  "61 00 3d 00 31 00 3d d8" },
};

static void test_others(void)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char *room;
		struct options o = handed(others[i].bytes, others[i].len, own, &room);

		if (!ok(o.kind == others[i].kind && !strcmp(o.shown, others[i].shown),
			"not for us: %s", others[i].what))
			diag("kind %d, %u words, shown %s", o.kind, o.words, o.shown);
		free(room);
	}
}

/* ---- a whole boot entry */

/* Attributes, the length of the paths, a description, a path with a file, data. */
static size_t entry(const char *options, uint8_t *to)
{
	static const uint8_t path[] = {
		4, 1, 42, 0, 1, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0xf8, 1, 0, 0, 0, 0, 0,
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 2, 2,
		4, 4, 14, 0, '\\', 0, 'p', 0, '.', 0, 'e', 0, 0, 0,
		0x7f, 0xff, 4, 0,
	};
	static const uint8_t head[] = { 1, 0, 0, 0, sizeof(path), 0, 'm', 0, 'y', 0, 0, 0 };
	size_t n = sizeof(head);

	memcpy(to, head, n);
	memcpy(to + n, path, sizeof(path));
	n += sizeof(path);
	return n + widen(options, to + n);
}

static void test_entry(void)
{
	uint8_t bytes[300];
	size_t len = entry("offsets=2", bytes), bare = len - 18;
	char *room, program[40];
	struct options o;

	ok(comes_to(bytes, len, "offsets = 2"), "a whole boot entry: its optional data");
	o = handed(bytes, bare, own, &room);
	ok(o.kind == OPTIONS_NONE, "a whole boot entry without any");
	free(room);
	for (size_t cut = 0; cut < bare; cut++) {
		o = handed(bytes, cut, own, &room);
		if (o.kind != OPTIONS_IGNORED && o.kind != OPTIONS_NONE)
			ok(false, "%zu bytes of it", cut);
		free(room);
	}
	options_program(bytes + 12, 200, program, sizeof(program));
	ok(!strcmp(program, "\\p.e"), "a device path's file: %s", program);
	for (size_t cut = 0; cut < 60; cut++) {
		uint8_t *copy = malloc(cut ? cut : 1);

		memcpy(copy, bytes + 12, cut);
		options_program(copy, cut, program, cut % 6 + 1);
		free(copy);
	}
	ok(1, "paths cut anywhere are not read beyond");
}

/* ---- any bytes */

static uint64_t seed = 0xda942042e4dd58b5;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

static size_t random_bytes(uint8_t *bytes)
{
	char text[400] = "";
	size_t len;

	for (unsigned n = rnd(5); n; n--)
		strcat(strcat(text, goods[rnd(sizeof(goods) / sizeof(goods[0]))].text),
		       rnd(2) ? " " : "");
	text[rnd(200)] = '\0';
	len = shape(rnd(sizeof(shapes) / sizeof(shapes[0])), text, bytes);
	for (unsigned n = rnd(4); n && len; n--)
		bytes[rnd((uint32_t)len)] = rnd(2) ? "\0= \"',-/"[rnd(8)] : (uint8_t)rnd(256);
	return len;
}

static void test_any(void)
{
	unsigned kinds[4] = { 0 }, applied = 0;
	uint8_t bytes[1200];

	for (unsigned i = 0; i < 50000; i++) {
		struct config c;
		struct config_error e = { .line = 0 };
		char *room;
		struct options o = handed(bytes, random_bytes(bytes), own, &room);

		config_preset(&c);
		kinds[o.kind]++;
		if (o.kind == OPTIONS_WORDS && options_apply(&o, &c, &e))
			applied++;
		else if (o.kind == OPTIONS_WORDS && (!e.line || e.line > o.words || !e.text[0]))
			ok(false, "round %u: word %u of %u", i, e.line, o.words);
		if (o.kind == OPTIONS_IGNORED && !o.shown[0])
			ok(false, "round %u: what is ignored is not shown", i);
		free(room);
	}
	ok(kinds[OPTIONS_NONE] > 100 && kinds[OPTIONS_IGNORED] > 100
	   && kinds[OPTIONS_WORDS] > 1000 && applied > 1000,
	   "random bytes: %u nothing, %u ignored, %u words, %u of them good",
	   kinds[OPTIONS_NONE], kinds[OPTIONS_IGNORED], kinds[OPTIONS_WORDS], applied);
}

int main(void)
{
	test_good();
	test_bad();
	test_shown();
	test_help();
	test_help_exit();
	test_others();
	test_entry();
	test_any();
	return done();
}
