/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Did an op leave the guest?  And what is on record of it, for this CPU's model.
 *
 * Pure: an op's cost against the figure of bare metal.  Cycles are core cycles, in
 * thousandths, of one op: as a counter has them, else TSC ticks scaled by what the chain
 * of IMULs took in the same batches.
 */
#ifndef EXITS_H
#define EXITS_H

#include <stdbool.h>
#include <stdint.h>
#include "machine/cpuid.h"

enum exits {
#define EXITS(id, name, what) EXITS_##id,
#include "list/exits.def"
#undef EXITS
	EXITS_COUNT
};

/* Words for a report: "no", "yes", "unknown", "not-judged". */
extern const char *const exits_names[EXITS_COUNT];

enum op_unit { OP_UNIT_core, OP_UNIT_tsc, OP_UNITS };
extern const char *const op_unit_names[OP_UNITS];

/* A figure on record, see op_reference.def. */
struct op_reference {
	const char *uarch;		/* "Zen 2" */
	uint32_t least, most;		/* thousandths; most 0: not known how much */
	enum op_unit unit;
	bool judges;			/* exits are judged by it; then most >= least > 0 */
	const char *source, *what;
};

/**
 * op_uarch - the microarchitecture that figures of ops are on record for.
 *
 * Return: as anchor_uarch(), and of some older CPUs that have no anchors; or NULL.
 */
const char *op_uarch(const struct cpu_id *id);

/**
 * op_reference_of - what is on record of an op, for the CPU's model.
 * @workload: its name, as workload.def has it.
 * @to:       set where there is a figure.
 *
 * Return: false if the model is unknown, or no figure was found for it.
 */
bool op_reference_of(const struct cpu_id *id, const char *workload,
		     struct op_reference *to);

/**
 * EXIT_LEAST_MILLICYCLES - what an exit and the entry behind it take at least: assumed.
 *
 * No CPU promises it.  It is a third of the least on record, a tick taken for a cycle: 1181
 * TSC ticks for VMCALL and back, 1291 for CPUID, 1391 for an OUT, under KVM on Intel; AMD:
 * 1376 for running a guest once.  Where exits take less than half of it "no" is wrong.
 * Sources: Linux commit b7ffc44d5b2e, kvm-unit-tests' vmexit; linux-kernel, 2020-12, on
 * VMLOAD and WRGSBASE.
 */
#define EXIT_LEAST_MILLICYCLES	400000

/* What was measured: the least and the largest of the code offsets' medians. */
struct op_cost {
	bool known;			/* else it was not timed */
	int64_t least, most;
};

struct exits_conditions {
	bool hypervisor;		/* CPUID says that there is one */
	bool emulated;			/* what runs is no CPU: nothing to leave */
	bool counts;			/* the clock counts instructions */
	bool hidden;			/* it does not, and an op takes_an_exit() */
};

/* Does it take as long as an exit and more, by a figure that judges?  Where no hypervisor
 * is announced there is then one that hides, or something else that takes its time. */
bool takes_an_exit(const struct op_cost *cost, const struct op_reference *ref);

/**
 * exits_judge - did the op leave the guest?
 * @ref: NULL: none is on record.
 *
 * Not judged, if it was not timed, an emulator runs it, or instructions are counted.
 * Unknown, if a hypervisor hides: no, without one.  Else, with EXIT_LEAST as above:
 *
 *	no	every offset's median is at most the figure and half of EXIT_LEAST: what
 *		is left is less than an exit, whatever the figure's error.  Without a
 *		figure that judges it is at most half of EXIT_LEAST by itself;
 *	yes	there is one, and every median is at least twice it and EXIT_LEAST: a core
 *		that is shared with another thread takes twice as long, and no more;
 *	unknown	neither.
 */
enum exits exits_judge(const struct op_cost *cost, const struct op_reference *ref,
		       const struct exits_conditions *how);

/**
 * op_cost_of - an op's cost in core cycles.
 * @least, @most: of the offsets' medians, millionths of a TSC tick.
 * @ticks, @cycles: the median of the same op in both.  Where one of them is not positive
 *         a tick is taken for a cycle.
 *
 * What is below 0 costs 0.
 */
struct op_cost op_cost_of(int64_t least, int64_t most, int64_t ticks, int64_t cycles);

#endif
