/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the table's ops promise: each passes when it does what its contract says, and is
 * found when it does nothing, when any byte more or less is changed, and when it returns
 * something else.
 */
#include "check/promise.h"
#include "table_effect.h"
#include "tap.h"
#include "workload/operands.h"

#define BYTES	(WORK_SCRATCH * sizeof(uint64_t))

static struct work work;
static struct scratch began;

/* A pass of it; @done: what it is to do is done. */
static void run_op(const struct table_op *op, bool done, bool if_on)
{
	operands_prepare(op, &work);
	began = scratch_of(&work);
	table_source(op, &work);
	if (done)
		table_effect(op, &work, if_on);
}

static const char *broken(const struct table_op *op, enum effect effect, bool if_on)
{
	return promise_broken(op, effect, true, if_on, &began, &work);
}

/* Answers of the CPU, which are what they are. */
static bool is_answer(const struct table_op *op, size_t byte)
{
	size_t entry = OPERANDS_ENTRY * sizeof(uint64_t);

	if (op->op == OP_cpuid)
		return byte < 4 * sizeof(uint32_t);
	return (op->op == OP_store_gdt || op->op == OP_store_idt)
		&& byte >= entry && byte < entry + sizeof(struct native_dtr);
}

/* Every byte, changed. */
static unsigned bytes_found(const struct table_op *op, bool done, enum effect effect)
{
	uint8_t *at = (uint8_t *)(uintptr_t)work.scratch;
	unsigned found = 0;

	for (size_t i = 0; i < BYTES; i++) {
		run_op(op, done, true);
		at[i] ^= 0x10;
		found += broken(op, effect, true) || (done && is_answer(op, i));
	}
	return found;
}

static bool changes_memory(const struct table_op *op)
{
	run_op(op, false, true);
	table_effect(op, &work, true);
	return memcmp((const void *)(uintptr_t)work.scratch, &began, BYTES);
}

/* 4: no bit of it is IF's. */
static bool other_value_found(const struct table_op *op)
{
	run_op(op, true, true);
	work.got ^= 4;
	return broken(op, EFFECT_full, true);
}

/* Those of which it is known what they return. */
static bool is_known(unsigned op)
{
	return op == OP_write_msr || op == OP_write_msr_safe || op == OP_make_pte
		|| op == OP_pte_val || op == OP_ptep_modify_prot_start
		|| op == OP_vcpu_is_preempted;
}

static void test_op(const struct table_op *op)
{
	const char *name = workloads[op->workload].name;

	run_op(op, true, true);
	ok(!broken(op, EFFECT_full, true) && !broken(op, EFFECT_weak, true),
	   "%s: what does it passes", name);
	ok(bytes_found(op, true, EFFECT_full) == BYTES, "%s: each byte more is found", name);
	run_op(op, false, true);
	ok(!broken(op, EFFECT_nothing, true), "%s: nothing is nothing", name);
	ok(bytes_found(op, false, EFFECT_nothing) == BYTES,
	   "%s, nothing: each byte is found", name);
	if (changes_memory(op)) {
		run_op(op, false, true);
		ok(broken(op, EFFECT_full, true), "%s: what does nothing is found", name);
		run_op(op, true, true);
		ok(broken(op, EFFECT_nothing, true), "%s, nothing: what does it is found", name);
	}
	ok(other_value_found(op) == is_known(op->op), "%s: another value is %s", name,
	   is_known(op->op) ? "found" : "for the reference to find");
}

/* Found where it is looked at, and nowhere else. */
static void test_value(const struct table_op *op)
{
	run_op(op, true, true);
	work.got++;
	ok(!promise_broken(op, EFFECT_full, false, true, &began, &work)
	   && promise_same(op, UINT64_MAX) == UINT64_MAX,
	   "%s: what it returns is not looked at where it is not kept",
	   workloads[op->workload].name);
}

static const struct table_op *row_of(unsigned op)
{
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (table_ops[i].op == op)
			return &table_ops[i];
	return NULL;
}

static void test_flags(void)
{
	const struct table_op *op = row_of(OP_irq_save);
	unsigned good = 0;

	for (unsigned i = 0; i < 4; i++) {
		run_op(op, true, i & 1);
		good += !broken(op, EFFECT_full, i & 2) == ((i & 1) == (i >> 1));
	}
	ok(good == 4 && promise_same(op, UINT64_MAX) == FLAGS_IF,
	   "irq_save: IF as it was, and no other flag is compared");
	ok(!promise_same(row_of(OP_read_tsc), UINT64_MAX)
	   && !promise_same(row_of(OP_read_pmc), UINT64_MAX),
	   "read_tsc, read_pmc: nothing of them is");
}

static void test_if(void)
{
	unsigned same = 0;

	for (unsigned i = 0; i < TABLE_ROWS; i++)
		same += promise_if_of_nothing(&table_ops[i]) == IF_SAME;
	ok(same == TABLE_ROWS - 1 && promise_if_of_nothing(row_of(OP_halt)) == IF_ON
	   && promise_if_of_nothing(NULL) == IF_SAME,
	   "nothing leaves IF as it was, but behind halt's own STI");
}

int main(void)
{
	static const struct table_op instruction = { .op = OP_COUNT };

	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (table_ops[i].op != OP_COUNT)
			test_op(&table_ops[i]);
	test_value(row_of(OP_write_msr));
	test_flags();
	test_if();
	run_op(row_of(OP_set_pte), true, true);
	ok(!promise_broken(&instruction, EFFECT_full, true, true, &began, &work)
	   && !promise_same(&instruction, 1), "of an instruction nothing is promised");
	return done();
}
