/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the recorder uses of QEMU's interface for TCG plugins, version 1, declared here
 * because Debian has no package with its header.
 *
 * Source: QEMU 7.2, "QEMU TCG Plugins" (docs/devel/tcg-plugins.rst), section API, and the
 * version and types that include/qemu/qemu-plugin.h of that release names.  QEMU 6.0 to 8.2
 * have version 1.  Later ones refuse a plugin that says 1.
 */
#ifndef MIX_PLUGIN_API_H
#define MIX_PLUGIN_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_API_VERSION	1
#define PLUGIN_EXPORT		__attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;

/* What QEMU hands to qemu_plugin_install(). */
typedef struct qemu_info_t {
	const char *target_name;	/* "x86_64", "i386" */
	struct {
		int min, cur;		/* versions of the interface that it can do */
	} version;
	bool system_emulation;		/* a whole machine; else a process, without the next */
	union {
		struct {
			int smp_vcpus, max_vcpus;
		} system;
	};
} qemu_info_t;

struct qemu_plugin_tb;			/* a block that is being translated */
struct qemu_plugin_insn;		/* an instruction of it */

/* What a callback may do to registers: nothing. */
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W, QEMU_PLUGIN_MEM_RW };

typedef void (*plugin_translated)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*plugin_executed)(unsigned int vcpu, void *data);
typedef void (*plugin_accessed)(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
				void *data);

/* Defined by the plugin: QEMU asks for both. */
extern PLUGIN_EXPORT int qemu_plugin_version;
PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
				      char **argv);

/* Defined by QEMU. */
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, plugin_translated cb);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, plugin_executed cb,
					    enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, plugin_accessed cb,
				      enum qemu_plugin_cb_flags flags,
				      enum qemu_plugin_mem_rw rw, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
				    void (*cb)(qemu_plugin_id_t id, void *data), void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);

#endif
