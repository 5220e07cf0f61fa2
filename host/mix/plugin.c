/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recorder's plugin for QEMU: tells record.c of every instruction.
 *
 * Its options, as in "-plugin recorder.so,sites=FILE,out=PREFIX,...":
 *
 *   sites=FILE      what is where (sites.h)
 *   out=PREFIX      a region is written to PREFIX.N.json, N from 1
 *   name=WORD       the mix
 *   kernel=ADDRESS  addresses from there on are the kernel's; else 2^63, of i386 3 GiB
 *   emulator=TEXT   QEMU's name and version
 *
 * What is wrong ends QEMU with status 3 and one line.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "plugin_api.h"
#include "record.h"

#define STATUS_REFUSED	3
#define HASH_SIZE	(1u << 20)
#define INSN_MAX	15

int qemu_plugin_version = PLUGIN_API_VERSION;

/* Blocks are translated again and again; an instruction is described once. */
struct known {
	struct known *next;
	struct code code;
	uint8_t len, bytes[INSN_MAX];
};

static struct known *known[HASH_SIZE];
static struct sites sites;
static struct record recording;
static struct record_about about = { .name = "", .emulator = "" };
static const char *out_prefix;

__attribute__((format(printf, 1, 2), noreturn))
static void die(const char *format, ...)
{
	va_list args;

	fputs("recorder: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	fflush(NULL);
	_exit(STATUS_REFUSED);
}

static void *allocated(void *of)
{
	if (!of)
		die("no memory");
	return of;
}

/* A file that is whole, or none. */
static void write_region(void)
{
	char path[4096], temporary[4096 + 8];
	FILE *to;

	if (snprintf(path, sizeof(path), "%s.%u.json", out_prefix, recording.region) >=
	    (int)sizeof(path))
		die("out=%.100s...: too long", out_prefix);
	snprintf(temporary, sizeof(temporary), "%s.new", path);
	to = fopen(temporary, "w");
	if (!to)
		die("%s: %s", temporary, strerror(errno));
	record_write(&recording, &about, to);
	if (ferror(to) || fclose(to) || rename(temporary, path)) {
		unlink(temporary);
		die("%s: cannot be written: %s", path, strerror(errno));
	}
}

static void executed(unsigned int vcpu, void *data)
{
	const struct code *c = data;

	(void)vcpu;
	switch (record_step(&recording, c)) {
	case STEP_ON:
		break;
	case STEP_ENDED:
		write_region();
		break;
	case STEP_ERROR:
		die("%s: at %#" PRIx64 ", region %u", recording.error, c->at, recording.region);
	}
}

static void accessed(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *data)
{
	(void)vcpu;
	(void)vaddr;
	record_access(&recording, data, qemu_plugin_mem_is_store(info),
		      1u << qemu_plugin_mem_size_shift(info));
}

/* Other code may come to the same address: then it is another one. */
static struct code *describe(uint64_t at, const uint8_t *bytes, size_t len)
{
	struct known **head = &known[(at ^ at >> 20) % HASH_SIZE], *k;

	for (k = *head; k; k = k->next)
		if (k->code.at == at && k->len == len && !memcmp(k->bytes, bytes, len))
			return &k->code;
	k = allocated(malloc(sizeof(*k)));
	k->next = *head;
	k->len = (uint8_t)len;
	memcpy(k->bytes, bytes, len);
	code_describe(&k->code, &sites, at, bytes, (unsigned)len, about.kernel_from);
	return &(*head = k)->code;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		size_t len = qemu_plugin_insn_size(insn);
		struct code *c;

		if (len > INSN_MAX)
			len = INSN_MAX;
		c = describe(qemu_plugin_insn_vaddr(insn), qemu_plugin_insn_data(insn), len);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, QEMU_PLUGIN_CB_NO_REGS, c);
		if (c->insn.accesses)
			qemu_plugin_register_vcpu_mem_cb(insn, accessed, QEMU_PLUGIN_CB_NO_REGS,
							 QEMU_PLUGIN_MEM_RW, c);
	}
}

static void ended(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	if (recording.active)
		die("region %u was cut short: the guest ended and its mark did not come; "
		    "nothing is written", recording.region);
}

/* QEMU's own command line. */
static char *const *read_command(void)
{
	FILE *from = fopen("/proc/self/cmdline", "r");
	char **words = allocated(calloc(1, sizeof(*words))), *word = NULL;
	size_t room = 0, n = 0;

	if (!from)
		return words;
	while (getdelim(&word, &room, 0, from) > 0) {
		words = allocated(realloc(words, (n + 2) * sizeof(*words)));
		words[n++] = word;
		words[n] = NULL;
		word = NULL;
		room = 0;
	}
	free(word);
	fclose(from);
	return words;
}

static void read_sites(const char *path)
{
	char error[SITE_ERROR_MAX];
	FILE *from = fopen(path, "r");

	if (!from)
		die("sites=%s: %s", path, strerror(errno));
	if (!sites_read(&sites, from, path, error))
		die("%s", error);
	fclose(from);
}

static uint64_t read_kernel_from(const char *text)
{
	char *end;
	uint64_t at;

	errno = 0;
	at = strtoull(text, &end, 16);
	if (errno || !*text || *end)
		die("kernel=%s: not a hexadecimal address", text);
	return at;
}

static bool is_option(const char *text, const char *key, const char **value)
{
	size_t len = strlen(key);

	if (strncmp(text, key, len) || text[len] != '=')
		return false;
	*value = text + len + 1;
	return true;
}

static void read_options(int argc, char **argv)
{
	const char *value, *from = NULL;

	for (int i = 0; i < argc; i++) {
		if (is_option(argv[i], "sites", &value))
			from = value;
		else if (is_option(argv[i], "out", &value))
			out_prefix = allocated(strdup(value));
		else if (is_option(argv[i], "name", &value))
			about.name = allocated(strdup(value));
		else if (is_option(argv[i], "emulator", &value))
			about.emulator = allocated(strdup(value));
		else if (is_option(argv[i], "kernel", &value))
			about.kernel_from = read_kernel_from(value);
		else
			die("%s: no such option (sites, out, name, emulator, kernel)", argv[i]);
	}
	if (!from || !out_prefix)
		die("sites=FILE and out=PREFIX must be said");
	read_sites(from);
}

static void check_fit(const qemu_info_t *info)
{
	if (info->version.min > PLUGIN_API_VERSION || info->version.cur < PLUGIN_API_VERSION)
		die("this QEMU has versions %d to %d of the plugin interface, and %d is wanted: "
		    "QEMU 6.0 to 8.2 have it", info->version.min, info->version.cur,
		    PLUGIN_API_VERSION);
	if (!info->system_emulation || (strcmp(info->target_name, "x86_64") &&
					strcmp(info->target_name, "i386")))
		die("this QEMU emulates %s: qemu-system-x86_64 or qemu-system-i386 is wanted",
		    info->target_name);
	if (info->system.max_vcpus != 1)
		die("%d CPUs: one is wanted (-smp 1), for what happens is one sequence",
		    info->system.max_vcpus);
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	check_fit(info);
	about.kernel_from = strcmp(info->target_name, "i386") ? 1ull << 63 : 0xc0000000;
	read_options(argc, argv);
	about.command = read_command();
	record_open(&recording, &sites);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
