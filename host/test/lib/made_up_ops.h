/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the text of made_up.S calls: ops that move the made-up machine's clocks
 * and its IF, and cost as much as the way they are reached; the backend whose ops
 * they are; and the memory and the writer that go with it.  The text is this
 * process's own: it is executable, and only the writer makes it writable.
 */
#ifndef MADE_UP_OPS_H
#define MADE_UP_OPS_H

#include <sys/mman.h>
#include "run/arena.h"
#include "made_up.h"
#include "measure/measure.h"
#include "synthetic.h"
#include "table_effect.h"

/* How an op was reached, and what that costs. */
enum way { WAY_NATIVE, WAY_INDIRECT, WAY_INLINE, WAYS };
static const uint64_t way_cost[WAYS] = { 20, 100, 30 };
enum { OTHERS = 9, CHAIN_COST = 60 };

/* From where. */
enum place { IN_TEXT, IN_ARENA };

extern uint8_t mu_text_begin[], mu_text_end[];
extern const struct site mu_sites[], mu_sites_end[];
static uint8_t mu_code[ARENA_NEAR_BYTES]
	__attribute__((aligned(4096)));
static struct site mu_records[ARENA_SITES];

/* An op that does not do what it must: reached that way, from that place, at the
 * call of at least that number since the flags were read. */
static struct {
	bool armed;
	enum op op;
	enum way way;
	enum place place;
	unsigned from;
} mu_fault;

/* What such an op does in place of that; where it returns it is right; NULL: it is wrong. */
static void (*mu_raise)(uint8_t *from);

/* A byte behind a patched call, changed by somebody else. */
static struct {
	bool armed;
	enum place place;
} mu_stray;

static unsigned mu_calls;		/* of ops since the flags were read */
static uint64_t (*mu_more)(enum way way);	/* ticks besides; NULL: none */
static bool mu_wrong_table;		/* somebody called through the one found */

static unsigned long mu_flags_read(void)
{
	mu_calls = 0;
	return mu_flags();
}

static enum place place_of(const uint8_t *at)
{
	return at >= mu_code && at < mu_code + sizeof(mu_code) ? IN_ARENA : IN_TEXT;
}

static void mu_protect(int how)
{
	mprotect(mu_text_begin, (size_t)(mu_text_end - mu_text_begin), how);
	mprotect(mu_code, sizeof(mu_code), how);
}

#define RX (PROT_READ | PROT_EXEC)

/* A NOP becomes a CLC, which nobody minds. */
static void stray_store(uint8_t *at)
{
	mu_protect(RX | PROT_WRITE);
	*at = 0xf8;
	mu_protect(RX);
	mu_stray.armed = false;
}

/* Return: false if the op must not do what it should. */
static bool reached(enum op op, enum way way, uint8_t *from)
{
	enum place place = place_of(from);

	mu.misused |= !mu.quiet;
	mu.now += way_cost[way] + (mu_more ? mu_more(way) : 0);
	mu.core += 2 * way_cost[way];
	mu_calls++;
	if (mu_stray.armed && way == WAY_INLINE && place == mu_stray.place
	    && *from == 0x90 && (place == IN_TEXT || mu.doing == TIMED))
		stray_store(from);
	if (!mu_fault.armed || op != mu_fault.op || way != mu_fault.way
	    || place != mu_fault.place || mu_calls < mu_fault.from)
		return true;
	if (mu_raise)
		mu_raise(from);
	return mu_raise;
}

/* Ops of the table by themselves, as far as they are made up; made_up.S has them too. */
#define MU_TABLE(DO, ...)						\
	DO(set_pte, __VA_ARGS__) DO(store_gdt, __VA_ARGS__) DO(read_cr0, __VA_ARGS__)

/* What is lent for a pass, and how often; what is refused, what is not left. */
static struct {
	const struct table_op *op;	/* NULL: nothing is lent */
	struct work *work;
	unsigned lent, taken_back;
	unsigned refuse;		/* enum workload_id; and what is not left after a pass */
	unsigned spoil;
	bool misused;
} mu_loan;

static inline const char *mu_lend(void *ctx, const struct table_op *op, struct work *w)
{
	mu_loan.misused |= mu_loan.op || !mu.quiet || ctx != &mu;
	if (op->workload == mu_loan.refuse)
		return "there is none on a machine that is made up";
	mu_loan.op = op;
	mu_loan.work = w;
	mu_loan.lent++;
	return NULL;
}

static inline const char *mu_take_back(void *ctx, const struct table_op *op)
{
	mu_loan.misused |= mu_loan.op != op || !mu.quiet || ctx != &mu;
	mu_loan.op = NULL;
	mu_loan.taken_back++;
	return op->workload == mu_loan.spoil ? "a made-up register" : NULL;
}

/* In a probe there is no pass that the work is of; where it is wrong it does what no
 * contract tells from what is right, or a byte beside it. */
static void mu_table(enum op op, enum way way, uint8_t *from)
{
	bool right = reached(op, way, from);
	struct work *w = mu_loan.work;

	mu_loan.misused |= !mu_loan.op || mu_loan.op->op != op;
	if (!mu_loan.op)
		return;
	table_effect(mu_loan.op, w, mu.if_on);
	if (right)
		return;
	if (op == OP_set_pte)
		w->scratch[0]++;
	else if (op == OP_store_gdt)
		*(volatile uint8_t *)(w->arg[0] + 2) ^= 1;
	else
		w->got ^= 4;
}

/* Sites leave the stack at any alignment; and some let no register be changed, of
 * which these are the functions, the thunks and the forms. */
#define REALIGNED static __attribute__((force_align_arg_pointer, noinline, \
					no_caller_saved_registers,	\
					target("general-regs-only")))
#define REACHED(op, way) reached(OP_##op, way, __builtin_return_address(0))

#define OPS_OF(prefix, way)						\
	REALIGNED FN_v_v(prefix##_irq_disable)				\
	{								\
		if (REACHED(irq_disable, way))				\
			mu.if_on = false;				\
	}								\
	REALIGNED FN_v_v(prefix##_irq_enable)				\
	{								\
		if (REACHED(irq_enable, way))				\
			mu.if_on = true;				\
	}								\
	REALIGNED FN_u_v(prefix##_save_fl)				\
	{								\
		unsigned long wrong = REACHED(save_fl, way) ? 0 : FLAGS_IF; \
									\
		return (FLAGS_ONE | (mu.if_on ? FLAGS_IF : 0)) ^ wrong;	\
	}								\
	REALIGNED FN_v_u(prefix##_restore_fl)				\
	{								\
		if (REACHED(restore_fl, way))				\
			mu.if_on = a & FLAGS_IF;			\
	}								\
	REALIGNED FN_u_v(prefix##_irq_save)				\
	{								\
		unsigned long flags = FLAGS_ONE | (mu.if_on ? FLAGS_IF : 0); \
									\
		if (REACHED(irq_save, way))				\
			mu.if_on = false;				\
		return flags;						\
	}								\
	REALIGNED FN_v_v(prefix##_io_delay)				\
	{								\
		REACHED(io_delay, way);					\
	}								\
	MU_TABLE(TABLE_OF, prefix, way)
#define TABLE_OF(op, prefix, way)					\
	REALIGNED void prefix##_##op(void)				\
	{								\
		mu_table(OP_##op, way, __builtin_return_address(0));	\
	}
OPS_OF(in_native, WAY_NATIVE)
OPS_OF(in_table, WAY_INDIRECT)
OPS_OF(in_form, WAY_INLINE)

#define SLOTS(prefix)							\
	.irq_disable = prefix##_irq_disable, .irq_enable = prefix##_irq_enable, \
	.save_fl = prefix##_save_fl, .restore_fl = prefix##_restore_fl,	\
	.irq_save = prefix##_irq_save, .io_delay = prefix##_io_delay,	\
	MU_TABLE(SLOT_OF, prefix)
#define SLOT_OF(op, prefix)	.op = (void *)prefix##_##op,

static const struct paravirt_ops in_forms = { SLOTS(in_form) };

/* A direct call that passes for an inline form: it fits every site. */
static FN_patch(mu_patch)
{
	uintptr_t target = ((const uintptr_t *)&in_forms)[so->type];
	uint32_t rel = (uint32_t)(target - (so->addr + 5));

	if (!target)
		return KEPT_NO_FORM;
	buf[0] = 0xe8;
	memcpy(buf + 1, &rel, 4);
	*used = 5;
	return PATCHED_INLINE;
}

/* In place of core/paravirt/native.c.  Nobody here minds which registers a thunk
 * keeps: the ops are their own. */
const struct backend native_backend = {
	.name = "native", .ops = { .patch = mu_patch, SLOTS(in_table) },
	.callee = { SLOTS(in_table) },
};
struct paravirt_ops paravirt_ops, paravirt_callee;

/* What made_up.S calls by address. */
extern const struct paravirt_ops mu_native;
const struct paravirt_ops mu_native = { SLOTS(in_native) };

REALIGNED unsigned long look(void)
{
	return FLAGS_ONE | (mu.if_on ? FLAGS_IF : 0);
}
extern unsigned long (*const mu_look)(void);
unsigned long (*const mu_look)(void) = look;

/* A clock that counts instructions: what each of the others costs; 0: it does not. */
static uint64_t mu_each;

static void other(unsigned k)
{
	uint64_t cost = mu_each ? mu_each : k ? 10 * k : CHAIN_COST;

	mu.now += cost;
	mu.core += 2 * cost;
}

#define OTHER(k)							\
	REALIGNED void other_##k(void)					\
	{								\
		other(k);						\
	}
OTHER(0) OTHER(1) OTHER(2) OTHER(3) OTHER(4) OTHER(5) OTHER(6) OTHER(7) OTHER(8)
extern void (*const mu_others[OTHERS])(void);
void (*const mu_others[OTHERS])(void) = {
	other_0, other_1, other_2, other_3, other_4, other_5, other_6, other_7,
	other_8,
};

/* The one in force when a run begins is another one. */
REALIGNED FN_v_v(found_irq_disable)
{
	mu_wrong_table = true;
}
static const struct paravirt_ops mu_found = {
	SLOTS(in_table) .cpuid = NULL,
};

/* The writer. */

static struct syn_writer mu_writer;

static bool mu_window(void *ctx, uint8_t *at, size_t len,
		      void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	uint8_t *page = (uint8_t *)((uintptr_t)at & ~(uintptr_t)4095);
	size_t bytes = (size_t)(at + len - page);
	bool done;

	mprotect(page, bytes, RX | PROT_WRITE);
	done = syn_window(ctx, at, len, store, arg);
	mprotect(page, bytes, RX);
	return done;
}

static struct platform mu_machine_with_code(unsigned ring)
{
	struct platform m = mu_machine(ring);

	syn_writer_begin(&mu_writer);
	mu_writer.writer.window = mu_window;
	memset(&mu_fault, 0, sizeof(mu_fault));
	memset(&mu_stray, 0, sizeof(mu_stray));
	memset(&mu_loan, 0, sizeof(mu_loan));
	mu_loan.refuse = mu_loan.spoil = WORKLOAD_COUNT;
	mu_wrong_table = false;
	mu_protect(RX);
	paravirt_ops = mu_found;
	paravirt_ops.irq_disable = found_irq_disable;
	paravirt_callee = paravirt_ops;
	m.flags = mu_flags_read;
	m.writer = &mu_writer.writer;
	m.near = (struct near_memory){
		mu_code, sizeof(mu_code), (uint8_t *)mu_records, sizeof(mu_records),
	};
	return m;
}

static bool mu_text_open(struct text *t)
{
	static uint8_t room[1 << 19];
	struct text_where w = {
		.isa = ARCH_ISA, .addr = (uintptr_t)mu_text_begin,
		.bytes = mu_text_begin,
		.len = (size_t)(mu_text_end - mu_text_begin),
		.sites_addr = (uintptr_t)mu_sites, .sites = mu_sites,
		.count = (size_t)(mu_sites_end - mu_sites),
		.table = (uintptr_t)&paravirt_ops, .ops = OP_COUNT,
		.callee = (uintptr_t)&paravirt_callee,
	};
	struct text_error e;

	return text_open(t, &w, room, sizeof(room), &e);
}

#endif
