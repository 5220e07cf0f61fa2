/* SPDX-License-Identifier: GPL-2.0-only */
/* The environment: hostile SMBIOS tables, CPUID, and what is printed of it. */
#include <stdlib.h>
#include <string.h>
#include "report/environment_report.h"
#include "lib/printable.h"
#include "tap.h"

/* A structure: type, length, handle, its bytes, its strings. */
#define BIOS	"\x00\x0a\x00\x00" "\x01\x02\x00\xe0\x03\x00" "ACME\0" "1.2\0" "01/02/2020\0" "\0"
#define SYSTEM	"\x01\x0c\x01\x00" "\x01\x02\x03\x04" "UUID" "Maker\0Product\0v1\0SERIAL\0" "\0"
#define BOARD	"\x02\x08\x02\x00" "\x02\x01\x03\x04" "Board\0Boards Inc.\0rev 2\0SERIAL\0" "\0"
#define BARE	"\x20\x06\x03\x00" "zz" "\0\0"
#define END	"\x7f\x04\x04\x00" "\0\0"
static const char whole[] = BARE BIOS SYSTEM BOARD END;
#define WHOLE	(sizeof(whole) - 1)

static struct smbios smbios;

/* In memory of just that size, for the address sanitizer. */
static void parse(const char *bytes, size_t len)
{
	uint8_t *p = malloc(len ? len : 1);

	if (len)
		memcpy(p, bytes, len);
	smbios_parse(p, len, &smbios);
	free(p);
}
#define PARSE(bytes)	parse(bytes, sizeof(bytes) - 1)

static bool all_strings(void)
{
	return !strcmp(smbios.bios_vendor, "ACME")
		&& !strcmp(smbios.bios_version, "1.2")
		&& !strcmp(smbios.bios_date, "01/02/2020")
		&& !strcmp(smbios.system_maker, "Maker")
		&& !strcmp(smbios.system_product, "Product")
		&& !strcmp(smbios.board_maker, "Boards Inc.")
		&& !strcmp(smbios.board_product, "Board")
		&& !strcmp(smbios.board_version, "rev 2");
}

static bool holds(const char *word)
{
	return memmem(&smbios, sizeof(smbios), word, strlen(word)) != NULL;
}

static void test_smbios(void)
{
	parse(whole, WHOLE);
	ok(all_strings() && !smbios.why, "a good table");
	ok(!holds("SERIAL") && !holds("UUID"), "serial numbers stay where they are");
	PARSE(BARE BIOS SYSTEM BOARD);
	ok(all_strings() && !smbios.why, "a table without an end marker");
	PARSE(BIOS SYSTEM BOARD "\x02\x08\x02\x00" "\x01\x01\x01\x01" "Other\0" "\0" END);
	ok(all_strings(), "of several boards the first");
	PARSE(END BIOS);
	ok(!smbios.bios_vendor[0] && !smbios.why, "nothing after the end marker");
	parse("", 0);
	ok(!smbios.why && !smbios.bios_vendor[0], "an empty table");
}

/* Every cut is seen, and nothing is read beyond it. */
static void test_cut(void)
{
	const size_t ends[] = { 0, 8, 8 + 31, 8 + 31 + 37, WHOLE - 6 };
	unsigned wrong = 0;

	for (size_t len = 0; len < WHOLE; len++) {
		bool whole_structures = false;

		for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			whole_structures |= len == ends[i];
		parse(whole, len);
		wrong += !smbios.why != whole_structures;
	}
	ok(!wrong, "a table cut at each of its %zu bytes: %u unseen", WHOLE, wrong);
}

static void test_hostile(void)
{
	PARSE("\x00\x03\x00\x00" "\0\0" END);
	ok(smbios.why, "a structure shorter than its header");
	PARSE("\x00\x00\x00\x00" "\0\0" END);
	ok(smbios.why, "a structure of length 0 does not loop");
	PARSE("\x00\xff\x00\x00" "\x01\x02\x00\xe0\x03\x00" "ACME\0" "\0" END);
	ok(smbios.why && !smbios.bios_vendor[0], "a structure longer than the table");
	PARSE("\x00\x0a\x00\x00" "\xff\x02\x00\xe0\x00\x00" "ACME\0" "\0" END);
	ok(!smbios.why && !smbios.bios_vendor[0] && !smbios.bios_version[0]
	   && !smbios.bios_date[0], "string numbers there are no strings for");
	PARSE("\x00\x05\x00\x00" "\x01" "\x01" "CME\0" "\0" END);
	ok(!strcmp(smbios.bios_vendor, "?CME") && !smbios.bios_version[0],
	   "a structure too short for a string's number");
	PARSE("\x00\x04\x00\x00" "\0\0");
	ok(!smbios.why && !smbios.bios_vendor[0] && !smbios.bios_date[0],
	   "a structure that is a header, at the end of the table");
	PARSE("\x00\x06\x00\x00" "\x01\x02" "\0\0" END);
	ok(!smbios.bios_vendor[0] && !smbios.bios_version[0] && !smbios.why,
	   "a number, and no strings at all");
	PARSE("\x00\x06\x00\x00" "\x01\x02" "A\"B\x01\xff\n \0" "  padded  \0" "\0" END);
	ok(!strcmp(smbios.bios_vendor, "A'B???")
	   && !strcmp(smbios.bios_version, "padded"), "strings are made printable");
}

/* A string longer than its place is cut, with its terminator inside. */
static void test_long(void)
{
	static char bytes[600] = "\x00\x06\x00\x00" "\x01\x02";

	memset(bytes + 6, 'x', 500);
	memcpy(bytes + 506, "\0second\0\0" END, 9 + sizeof(END) - 1);
	parse(bytes, 506 + 9 + sizeof(END) - 1);
	ok1(strlen(smbios.bios_vendor) == sizeof(smbios.bios_vendor) - 1);
	ok1(!strcmp(smbios.bios_version, "second") && !smbios.why);
}

/* Random changes of a good table: whatever they say, nothing outside is read,
 * which the sanitizer sees. */
static void test_random(void)
{
	uint32_t seed = 1;
	unsigned unended = 0;

	for (unsigned i = 0; i < 20000; i++) {
		char bytes[WHOLE];

		memcpy(bytes, whole, WHOLE);
		for (unsigned k = 0; k < 1 + i % 4; k++) {
			seed = seed * 1664525 + 1013904223;
			bytes[(seed >> 8) % WHOLE] = (char)(seed >> 24);
		}
		parse(bytes, WHOLE);
		unended += !memchr(smbios.bios_vendor, 0, sizeof(smbios.bios_vendor))
			|| !memchr(smbios.board_version, 0, sizeof(smbios.board_version));
	}
	ok(!unended, "20000 tables with random bytes");
}

static void sum_up(uint8_t *p, size_t len, size_t at)
{
	uint8_t sum = 0;

	p[at] = 0;
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + p[i]);
	p[at] = (uint8_t)-sum;
}

static void make64(uint8_t p[32])
{
	memset(p, 0, 32);
	memcpy(p, "_SM3_\0\x18\x03", 8);
	memcpy(p + 12, "\x00\x10\x00\x00" "\x00\x00\xff\x7f\x01\x00\x00\x00", 12);
	sum_up(p, 24, 5);
}

static void make32(uint8_t p[32])
{
	memset(p, 0, 32);
	memcpy(p, "_SM_\0\x1f\x02\x08", 8);
	memcpy(p + 16, "_DMI_\0\x34\x12\x00\xf0\x0e\x00", 12);
	sum_up(p + 16, 15, 5);
	sum_up(p, 31, 4);
}

static void test_entry(void)
{
	struct smbios_table t;
	uint8_t p[32];
	unsigned taken = 0;

	make64(p);
	ok1(!smbios_entry(p, 32, &t) && t.addr == 0x17fff0000 && t.len == 0x1000);
	ok1(!smbios_entry(p, 24, &t) && smbios_entry(p, 23, &t) && smbios_entry(p, 3, &t));
	for (unsigned i = 0; i < 24; i++) {
		p[i] ^= 0x40;
		taken += !smbios_entry(p, 32, &t);
		p[i] ^= 0x40;
	}
	memset(p + 12, 0xff, 3);
	sum_up(p, 24, 5);
	ok(!smbios_entry(p, 32, &t) && t.len == SMBIOS_TABLE_MAX, "a huge table is cut");
	memset(p + 12, 0, 12);
	sum_up(p, 24, 5);
	ok1(smbios_entry(p, 32, &t));
	make32(p);
	ok1(!smbios_entry(p, 32, &t) && t.addr == 0xef000 && t.len == 0x1234);
	for (unsigned i = 0; i < 31; i++) {
		p[i] ^= 0x40;
		taken += !smbios_entry(p, 32, &t);
		p[i] ^= 0x40;
	}
	ok(!taken, "one wrong bit in an entry point is seen");
	ok1(smbios_entry((const uint8_t *)"", 0, &t));
}

/* Has it a name that was never a CPU's? */
static bool invented;
static const char kvm64[48] = "Common KVM processor";

/* CPUID, made up. */
static void fake_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	static const struct { uint32_t leaf, sub, r[4]; } rows[] = {
		{ 0, 0, { 0x16, 0x756e6547, 0x6c65746e, 0x49656e69 } },
		{ 1, 0, { 0x000806f8, 0x00100800, 1u << 31 | 1 << 21, 1u << 28 | 1 << 26
			  | 1 << 4 } },
		{ 7, 0, { 0, 1 << 7, 1 << 2, 1 << 20 | 1 << 26 } },
		{ 7, 1, { 1 << 17, 0, 0, 0 } },	/* above EAX of subleaf 0 */
		{ 0xa, 0, { 0x07300805, 0, 0, 0x00008604 } },
		{ 0xb, 0, { 1, 2, 0x100, 0 } },
		{ 0xb, 1, { 7, 112, 0x201, 0 } },
		{ 0x16, 0, { 2000, 3800, 100, 0 } },
		{ 0x40000000, 0, { 0x40000001, 0x4b4d564b, 0x564b4d56, 0x0000004d } },
		{ 0x80000000, 0, { 0x80000007, 0, 0, 0 } },
		{ 0x80000002, 0, { 0x74736554, 0x20202020, 0x20202020, 0x20202020 } },
		{ 0x80000003, 0, { 0x22555043, 0, 0, 0 } },
		{ 0x80000007, 0, { 0, 0, 0, 1 << 8 } },
		{ 0x80000008, 0, { 0, 1 << 15, 0, 0 } },	/* above the largest */
	};

	memset(r, 0, 16);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].leaf == leaf && rows[i].sub == sub)
			memcpy(r, rows[i].r, 16);
	if (invented && leaf >= 0x80000002 && leaf <= 0x80000004)
		memcpy(r, kvm64 + (leaf - 0x80000002) * 16, 16);
}

static struct environment env = {
	.version = "1", .arch = "x86_64", .compiler = "gcc", .flags = "-O2",
};
static const struct findings findings;

static void test_cpu(void)
{
	const struct cpuid c = cpuid_open(fake_cpuid);

	environment_cpu(&env, &c);
	ok1(!strcmp(env.cpu.vendor, "GenuineIntel") && env.cpu.family == 6
	    && env.cpu.model == 0x8f && env.cpu.stepping == 8);
	ok1(!strcmp(env.brand, "Test            CPU'"));
	ok(!env.cpu.invented && cpu_is_invented("QEMU Virtual CPU version 2.5+")
	   && cpu_is_invented("Common KVM processor")
	   && cpu_is_invented("Common 32-bit KVM processor")
	   && !cpu_is_invented("Common KVM") && !cpu_is_invented("")
	   && !cpu_is_invented("Intel Core Processor (Haswell, no TSX)"),
	   "which names no CPU has");
	invented = true;
	environment_cpu(&env, &c);
	ok(env.cpu.invented, "one that was never made");
	invented = false;
	environment_cpu(&env, &c);
	ok1(!strcmp(env.hypervisor, "KVMKVMKVM") && env.hypervisor_max_leaf == 0x40000001);
	ok1(env.logical_cpus == 112 && env.arch_perfmon == 5);
	ok1(env.base_mhz == 2000 && env.max_mhz == 3800 && env.invariant_tsc);
	ok1(has_feature(env.features, FEATURE_ibpb) && has_feature(env.features, FEATURE_ibt)
	    && has_feature(env.features, FEATURE_x2apic));
	ok(!has_feature(env.features, FEATURE_stibp), "a leaf above the largest is not read");
	ok(!has_feature(env.features, FEATURE_fred), "nor a subleaf");
}

static char bytes[1 << 16];

/* What is printed, whatever of it there is. */
static void print(void (*how)(struct sink *s))
{
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);

	how(&m.sink);
	bytes[m.len] = '\0';
	ok(!m.sink.failed, "all of it fits");
}

static void lines(struct sink *s)
{
	environment_lines(&env, s);
}

static void json(struct sink *s)
{
	struct json j = { s, true };

	sink_put(s, "{", 1);
	environment_json(&j, &env);
	findings_json(&j, &findings);
	sink_put(s, "\n}\n", 3);
}

static void sources(void)
{
	env.tsc_sources[TSC_hypervisor] = tsc_silent(TSC_hypervisor, "none");
	env.tsc_sources[TSC_hyperv] = tsc_silent(TSC_hyperv, "none");
	env.tsc_sources[TSC_leaf15] = (struct tsc_source){ TSC_leaf15, .hz = 8000000000 };
	env.tsc_sources[TSC_hpet] = (struct tsc_source){
		TSC_hpet, .hz = 2000000000, .n = 3, .spread_ppm = 7, .resolution_ppm = 9 };
	env.tsc_sources[TSC_pm_timer] = (struct tsc_source){
		TSC_pm_timer, .hz = 2000020000, .n = 3 };
	env.tsc_sources[TSC_stall] = tsc_silent(TSC_stall, "none");
	environment_tsc(&env);
}

/* Does jq say so of what json() printed? */
static bool jq(const char *filter)
{
	char command[600];
	FILE *f;

	snprintf(command, sizeof(command), "jq -e '%s' >/dev/null", filter);
	f = popen(command, "w");
	if (!f)
		return false;
	fputs(bytes, f);
	return pclose(f) == 0;
}

static void test_lines(void)
{
	sources();
	print(lines);
	ok1(strstr(bytes, "clock source=\"CPUID leaf 15h\" hz=8000000000 used=no "
		   "deviation_ppm=3000000 why=\"it says another rate than what is believed\"\n"));
	ok1(strstr(bytes, "clock source=\"HPET\" hz=2000000000 used=yes deviation_ppm=0 "
		   "n=3 spread_ppm=7 resolution_ppm=9 why=\"\"\n"));
	ok1(strstr(bytes, "clock source=\"ACPI PM timer\" hz=2000020000 used=cross-check "));
	ok1(strstr(bytes, "parapatch clock hz=2000000000 source=\"HPET\" "
		   "cross=\"ACPI PM timer\" deviation_ppm=10 invariant=yes "
		   "doubt=\"CPUID leaf 15h says 8000 MHz, HPET 2000 MHz: not believed\"\n"));
	ok1(strstr(bytes, "parapatch features arch_perfmon=5 words=\"tsc invariant_tsc lfence "));
	env.microcode_why = "RDMSR: #GP";
	print(lines);
	ok1(strstr(bytes, "parapatch microcode revision=none note=\"RDMSR: #GP\"\n"));
}

/* The TSC's rate may follow the CPU's: said on bare metal alone. */
static void test_invariant(void)
{
	env.invariant_tsc = false;
	environment_tsc(&env);
	ok1(!strstr(env.tsc.doubt, "invariant"));
	env.hypervisor[0] = '\0';
	environment_tsc(&env);
	ok1(strstr(env.tsc.doubt, "not believed; the TSC is not said to be invariant"));
}

static void test_text(void)
{
	print(lines);
	ok(strstr(bytes, " secure_boot=\n")
	   && strstr(bytes, "parapatch text found= mapped= by=\"\" why=\"\" cet=\"\"\n"),
	   "where nothing protects text nothing is said of it");
	print(json);
	ok1(jq(".secure_boot == \"\" and .text.found == \"\" and .text.cet == \"\""));
	env.secure_boot = "on";
	env.text_written.found = "writable";
	env.text_written.mapped = "read-only";
	env.text_written.by = "CR0.WP";
	env.text_written.why = "the firmware has none";
	env.text_written.cet = "off";
	print(lines);
	ok1(strstr(bytes, " secure_boot=on\n"));
	ok1(strstr(bytes, "parapatch text found=writable mapped=read-only by=\"CR0.WP\" "
		   "why=\"the firmware has none\" cet=\"off\"\n"));
	print(json);
	ok1(jq(".secure_boot == \"on\" and .text == {found: \"writable\", mapped: \"read-only\","
	       " written_by: \"CR0.WP\", why_not_protocol: \"the firmware has none\", cet: "
	       "\"off\"}"));
}

/* What ops were timed in: two reports of one CPU may differ by it. */
static void test_control(void)
{
	print(lines);
	ok(!strstr(bytes, "parapatch control"), "ring 3 knows no CR4: nothing is said of it");
	print(json);
	ok1(jq("has(\"control\") | not"));
	env.control = (struct control_state){ .apic = "x2apic", .pge = true };
	print(lines);
	ok1(strstr(bytes, "parapatch control cr4_pge=yes cr4_pcide=no cr4_umip=no apic=x2apic\n"));
	print(json);
	ok1(jq(".control == {cr4_pge: true, cr4_pcide: false, cr4_umip: false, apic: \"x2apic\"}"));
	env.control = (struct control_state){ .apic = "off", .pcide = true, .umip = true };
	print(lines);
	ok1(strstr(bytes, "parapatch control cr4_pge=no cr4_pcide=yes cr4_umip=yes apic=off\n"));
	print(json);
	ok1(jq(".control | .cr4_pcide and .cr4_umip and (.cr4_pge | not) and .apic == \"off\""));
}

static void test_json(void)
{
	env.microcode_why = NULL;
	env.microcode = 0x2b000603;
	env.uefi_revision = 2 << 16 | 70;
	parse(whole, WHOLE);
	env.smbios = smbios;
	print(json);
	ok1(jq(".tsc.sources | length == 6"));
	ok1(jq(".tsc | .hz == 2000000000 and .source == \"HPET\" and "
	       ".cross_check == \"ACPI PM timer\" and .deviation_ppm == 10"));
	ok1(jq(".cpu | .microcode == 721421827 and (.features | index(\"ibpb\")) != null"));
	ok1(jq(".uefi == \"2.7\" and .smbios.board_version == \"rev 2\""));
	ok1(jq(".disturbed | .smi_known == false and (has(\"smi\") | not)"));
	ok1(jq("has(\"ops_check\") and .mhz_per_cpu == 2000"));
	env.uefi_revision = 2 << 16 | 31;
	print(json);
	ok1(jq(".uefi == \"2.3.1\""));
	env = (struct environment){ .version = "", .arch = "", .compiler = "", .flags = "" };
	print(json);
	ok(jq(".tsc.sources == [] and .cpu.features == []"), "an empty one is JSON");
	print(lines);
}

int main(void)
{
	test_smbios();
	test_cut();
	test_hostile();
	test_long();
	test_random();
	test_entry();
	test_cpu();
	test_lines();
	test_invariant();
	test_control();
	test_json();
	test_text();
	return done();
}
