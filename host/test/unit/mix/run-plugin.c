/* SPDX-License-Identifier: GPL-2.0-only */
/* The plugin in a QEMU that is made up: which it takes, which options, how often it describes
 * an instruction. */
#include <sys/wait.h>
#include <stdlib.h>
#include "tap.h"
#include "mix/opcode.c"
#include "mix/plugin.c"
#include "mix/record.c"
#include "mix/sites.c"
#include "mix/write.c"

struct qemu_plugin_insn {
	uint64_t at;
	const char *bytes;
	size_t len;
	void *told, *told_of_memory;
};

struct qemu_plugin_tb {
	struct qemu_plugin_insn insn[4];
	size_t count;
};

static plugin_translated translate;

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, plugin_translated cb)
{
	(void)id;
	translate = cb;
}

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, plugin_executed cb,
					    enum qemu_plugin_cb_flags flags, void *data)
{
	(void)flags;
	insn->told = cb == executed ? data : NULL;
}

void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, plugin_accessed cb,
				      enum qemu_plugin_cb_flags flags,
				      enum qemu_plugin_mem_rw rw, void *data)
{
	(void)flags;
	insn->told_of_memory = cb == accessed && rw == QEMU_PLUGIN_MEM_RW ? data : NULL;
}

void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
				    void (*cb)(qemu_plugin_id_t id, void *data), void *data)
{
	(void)id;
	(void)cb;
	(void)data;
}

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb) { return tb->count; }

struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i)
{
	return (struct qemu_plugin_insn *)(uintptr_t)&tb->insn[i];
}

const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn) { return insn->bytes; }
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn) { return insn->len; }
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn) { return insn->at; }
unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info) { return info; }
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info) { return info; }

static const qemu_info_t good = {
	"x86_64", { 0, 1 }, true, { { 1, 1 } }
};

/* What it says when it is loaded, and its status; "" and 0: it stays. */
static void loads(const char *what, qemu_info_t info, int argc, char **argv, int status,
		  const char *said)
{
	char got[1024] = "";
	int ends[2], ended;
	ssize_t n;

	fflush(NULL);
	if (pipe(ends))
		abort();
	if (!fork()) {
		dup2(ends[1], 2);
		_exit(qemu_plugin_install(1, &info, argc, argv));
	}
	close(ends[1]);
	while ((n = read(ends[0], got + strlen(got), sizeof(got) - strlen(got) - 1)) > 0)
		;
	close(ends[0]);
	wait(&ended);
	if (!ok(WIFEXITED(ended) && WEXITSTATUS(ended) == status && !strcmp(got, said), "%s",
		what))
		diag("status %d, said %s", ended, got);
}

#define LOADS(what, change, status, said)	\
	do { qemu_info_t info = good; change; loads(what, info, 2, argv, status, said); } while (0)

static void fits(char **argv)
{
	LOADS("version 0 to 1", , 0, "");
	LOADS("version 1 to 3", (info.version.min = 1, info.version.cur = 3), 0, "");
	LOADS("i386", info.target_name = "i386", 0, "");
	LOADS("version 2 alone", (info.version.min = 2, info.version.cur = 2), 3,
	      "recorder: this QEMU has versions 2 to 2 of the plugin interface, and 1 is wanted: "
	      "QEMU 6.0 to 8.2 have it\n");
	LOADS("version 0 alone", info.version.cur = 0, 3,
	      "recorder: this QEMU has versions 0 to 0 of the plugin interface, and 1 is wanted: "
	      "QEMU 6.0 to 8.2 have it\n");
	LOADS("a process", info.system_emulation = false, 3,
	      "recorder: this QEMU emulates x86_64: qemu-system-x86_64 or qemu-system-i386 is "
	      "wanted\n");
	LOADS("another architecture", info.target_name = "aarch64", 3,
	      "recorder: this QEMU emulates aarch64: qemu-system-x86_64 or qemu-system-i386 is "
	      "wanted\n");
	LOADS("a CPU that may come", info.system.max_vcpus = 2, 3,
	      "recorder: 2 CPUs: one is wanted (-smp 1), for what happens is one sequence\n");
}

static void options(char **argv)
{
	char *no_out[] = { argv[0] }, *other[] = { argv[0], (char[]){ "site=x" } };
	char *gone[] = { (char[]){ "sites=/nowhere/x" }, argv[1] };

	loads("no prefix", good, 1, no_out, 3,
	      "recorder: sites=FILE and out=PREFIX must be said\n");
	loads("no such option", good, 2, other, 3,
	      "recorder: site=x: no such option (sites, out, name, emulator, kernel)\n");
	loads("no such list", good, 2, gone, 3,
	      "recorder: sites=/nowhere/x: No such file or directory\n");
}

/* An instruction is told of by one description, whichever block it is in. */
static void descriptions(char **argv)
{
	struct qemu_plugin_tb one = { { { 0x1000, "\xfa", 1, NULL, NULL },
					{ 0x1001, "\xf3\xaa", 2, NULL, NULL } }, 2 };
	struct qemu_plugin_tb two = { { { 0x1001, "\xf3\xaa", 2, NULL, NULL },
					{ 0x1000, "\xfb", 1, NULL, NULL } }, 2 };

	ok1(!qemu_plugin_install(1, &good, 2, argv) && translate);
	translate(1, &one);
	translate(1, &two);
	ok1(one.insn[0].told && !one.insn[0].told_of_memory);
	ok1(one.insn[1].told && one.insn[1].told == one.insn[1].told_of_memory);
	ok1(two.insn[0].told == one.insn[1].told);
	ok(two.insn[1].told != one.insn[0].told, "other bytes at an address are another");
	ok1(((struct code *)one.insn[0].told)->insn.opcode == OPCODE_CLI &&
	    ((struct code *)two.insn[1].told)->insn.opcode == OPCODE_STI);
	ok1(((struct code *)one.insn[0].told)->user);
}

int main(void)
{
	char *argv[] = { (char[]){ "sites=/dev/null" }, (char[]){ "out=/nowhere/out" } };

	fits(argv);
	options(argv);
	descriptions(argv);
	return done();
}
