/* SPDX-License-Identifier: GPL-2.0-only */
/* What an op of the table is lent, see loan.h: the list, and the one that is out. */
#include <stddef.h>
#include "away/away.h"
#include "cpu/attempt.h"
#include "lib/sink.h"
#include "loan.h"
#include "loan_kept.h"
#include "loan_one.h"
#include "paravirt/ops.h"

/**
 * struct loan - of an op.
 * @keeps:   what it may change, and has to leave as it is in the pass.
 * @changes: what it changes by itself: it is put back.
 * @lend:    NULL: it needs nothing.
 * @undo:    first of all, where there is one: NULL, or what was not as it was.  Where
 *           lend() has not begun it does nothing.
 */
struct loan {
	uint32_t keeps, changes;
	const char *(*lend)(struct work *w);
	const char *(*undo)(void);
};

#define BIT(name)	(1u << KEPT_##name)
#define TABLES		(BIT(gdtr) | BIT(idtr))

/* Ops that are not here need nothing of the machine, and change nothing but memory of their
 * own, or flags, which the check of every cell compares. */
static const struct loan loans[TABLE_ROWS] = {
	[TABLE_ROW_set_iopl_mask] = { BIT(iopl), 0, lend_iopl, NULL },
	[TABLE_ROW_clts]	= { BIT(cr0), 0, lend_clts, NULL },
	[TABLE_ROW_write_cr0]	= { BIT(cr0), 0, lend_cr0, NULL },
	[TABLE_ROW_write_cr2]	= { BIT(cr2), 0, lend_cr2, NULL },
	[TABLE_ROW_write_cr3]	= { BIT(cr3) | BIT(cr4), 0, lend_cr3, NULL },
	[TABLE_ROW_write_cr4]	= { BIT(cr4) | BIT(cr3), 0, lend_cr4, NULL },
	[TABLE_ROW_read_cr8]	= { BIT(priority), 0, lend_cr8, NULL },
	[TABLE_ROW_write_cr8]	= { BIT(priority), 0, lend_cr8, NULL },
	[TABLE_ROW_swapgs]	= { BIT(gs_base), BIT(kernel_gs_base), lend_swapgs, NULL },
	[TABLE_ROW_get_debugreg] = { BIT(dr0), 0, lend_debug, NULL },
	[TABLE_ROW_set_debugreg] = { BIT(dr0), 0, lend_debug, NULL },
	[TABLE_ROW_read_msr]	= { BIT(sysenter_esp), 0, lend_msr, NULL },
	[TABLE_ROW_write_msr]	= { BIT(sysenter_esp), 0, lend_msr, NULL },
	[TABLE_ROW_read_msr_safe] = { BIT(sysenter_esp), 0, lend_msr, NULL },
	[TABLE_ROW_write_msr_safe] = { BIT(sysenter_esp), 0, lend_msr, NULL },
	[TABLE_ROW_read_pmc]	= { 0, 0, lend_pmc, NULL },
	[TABLE_ROW_const_udelay] = { 0, 0, lend_udelay, NULL },
	[TABLE_ROW_load_gdt]	= { TABLES, 0, lend_gdt, NULL },
	[TABLE_ROW_load_idt]	= { TABLES, 0, lend_idt, NULL },
	[TABLE_ROW_load_tr_desc] = { TABLES, BIT(tr), lend_tr, NULL },
	[TABLE_ROW_set_ldt]	= { TABLES, BIT(ldtr), lend_ldt, NULL },
	[TABLE_ROW_load_tls]	= { TABLES, 0, lend_tls, NULL },
	[TABLE_ROW_apic_read]	= { BIT(priority), 0, lend_apic_version, NULL },
	[TABLE_ROW_apic_write]	= { BIT(priority), 0, lend_apic_priority, NULL },
	[TABLE_ROW_apic_write_atomic] = { BIT(priority), 0, lend_apic_priority, NULL },
	[TABLE_ROW_flush_tlb_user] = { BIT(cr3) | BIT(cr4), 0, NULL, NULL },
	[TABLE_ROW_flush_tlb_kernel] = { BIT(cr3) | BIT(cr4), 0, NULL, NULL },
	[TABLE_ROW_safe_halt]	= { BIT(priority), 0, lend_halt, undo_halt },
	[TABLE_ROW_halt]	= { BIT(priority), 0, lend_halt, undo_halt },
	[TABLE_ROW_invpcid]	= { BIT(cr3) | BIT(cr4), 0, lend_invpcid, NULL },
};

/* The one that is out; @of: NULL: none is.  An exception may end each part of it: whether
 * it was lent to the end, and its taking back has begun; and how many attempts had been
 * ended when it was lent. */
static struct {
	const struct loan *of;
	const struct table_op *op;
	bool is_lent, is_taken;
	uint32_t ended;
	struct kept_value found[KEPT_COUNT], lent[KEPT_COUNT];
	struct native_env env;
} out;

static char lost[120];

const char *loan_lend(void *ctx, const struct table_op *op, struct work *w)
{
	const struct loan *l = &loans[op - table_ops];
	const uint32_t all = l->keeps | l->changes;
	const char *why = NULL;

	(void)ctx;
	if (!all && !l->lend)
		return NULL;
	out.env = native_env;
	out.op = op;
	out.is_lent = out.is_taken = false;
	out.ended = attempts_ended();
	kept_read(all, out.found);
	out.of = l;
	if (l->lend)
		why = l->lend(w);
	if (why) {
		out.of = NULL;
		native_env = out.env;
		return why;
	}
	kept_read(l->keeps, out.lent);
	out.is_lent = true;
	return NULL;
}

/* An op that an exception ended need not have left anything as it was, and the attempt has
 * put GDTR back to what it was before the loan: that is no loss. */
static const char *compare(uint32_t set)
{
	struct kept_value now[KEPT_COUNT];

	if (!out.is_lent || out.ended != attempts_ended())
		return NULL;
	kept_read(set, now);
	return kept_difference(set, now, out.lent);
}

/* NULL, or what was not as it was lent, or did not take what was found. */
static const char *take_back(void)
{
	const struct loan *l = out.of;
	const uint32_t all = l->keeps | l->changes;
	struct kept_value now[KEPT_COUNT];
	const char *undone, *why, *stays;

	out.is_taken = true;
	undone = l->undo ? l->undo() : NULL;
	why = compare(l->keeps);
	if (out.is_lent)	/* TR's descriptor is in the table that was lent */
		kept_put(l->keeps, out.lent);
	kept_put(all, out.found);
	native_env = out.env;
	kept_read(all, now);
	stays = kept_difference(all, now, out.found);
	return undone ? undone : why ? why : stays;
}

/* Once: what an exception has ended is not tried again.  The first loss is remembered. */
static const char *end(void)
{
	const char *why = out.is_taken ? "what it was lent" : take_back();

	out.of = NULL;
	if (why && !lost[0])
		text_format(lost, sizeof(lost), "CPU %u, op %s did not leave %s as it was",
			    away_number(), workloads[out.op->workload].name, why);
	return why;
}

const char *loan_take_back(void *ctx, const struct table_op *op)
{
	(void)ctx, (void)op;
	return out.of ? end() : NULL;
}

void loans_end(void)
{
	loan_take_back(NULL, NULL);
}

const char *loans_lost(void)
{
	return lost[0] ? lost : NULL;
}
